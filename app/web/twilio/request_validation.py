"""The way into Twilio's webhooks: only what the network signed, small enough, counted."""

import structlog
from flask import Blueprint, Response, g, request

from app import clock
from app.domain.message_refs import ref
from app.gateways.twilio.addresses import ROOT
from app.gateways.twilio.fields import UnreadableForm
from app.gateways.twilio.signature import HEADER
from app.gateways.twilio.xml import CONTENT_TYPE
from app.web.errors import refusal
from app.web.metrics import LAST_WEBHOOK, REFUSED, answered, took
from app.web.services import current_services

LARGEST_POST = 64 * 1024  # bytes; a real one has two or three thousand
STARTED = "vakt_started"

log = structlog.get_logger(__name__)

# Every webhook is a route of this: voice, legs, messages, lifeline.
webhooks = Blueprint("twilio", __name__, url_prefix=ROOT)


@webhooks.before_request
def refuse_unsigned() -> Response | None:
    """Answer 403 to what our account did not sign; nothing of it is kept."""
    setattr(g, STARTED, clock.seconds())
    request.max_content_length = LARGEST_POST
    content = request.get_data(as_text=True) if request.is_json else request.form
    query = request.query_string.decode("latin-1")
    if current_services().signature_verifier.is_genuine(
        request.path, query, content, request.headers
    ):
        LAST_WEBHOOK.set(clock.now().timestamp())
        return None
    has_one = HEADER in request.headers
    REFUSED.labels("wrong" if has_one else "missing").inc()
    log.warning("refused", path=request.path, signature="wrong" if has_one else "missing")
    return refusal(ref("web.unsigned"), 403)


@webhooks.after_request
def count(response: Response) -> Response:
    """Count the answer by its route, and how long it took."""
    door = request.endpoint or ""
    answered(door, response.status_code).inc()
    started = getattr(g, STARTED, None)
    if started is not None:
        took(door).observe(clock.seconds() - started)
    return response


@webhooks.errorhandler(UnreadableForm)
def unreadable(refused: UnreadableForm) -> Response:
    """Answer 400 to a signed post without the fields that every post has."""
    log.warning("unreadable", path=request.path, missing=refused.missing)
    return refusal(ref("web.unreadable", fields=tuple(refused.missing)), 400)


def xml(document: str | None) -> Response:
    """Answer with a voice document; without one there is nobody to hear it."""
    if document is None:
        return nothing()
    return Response(document, 200, content_type=CONTENT_TYPE)


def nothing() -> Response:
    """Answer that the post was taken, and nothing more."""
    return Response(status=204)
