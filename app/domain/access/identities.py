"""Who somebody is to an organisation's own login (OpenID Connect)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.domain.access.users import User


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is: by issuer and subject, which never change and belong to nobody else.

    A mail address is neither: it changes with the name, and is given to the next one. `provider`
    is what we call the organisation's login.
    """

    provider: str
    issuer: str
    subject: str


class OpenIdProblem(StrEnum):
    """Why nobody was logged in by an organisation. The texts are openid_refused.*."""

    STALE = "stale"  # an answer to no question of this browser, or one that was answered before
    DECLINED = "declined"
    AWAY = "away"
    UNTRUSTED = "untrusted"  # signed by another, for another, or of another tenant
    UNKNOWN = "unknown"  # no user of ours
    DISABLED = "disabled"
    TAKEN = "taken"  # another user's already


def may_link_themselves(user: User, customers: Collection[str]) -> bool:
    """Tell whether somebody may choose the login of an organisation with these customers.

    Each as DESK/NUMBER. Whoever runs that login can log in as them: so nobody of the staff.
    """
    scopes = [grant.scope for grant in user.grants]
    own = {f"{scope.desk}/{scope.customer}" for scope in scopes}
    return all(scope.customer for scope in scopes) and not own.isdisjoint(customers)
