"""The API's own application: its description and its errors."""

from typing import Any, Final

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, jsonify
from pydantic import ValidationError

from app.api.v1.calls import calls
from app.api.v1.desks import desks
from app.api.v1.duty_requests import duty_requests
from app.api.v1.explain import explain
from app.api.v1.hours import hours
from app.api.v1.language import ACCEPTED, written
from app.api.v1.outages import outages
from app.api.v1.overview import overview
from app.api.v1.recordings import recordings
from app.api.v1.refusals import BY_STATUS, RequestRefused
from app.api.v1.roster_entries import roster_entries
from app.api.v1.roster_versions import roster_versions
from app.api.v1.rosters import rosters
from app.api.v1.services import EXTENSION
from app.api.v1.shift_confirmations import shift_confirmations
from app.api.v1.ticket_links import ticket_links
from app.api.v1.ticket_targets import ticket_targets
from app.api.v1.tickets import tickets
from app.api.v1.validation_messages import field_messages
from app.composition import Services
from app.domain.message_refs import MessageRef, ref
from app.serving.url_rules import LateRule
from app.store import DatabaseUnavailable

log = structlog.get_logger(__name__)

ROOT: Final = "/api/v1"
LARGEST_BODY: Final = 64 * 1024
DESCRIPTION: Final = (
    "Desks, who is on duty, tickets, calls, and what would happen in a call. "
    "A token sees its desks only. Lists are newest first; the Link header leads on."
)
# No answer of the API is a page; the other headers are those of every answer (app/web/headers.py).
HEADERS: Final = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}


def assemble(services: Services) -> APIFlask:
    """Make the API as an application of its own: its errors and its description are its own."""
    api = APIFlask(
        __name__,
        title="Vaktlinje",
        version="1",
        spec_path=f"{ROOT}/openapi.json",
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]  # Flask's own way to say none
    )
    api.url_rule_class = LateRule
    api.config.update(
        DESCRIPTION=DESCRIPTION,
        AUTO_404_RESPONSE=True,
        VALIDATION_ERROR_STATUS_CODE=422,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    api.url_map.merge_slashes = False  # a redirect would go to whatever Host was named
    # The default provider has the switch; the stubs know its base class only.
    api.json.sort_keys = False  # type: ignore[attr-defined]  # of the default provider
    api.extensions[EXTENSION] = services
    of_rosters = (rosters, roster_entries, roster_versions, duty_requests, shift_confirmations)
    of_desks = (desks, outages, overview)
    parts = (
        *of_desks,
        *of_rosters,
        hours,
        tickets,
        ticket_links,
        ticket_targets,
        recordings,
        calls,
        explain,
    )
    for part in parts:
        api.register_blueprint(part, url_prefix=ROOT)
    _answer_errors(api)
    return api


def _answer_errors(api: APIFlask) -> None:
    @api.error_processor
    def told(error: HTTPError) -> tuple[dict[str, Any], int, Any]:
        answer = {"message": _why(error), "detail": _as_headers_are_written(_detail(error))}
        return answer, error.status_code, error.headers

    @api.errorhandler(DatabaseUnavailable)
    def away(error: Exception) -> tuple[Response, int, dict[str, str]]:
        log.error("database_away", error=str(error))
        answer = jsonify(message=written(ref("api.database_away")), detail={})
        return answer, 503, {"Retry-After": "5"}

    @api.errorhandler(RecursionError)
    def too_deep(_error: Exception) -> tuple[Response, int]:
        return jsonify(message=written(ref("api.too_deep")), detail={}), 400

    @api.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.vary.add(ACCEPTED)
        return response


def _why(error: HTTPError) -> str:
    if isinstance(error, RequestRefused):
        return written(error.why)
    known = BY_STATUS.get(error.status_code)
    return written(known) if known else str(error.message)


def _detail(error: HTTPError) -> Any:
    """What is wrong, by field: found by a view, or by the library that checks questions."""
    if isinstance(error, RequestRefused) and error.fields:
        return {where: _written(fields) for where, fields in error.fields.items()}
    if isinstance(error.__cause__, ValidationError):
        fields = _written(field_messages(error.__cause__))
        return dict.fromkeys(error.detail, fields)  # one: json, query or headers
    return error.detail


def _written(fields: dict[str, list[MessageRef]]) -> dict[str, list[str]]:
    return {name: [written(each) for each in messages] for name, messages in fields.items()}


def _as_headers_are_written(detail: Any) -> Any:
    """The library names a header by the field that reads it: idempotency_key."""
    if not (isinstance(detail, dict) and isinstance(detail.get("headers"), dict)):
        return detail
    named = {name.replace("_", "-").title(): each for name, each in detail["headers"].items()}
    return {**detail, "headers": named}
