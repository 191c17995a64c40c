"""What is answered when something is wrong.

Never a traceback: a page for whoever looks at one in a browser, else a line of text. Programs below
/api have their own answers (app/api).
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from app.domain.message_refs import MessageRef, ref
from app.domain.texts.languages import FOR_ALL_OTHERS, first_of_ours
from app.serving.page_threads import is_of_page
from app.store import DatabaseUnavailable
from app.voice_prompts import texts
from app.web.pages.language import local_path
from app.web.pages.render import page

log = structlog.get_logger(__name__)

# What people meet; the others keep the name that HTTP gives them.
REFUSALS: Final[Mapping[int, MessageRef]] = {
    400: ref("web.bad_request"),
    404: ref("web.not_found"),
    405: ref("web.method_not_allowed"),
    413: ref("web.too_large"),
}
WITH_A_PAGE: Final = (400, 403, 404, 405, 413, 500, 503)


def answer_errors(app: Flask) -> None:
    """Register the answers to errors."""
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(DatabaseUnavailable, away)
    app.register_error_handler(Exception, broken)


def refused(error: HTTPException) -> Response:
    """Answer what the web server refuses: 404, 405, 413 and their kin."""
    status = error.code or 500
    known = REFUSALS.get(status)
    text = refusal(known, status) if known else plain(error.name, status)
    response = page_of_error(status) or text
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def away(error: Exception) -> Response:
    """Answer 503 while the database is away; who can, tries again."""
    log.error("database_away", path=_path_in_logs(), error=str(error))
    response = page_of_error(503) or refusal(ref("web.database_away"), 503)
    response.headers["Retry-After"] = "5"
    return response


def broken(error: Exception) -> Response:
    """Answer 500 to a fault of ours, and log all of it."""
    log.exception("broken", path=_path_in_logs(), exc_info=error)
    return page_of_error(500) or refusal(ref("web.failed"), 500)


def page_of_error(status: int) -> Response | None:
    """Answer a page where a browser asks for one; None where it does not, or none can be made."""
    if status not in WITH_A_PAGE or not _is_looked_at():
        return None
    try:
        title = f"page_error.{status}_title"
        return page("error.html", title, status=status, error=status, back=_came_from())
    except Exception as fault:  # what broke the page may break this one too
        log.exception("no_page_of_error", path=_path_in_logs(), exc_info=fault)
        return None


def _came_from() -> str:
    """Return the page of ours from which somebody came, where it can be opened again; else ""."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or came.path == request.path:
        return ""
    addresses = current_app.create_url_adapter(request)
    if addresses is None or not addresses.test(came.path, "GET"):
        return ""
    return local_path(f"{came.path}?{came.query}" if came.query else came.path)


def _is_looked_at() -> bool:
    """Browsers name HTML; curl and its kin take anything."""
    wanted = request.accept_mimetypes
    return is_of_page(request.path) and wanted["text/html"] > wanted["text/plain"]


def _path_in_logs() -> str:
    """Return the page's rule: an address may itself be what opens something."""
    return request.url_rule.rule if request.url_rule else request.path


def plain(text: str, status: int) -> Response:
    """Answer in plain text."""
    return Response(text + "\n", status, content_type="text/plain; charset=utf-8")


def refusal(message: MessageRef, status: int) -> Response:
    """Refuse in the language of Accept-Language, else in English."""
    language = first_of_ours(request.accept_languages.values()) or FOR_ALL_OTHERS
    response = plain(texts().write(message, language), status)
    response.vary.add("Accept-Language")
    return response
