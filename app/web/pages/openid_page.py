"""`/login/openid/…`: logging in by an organisation's own login; there, and back again.

A link leads there, and no form: the policy lets forms go to pages of ours only. A form that was to
be sent before the login waits in its own window (`/login/go-on`).
"""

from typing import Final

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.identities import link_identity, log_in_by_identity, unlink_provider
from app.actions.access.login_outcomes import LoginRefusal, LoginRefused, NewLogin
from app.actions.access.users import UserRefused
from app.domain.access.identities import Identity, OpenIdProblem, is_only_of
from app.gateways.openid_refused import OpenIdRefused
from app.web.openid_providers import (
    Begun,
    begun,
    forget_begun,
    keep_begun,
    provider_called,
    provider_settings,
)
from app.web.page_access import for_users, open_to_all
from app.web.pages.access_answers import go_on, way_back
from app.web.pages.finish_login import finish_login
from app.web.pages.language import local_path
from app.web.pages.login_page import ask_anew
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author, current_client, current_login, current_user

openid_page = Blueprint("openid_page", __name__)

PROVIDER: Final = "<string(maxlength=40):provider>"
STATUSES: Final = {
    OpenIdProblem.STALE: 400,
    OpenIdProblem.DECLINED: 400,
    OpenIdProblem.AWAY: 503,
    OpenIdProblem.UNTRUSTED: 403,
    OpenIdProblem.UNKNOWN: 403,
    OpenIdProblem.DISABLED: 403,
    OpenIdProblem.TAKEN: 409,
    OpenIdProblem.BEYOND: 403,
}
LINKED: Final = "/account?linked=1"


@openid_page.get(f"/login/openid/{PROVIDER}")
@open_to_all
def leave(provider: str) -> Response:
    """Send the browser to the organisation's login."""
    found = provider_called(provider) or abort(404)
    try:
        question = found.ask(_address_of(provider))
    except OpenIdRefused as refused:
        return _refused(provider, refused.problem, way_back())
    return keep_begun(redirect(question.address, 303), provider, question, way_back())


@openid_page.get(f"/login/openid/{PROVIDER}/callback")
@open_to_all
def come_back(provider: str) -> Response:
    """Log in whoever the organisation says it is; what came before, or to another, counts not."""
    if provider_called(provider) is None:
        abort(404)
    before = begun()
    if before is None or (before.provider, before.state) != (provider, request.args.get("state")):
        # Whoever is in already has only gone back, or opened it anew.
        return redirect("/", 303) if current_login() else _refused(provider, OpenIdProblem.STALE)
    return forget_begun(_linked(before) if before.user else _answered(before))


@openid_page.get(f"/account/openid/{PROVIDER}")
@for_users(confirmed=True)
def choose(provider: str) -> Response:
    """Send the browser to the login of the user's own organisation, to be theirs here from now on.

    They prove there who they are, even when somebody is logged in there already in this browser.
    """
    user = current_user()
    _own_provider(provider)
    found = provider_called(provider) or abort(404)
    try:
        question = found.ask(_address_of(provider), anew=True)
    except OpenIdRefused as refused:
        return _refused(provider, refused.problem)
    return keep_begun(redirect(question.address, 303), provider, question, LINKED, str(user.id))


@openid_page.post(f"/account/openid/{PROVIDER}/remove")
@for_users(confirmed=True)
def remove(provider: str) -> Response:
    """Log in by the organisation no more; all logins end."""
    _own_provider(provider)
    unlink_provider(current_services().database, current_user(), provider, current_author())
    return redirect("/login", 303)


@openid_page.post("/login/go-on")
@open_to_all
def go_on_here() -> Response:
    """Go on with what was to be sent, after a login in another window."""
    return go_on() if current_login() else ask_anew(LoginRefused(LoginRefusal.NOT_YET))


def _own_provider(provider: str) -> None:
    """Go on where the user may choose this login themself; for all others it is not here."""
    user = current_user()
    if not any(
        each.id == provider and is_only_of(user, each.customers) for each in provider_settings()
    ):
        abort(404)


def _linked(before: Begun) -> Response:
    """Let whoever has begun it log in as who they are there."""
    login = current_login()
    if login is None or str(login.user.id) != before.user:
        return _refused(before.provider, OpenIdProblem.STALE)
    _own_provider(before.provider)
    try:
        identity = _identity(before)
        link_identity(current_services().database, login.user, identity, current_author())
    except OpenIdRefused as refused:
        return _refused(before.provider, refused.problem, before.way)
    except UserRefused:
        return _refused(before.provider, OpenIdProblem.TAKEN, before.way)
    return redirect(LINKED, 303)


def _answered(before: Begun) -> Response:
    try:
        identity = _identity(before)
    except OpenIdRefused as refused:
        return _refused(before.provider, refused.problem, before.way)
    database = current_services().database
    customers = next(e.customers for e in provider_settings() if e.id == before.provider)
    found = log_in_by_identity(database, identity, customers, current_client(), clock.now())
    if isinstance(found, NewLogin):
        return finish_login(found, local_path(before.way))
    return _refused(before.provider, found, before.way, identity)


def _identity(before: Begun) -> Identity:
    from app.gateways.openid import OpenIdQuestion

    code = request.args.get("code", "")
    if not code:
        raise OpenIdRefused(OpenIdProblem.DECLINED)
    found = provider_called(before.provider) or abort(404)
    question = OpenIdQuestion("", before.state, before.nonce, before.verifier)
    return found.identity(code, question, _address_of(before.provider))


def _refused(
    provider: str, problem: OpenIdProblem, way: str = "/", identity: Identity | None = None
) -> Response:
    """Say why nobody was logged in, with a way to try again."""
    settings = {each.id: each for each in provider_settings()}[provider]
    return page(
        "openid_refused.html",
        "openid_refused_page.title",
        status=STATUSES[problem],
        problem=problem,
        provider=provider,
        name=settings.name,
        has_customers=bool(settings.customers),
        identity=identity,
        way=local_path(way),
    )


def _address_of(provider: str) -> str:
    return f"{current_services().settings.public_url}/login/openid/{provider}/callback"
