"""Whether a user may do something, and why or why not: the one place that decides it."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.access.permissions import PERMISSIONS, Permission
from app.domain.access.scope import Scope
from app.domain.access.users import Grant, User
from app.domain.message_refs import MessageRef
from app.domain.reasons import AccessCode, Reason, because


@dataclass(frozen=True, slots=True)
class AccessDecision:
    """Whether it is allowed, and the reason."""

    is_allowed: bool
    reason: Reason


def may(user: User, permission: Permission, scope: Scope) -> AccessDecision:
    """Tell whether a user has a permission for a desk, a roster, or (EVERYTHING) all of it."""
    return _decide(user, permission, scope)


def may_somewhere(user: User, permission: Permission) -> AccessDecision:
    """Tell whether a user has a permission anywhere: what a list shows is asked for each row."""
    return _decide(user, permission, None)


def scopes_with(user: User, permission: Permission) -> tuple[Scope, ...]:
    """Return where a user has a permission."""
    if user.is_disabled:
        return ()
    return tuple(grant.scope for grant in _giving(user.grants, permission))


def _decide(user: User, permission: Permission, scope: Scope | None) -> AccessDecision:
    """Decide for a scope; None is any."""
    if user.is_disabled:
        return _refused(AccessCode.USER_DISABLED)
    if not user.grants:
        return _refused(AccessCode.NO_ACCESS_ROLE)
    giving = tuple(_giving(user.grants, permission))
    if not giving:
        return _refused(AccessCode.ROLES_LACK_IT)
    here = next((g for g in giving if scope is None or g.scope.covers(scope)), None)
    if here is None:
        return _refused(AccessCode.ONLY_ELSEWHERE)
    role = MessageRef(f"access_role.{here.role}")
    return AccessDecision(True, because(AccessCode.HAS_ACCESS_ROLE, role=role))


def _giving(grants: Iterable[Grant], permission: Permission) -> Iterable[Grant]:
    return (grant for grant in grants if permission in PERMISSIONS[grant.role])


def _refused(code: AccessCode) -> AccessDecision:
    return AccessDecision(False, because(code))
