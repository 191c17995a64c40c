"""Who may open each page: said beside the page, held by one guard, checked at the start.

A page that does not say it keeps the web from starting. The telephone's webhooks, the API and
health have their own guards and are not touched.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog
from flask import Flask, request
from werkzeug.wrappers import Response

from app import clock
from app.domain.access.may import may, may_somewhere
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.reasons import Reason
from app.web.csrf import is_from_here, keep_visitor
from app.web.session import current_user, resume, resume_if_known, session_secret

log = structlog.get_logger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

MARK: Final = "page_access"


@dataclass(frozen=True, slots=True)
class PageAccess:
    """Who may open a page.

    `is_open`: anybody. `is_apart`: anybody, and nobody is looked up: a file, or a page whose own
    address is signed for one thing. Else whoever is logged in and has the permission somewhere,
    where one is named; for which desk is asked with `require`. `is_confirmed`: whoever has just
    proved who they are.
    """

    permission: Permission | None = None
    is_open: bool = False
    is_apart: bool = False
    is_confirmed: bool = False


def open_to_all(view: View) -> View:
    """Let anybody open a page."""
    return _marked(view, PageAccess(is_open=True))


def without_login(view: View) -> View:
    """Let anybody fetch a file, or open a page that looks by itself whether its address is ours."""
    return _marked(view, PageAccess(is_apart=True))


def for_users(*, confirmed: bool = False) -> Callable[[View], View]:
    """Let whoever is logged in open a page."""
    return lambda view: _marked(view, PageAccess(is_confirmed=confirmed))


def needs(permission: Permission, *, confirmed: bool = False) -> Callable[[View], View]:
    """Let whoever has a permission somewhere open a page."""
    return lambda view: _marked(view, PageAccess(permission, is_confirmed=confirmed))


class Forbidden(Exception):
    """The user may not do this; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def require(permission: Permission, scope: Scope) -> None:
    """Go on only where the user has the permission for this desk or roster; Forbidden else."""
    decision = may(current_user(), permission, scope)
    if not decision.is_allowed:
        raise Forbidden(decision.reason)


def access_of(app: Flask, endpoint: str) -> PageAccess | None:
    """Return who may open a page; None where it does not say it."""
    found: PageAccess | None = getattr(app.view_functions[endpoint], MARK, None)
    return found


@dataclass(frozen=True, slots=True)
class Answers:
    """What the guard answers instead of a page. They are pages themselves."""

    send_again: Callable[[], Response]
    log_in: Callable[[bool], Response]  # whether the browser was logged in before
    confirm: Callable[[], Response]


def guard_pages(app: Flask, blueprints: Iterable[str], answers: Answers) -> None:
    """Hold the doors of these blueprints' pages; RuntimeError for a page that says nothing."""
    names = frozenset(blueprints)
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in names and access_of(app, rule.endpoint) is None
    ]
    if silent:
        raise RuntimeError(f"pages that do not say who may open them: {sorted(set(silent))}")

    def guard() -> Response | None:
        return _look(app, answers)

    # By name: a blueprint's own list would grow with each application of a test.
    for name in names:
        app.before_request_funcs.setdefault(name, []).append(guard)
        app.after_request_funcs.setdefault(name, []).append(keep_visitor)


def _look(app: Flask, answers: Answers) -> Response | None:
    access = access_of(app, request.endpoint or "")
    if access is None or access.is_apart:
        return None
    login = resume_if_known() if access.is_open else resume()
    if not is_from_here():
        return answers.send_again()
    if access.is_open:
        return None
    if login is None:
        return answers.log_in(bool(session_secret()))
    if access.permission is not None:
        decision = may_somewhere(login.user, access.permission)
        if not decision.is_allowed:
            raise Forbidden(decision.reason)
    if access.is_confirmed and not login.session.is_confirmed(clock.now()):
        return answers.confirm()
    return None


def _marked(view: View, access: PageAccess) -> View:
    setattr(view, MARK, access)
    return view
