"""The organisations whose own login is accepted here, and the cookie of one that has begun."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.settings.openid import OpenIdProviderSettings
from app.web.services import current_services
from app.web.session import cookie_name, forget_cookie, set_cookie

if TYPE_CHECKING:
    from app.gateways.openid import OpenIdProvider, OpenIdQuestion

COOKIE: Final = "vakt-openid"
PURPOSE: Final = "openid"
VALID_SECONDS: Final = 600  # at the organisation: its password, its second factor
LONGEST_WAY: Final = 1000  # of an address to go on to: a cookie has no room for more


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that was begun in this browser: at whom, with what, and where it goes on to."""

    provider: str
    state: str
    nonce: str
    verifier: str
    way: str
    user: str = ""  # who wants to log in so from now on; empty: somebody logs in


def provider_called(name: str) -> "OpenIdProvider | None":
    """Return an organisation's login; None for one that is not accepted."""
    # The library behind it is loaded where it is used only.
    from app.gateways.openid import OpenIdProvider

    made = current_services().openid
    for each in provider_settings():
        if each.id == name and name not in made:
            made[name] = OpenIdProvider(each)
    return made.get(name)


def provider_settings() -> tuple[OpenIdProviderSettings, ...]:
    """Return the organisations, as they were at the start."""
    return current_services().openid_settings


def keep_begun(
    response: Response, provider: str, question: "OpenIdQuestion", way: str, user: str = ""
) -> Response:
    """Let the browser keep what it was sent to ask: an answer to anything else is none."""
    way = way if len(way) <= LONGEST_WAY else "/"
    parts = [provider, question.state, question.nonce, question.verifier, way, user]
    set_cookie(response, COOKIE, str(_serializer().dumps(parts)), VALID_SECONDS)
    return response


def begun() -> Begun | None:
    """Return what this browser has begun; None for nothing, and where it was too long ago."""
    text = request.cookies.get(cookie_name(COOKIE), "")
    try:
        return Begun(*map(str, _serializer().loads(text, max_age=VALID_SECONDS)))
    except (BadSignature, TypeError, ValueError):
        return None


def forget_begun(response: Response) -> Response:
    """Let the browser forget it: it was answered."""
    return forget_cookie(response, COOKIE)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_services().settings.secret_key, salt=PURPOSE)
