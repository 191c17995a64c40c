"""`/login/openid/…`: logging in by an organisation's own login; there, and back again.

A link leads there, and no form: the policy lets forms go to pages of ours only. A form that was to
be sent before the login waits in its own window (`/login/go-on`).
"""

from typing import Final

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.identities import log_in_by_identity
from app.actions.access.login_outcomes import LoginRefusal, LoginRefused, NewLogin
from app.domain.access.identities import Identity, OpenIdProblem
from app.gateways.openid_refused import OpenIdRefused
from app.web.openid_providers import (
    Begun,
    begun,
    forget_begun,
    keep_begun,
    provider_called,
    provider_settings,
)
from app.web.page_access import open_to_all
from app.web.pages.access_answers import go_on, way_back
from app.web.pages.finish_login import finish_login
from app.web.pages.language import local_path
from app.web.pages.login_page import ask_anew
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_client, current_login

openid_page = Blueprint("openid_page", __name__)

PROVIDER: Final = "<string(maxlength=40):provider>"
STATUSES: Final = {
    OpenIdProblem.STALE: 400,
    OpenIdProblem.DECLINED: 400,
    OpenIdProblem.AWAY: 503,
    OpenIdProblem.UNTRUSTED: 403,
    OpenIdProblem.UNKNOWN: 403,
    OpenIdProblem.DISABLED: 403,
}


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
    return forget_begun(_answered(before))


@openid_page.post("/login/go-on")
@open_to_all
def go_on_here() -> Response:
    """Go on with what was to be sent, after a login in another window."""
    return go_on() if current_login() else ask_anew(LoginRefused(LoginRefusal.NOT_YET))


def _answered(before: Begun) -> Response:
    code, problem = request.args.get("code", ""), OpenIdProblem.DECLINED
    if not code:
        return _refused(before.provider, problem, before.way)
    try:
        identity = _identity(before, code)
    except OpenIdRefused as refused:
        return _refused(before.provider, refused.problem, before.way)
    database = current_services().database
    found = log_in_by_identity(database, identity, current_client(), clock.now())
    if isinstance(found, NewLogin):
        return finish_login(found, local_path(before.way))
    return _refused(before.provider, found, before.way, identity)


def _identity(before: Begun, code: str) -> Identity:
    from app.gateways.openid import OpenIdQuestion

    found = provider_called(before.provider) or abort(404)
    question = OpenIdQuestion("", before.state, before.nonce, before.verifier)
    return found.identity(code, question, _address_of(before.provider))


def _refused(
    provider: str, problem: OpenIdProblem, way: str = "/", identity: Identity | None = None
) -> Response:
    """Say why nobody was logged in, with a way to try again."""
    names = {each.id: each.name for each in provider_settings()}
    return page(
        "openid_refused.html",
        "openid_refused_page.title",
        status=STATUSES[problem],
        problem=problem,
        provider=provider,
        name=names[provider],
        identity=identity,
        way=local_path(way),
    )


def _address_of(provider: str) -> str:
    return f"{current_services().settings.public_url}/login/openid/{provider}/callback"
