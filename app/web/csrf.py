"""Whether a form was sent from a page of ours, and not from another site in our user's browser.

A browser says where a form comes from (Sec-Fetch-Site, Origin). Where it says neither, the form
must hold a token that only our page knew: made of the browser's own cookie and our key.
"""

import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit

from flask import g, request
from werkzeug.wrappers import Response

from app.web.services import current_services
from app.web.session import cookie_name, session_secret, set_cookie

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD: Final = "csrf_token"
VISITOR: Final = "vakt-visitor"  # the cookie of whoever is not logged in
FROM_HERE: Final = frozenset({"same-origin", "none"})  # none: the person themself, no page


def is_from_here() -> bool:
    """Tell whether the request changes nothing, or comes from a page of ours."""
    if request.method in SAFE_METHODS:
        return True
    if request.headers.get("Sec-Fetch-Site") in FROM_HERE:
        return True
    if request.headers.get("Origin") == _own_origin():
        return True
    known = session_secret() or request.cookies.get(cookie_name(VISITOR), "")
    sent = request.form.get(FIELD, "")
    return bool(known and sent) and hmac.compare_digest(_token(known).encode(), sent.encode())


def csrf_token() -> str:
    """Return what every form on this page that changes something holds; visitors get a cookie."""
    known = session_secret() or request.cookies.get(cookie_name(VISITOR), "")
    if not known:
        known = g.get("new_visitor") or secrets.token_urlsafe(16)
        g.new_visitor = known
    return _token(known)


def keep_visitor(response: Response) -> Response:
    """Give a visitor the cookie that the forms of this page were made for."""
    if visitor := g.get("new_visitor"):
        set_cookie(response, VISITOR, visitor, None)
    return response


def _token(of: str) -> str:
    key = current_services().settings.secret_key.encode()
    return hmac.new(key, f"csrf {of}".encode(), hashlib.sha256).hexdigest()


def _own_origin() -> str:
    parts = urlsplit(current_services().settings.public_url)
    return f"{parts.scheme}://{parts.netloc}"
