"""What is answered when something is wrong.

A line of text, never a traceback. Programs below /api have their own answers (app/api).
"""

from collections.abc import Mapping
from typing import Final

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from app.domain.message_refs import MessageRef, ref
from app.domain.texts.languages import FOR_ALL_OTHERS, first_of_ours
from app.store import DatabaseUnavailable
from app.voice_prompts import texts

log = structlog.get_logger(__name__)

# What people meet; the others keep the name that HTTP gives them.
REFUSALS: Final[Mapping[int, MessageRef]] = {
    400: ref("web.bad_request"),
    404: ref("web.not_found"),
    405: ref("web.method_not_allowed"),
    413: ref("web.too_large"),
}


def answer_errors(app: Flask) -> None:
    """Register the answers to errors."""
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(DatabaseUnavailable, away)
    app.register_error_handler(Exception, broken)


def refused(error: HTTPException) -> Response:
    """Answer what the web server refuses: 404, 405, 413 and their kin."""
    status = error.code or 500
    known = REFUSALS.get(status)
    response = refusal(known, status) if known else plain(error.name, status)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def away(error: Exception) -> Response:
    """Answer 503 while the database is away; who can, tries again."""
    log.error("database_away", path=request.path, error=str(error))
    response = refusal(ref("web.database_away"), 503)
    response.headers["Retry-After"] = "5"
    return response


def broken(error: Exception) -> Response:
    """Answer 500 to a fault of ours, and log all of it."""
    log.exception("broken", path=request.path, exc_info=error)
    return refusal(ref("web.failed"), 500)


def plain(text: str, status: int) -> Response:
    """Answer in plain text."""
    return Response(text + "\n", status, content_type="text/plain; charset=utf-8")


def refusal(message: MessageRef, status: int) -> Response:
    """Refuse in the language of Accept-Language, else in English."""
    language = first_of_ours(request.accept_languages.values()) or FOR_ALL_OTHERS
    response = plain(texts().write(message, language), status)
    response.vary.add("Accept-Language")
    return response
