"""Who is logged in, by the cookie of their browser. Looked up only by pages that ask for it.

The cookie holds 256 bits of chance and nothing else; what it stands for is a row.
"""

from contextlib import suppress
from typing import Final

from flask import g, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.sessions import resume_session
from app.domain.access.audit import Author
from app.domain.access.client_address import client_address
from app.domain.access.login_token import HOLDS, TokenPurpose
from app.domain.access.users import User
from app.domain.access.web_session import LONGEST, LONGEST_ADDRESS, LONGEST_USER_AGENT, Client
from app.store import DatabaseUnavailable
from app.store.web_sessions import LoggedIn
from app.web.services import current_services

COOKIE: Final = "vakt"
HALF_LOGIN: Final = "vakt-half"  # whoever has yet to show a second factor
# A browser takes a cookie of this name only over https, from this very host.
HOST_ONLY: Final = "__Host-"
LONGEST_COOKIE: Final = 200
BY_ITSELF: Final = "Vakt-By-Itself"  # sent where a page refreshes itself (live.js)


def resume() -> LoggedIn | None:
    """Look up who is logged in; None for nobody. DatabaseUnavailable while it is away."""
    g.login = None  # whatever happens: nobody waits for the database twice
    secret = session_secret()
    if not secret:
        return None
    database = current_services().database
    is_use = request.method != "GET" or BY_ITSELF not in request.headers
    found = resume_session(database, secret, clock.now(), is_use=is_use)
    g.login = found
    if found:
        g.user_name, g.user_language = found.user.name, found.user.language
    return found


def resume_if_known() -> LoggedIn | None:
    """Look up who is logged in where nobody has yet; without the database nobody is."""
    if "login" not in g:
        with suppress(DatabaseUnavailable):
            resume()
    return current_login()


def current_login() -> LoggedIn | None:
    """Return who opens this page, as was looked up; None for nobody."""
    login: LoggedIn | None = g.get("login")
    return login


def current_session() -> LoggedIn:
    """Return who opens a page that nobody but users may open."""
    login = current_login()
    if login is None:
        raise RuntimeError("a page for users was opened by nobody")
    return login


def current_user() -> User:
    """Return the user who opens a page that nobody but users may open."""
    return current_session().user


def current_author() -> Author:
    """Return who makes a change on this page, for the audit trail."""
    return Author(current_user().actor, clock.now(), current_client().address)


def current_client() -> Client:
    """Return the browser at the other end."""
    peer = request.environ.get("REMOTE_ADDR") or ""
    forwarded = request.headers.get("X-Forwarded-For", "")
    address = client_address(peer, forwarded, current_services().settings.proxies)
    user_agent = "".join(sign for sign in request.user_agent.string if sign.isprintable())
    return Client(address[:LONGEST_ADDRESS], user_agent[:LONGEST_USER_AGENT])


def session_secret() -> str:
    """Return what the browser shows, or has just been given.

    "" for nothing, and for what no cookie of ours can be.
    """
    return _one_of_ours(str(g.get("new_secret") or request.cookies.get(cookie_name(COOKIE), "")))


def keep_session(response: Response, secret: str) -> Response:
    """Let the browser keep a login; it replaces the one that it had."""
    set_cookie(response, COOKIE, secret, int(LONGEST.total_seconds()))
    return response


def forget_session(response: Response) -> Response:
    """Let the browser forget its login."""
    return forget_cookie(response, COOKIE)


def keep_half_login(response: Response, secret: str) -> Response:
    """Let the browser keep the first half of a login for as long as that holds."""
    seconds = int(HOLDS[TokenPurpose.SECOND_FACTOR].total_seconds())
    set_cookie(response, HALF_LOGIN, secret, seconds)
    return response


def half_login_secret() -> str:
    """Return what the browser shows of a first half; "" for nothing, and for what is none."""
    return _one_of_ours(request.cookies.get(cookie_name(HALF_LOGIN), ""))


def forget_half_login(response: Response) -> Response:
    """Let the browser forget the first half of a login, where it has one."""
    return forget_cookie(response, HALF_LOGIN) if half_login_secret() else response


def set_cookie(response: Response, name: str, value: str, seconds: int | None) -> None:
    """Set a cookie that scripts cannot read and other sites' forms do not send."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=seconds,
        path="/",
        secure=_is_encrypted(),
        httponly=True,
        samesite="Lax",
    )


def forget_cookie(response: Response, name: str) -> Response:
    """Let the browser forget a cookie."""
    response.delete_cookie(
        cookie_name(name), path="/", secure=_is_encrypted(), httponly=True, samesite="Lax"
    )
    return response


def cookie_name(name: str) -> str:
    """Return what a cookie is called here."""
    return f"{HOST_ONLY}{name}" if _is_encrypted() else name


def _one_of_ours(secret: str) -> str:
    return secret if secret.isascii() and len(secret) <= LONGEST_COOKIE else ""


def _is_encrypted() -> bool:
    return current_services().settings.public_url.startswith("https://")
