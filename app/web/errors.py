"""What is answered when something is wrong.

A line of text, never a traceback. Programs below /api have their own answers (app/api).
"""

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from app.store import DatabaseUnavailable
from app.web.twilio.guard import plain

log = structlog.get_logger(__name__)


def answer_errors(app: Flask) -> None:
    """Register the answers to errors."""
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(DatabaseUnavailable, away)
    app.register_error_handler(Exception, broken)


def refused(error: HTTPException) -> Response:
    """Answer what the web server refuses: 404, 405, 413 and their kin."""
    response = plain(error.name, error.code or 500)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def away(error: Exception) -> Response:
    """Answer 503 while the database is away; who can, tries again."""
    log.error("database_away", path=request.path, error=str(error))
    response = plain("The database is away", 503)
    response.headers["Retry-After"] = "5"
    return response


def broken(error: Exception) -> Response:
    """Answer 500 to a fault of ours, and log all of it."""
    log.exception("broken", path=request.path, exc_info=error)
    return plain("Internal error", 500)
