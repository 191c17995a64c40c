"""In which language a page is written, and the switch in its header.

Whoever is logged in gets their own (`g.user_language`, set by the login), others what they chose
here before, else what the browser asks for, else bokmål.
"""

from typing import Final

from flask import Blueprint, abort, current_app, g, redirect, request
from werkzeug.wrappers import Response

from app.domain.texts.languages import first_of_ours
from app.domain.texts.text_parts import LANGUAGES
from app.web.page_access import open_to_all
from app.web.services import current_services

language_switch = Blueprint("language_switch", __name__)

USUAL: Final = "nb"
COOKIE: Final = "vakt_language"
A_YEAR: Final = 365 * 24 * 3600
# A callable (language) -> None that keeps the choice of whoever is logged in; set by the login.
LANGUAGE_KEEPER: Final = "vakt_language_keeper"


def page_language() -> str:
    """Return `nb`, `nn` or `en` for the request at hand."""
    for wanted in (g.get("page_language"), g.get("user_language"), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    return first_of_ours(request.accept_languages.values()) or USUAL


@language_switch.get("/language/<string(maxlength=2):code>")
@open_to_all
def switch(code: str) -> Response:
    """Keep the language, and go back to the page that was open."""
    if code not in LANGUAGES:
        abort(404)
    if keep := current_app.extensions.get(LANGUAGE_KEEPER):
        keep(code)
    response = redirect(local_path(request.args.get("back", "")), 303)
    response.set_cookie(
        COOKIE,
        code,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_services().settings.public_url.startswith("https:"),
    )
    return response


def local_path(path: str) -> str:
    """Return a path on this server, or `/`: nobody is sent elsewhere by a link of ours."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours and "\\" not in path else "/"
