"""The lifeline's webhooks: asked when a voice document failed. They need no database.

Where a turn was answered and only its answer was lost, that answer is given once more.
"""

import structlog
from flask import Response, request

from app.actions.calls.answer import Answer
from app.domain.calls.call import Recorded
from app.domain.calls.turn_request import arrival, message_left
from app.gateways.twilio import inbound, line_fallback_twiml, notices
from app.gateways.twilio.notices import LifelineFailure
from app.web.metrics import LIFELINES
from app.web.twilio.request_validation import webhooks, xml
from app.web.twilio.turn_response import WebhookRequest, read_webhook, render_answer

log = structlog.get_logger(__name__)


@webhooks.post("/voice/fallback")
def voice_fallback() -> Response:
    """Answer a caller whose document could not be had or played.

    What the turn was answered, if it was and could not be fetched; else the lifeline.
    """
    webhook = read_webhook()
    failure = notices.read_failure(request.form)
    log.error("fallback", call_sid=webhook.post.call_sid, code=failure.code, door=failure.path)
    services, line = webhook.services, webhook.post.to
    try:
        stored = render_answer(services, _stored(webhook, failure))
    except Exception:  # whatever it is, somebody is listening
        log.exception("fallback", call_sid=webhook.post.call_sid)
        stored = None
    if stored is not None:
        return xml(stored)
    LIFELINES.labels("fallback").inc()
    return xml(
        line_fallback_twiml.answer(services.lifeline.fallback(line), line, services.addresses)
    )


@webhooks.post("/lifeline/ring/<int(max=99):tried>")
def lifeline_ring(tried: int) -> Response:
    """Go on when the last resort has been rung: a talk has ended, or the next one is tried."""
    webhook = read_webhook()
    services, line = webhook.services, webhook.post.to
    talked = inbound.was_bridged(request.form) or webhook.post.has_ended
    fallback = services.lifeline.fallback(line)
    return xml(line_fallback_twiml.after_ring(fallback, line, services.addresses, tried, talked))


@webhooks.post("/lifeline/whisper")
def lifeline_whisper() -> Response:
    """Ask whoever answers to press 1."""
    services = read_webhook().services
    fallback = services.lifeline.fallback(inbound.read_caller_id(request.form))
    return xml(line_fallback_twiml.whisper(fallback, services.addresses.lifeline("key")))


@webhooks.post("/lifeline/key")
def lifeline_key() -> Response:
    """Connect on 1, and on nothing else."""
    services = read_webhook().services
    fallback = services.lifeline.fallback(inbound.read_caller_id(request.form))
    key = inbound.read_leg_key(request.form, 0).key
    return xml(line_fallback_twiml.key_pressed(key, fallback, services.addresses.lifeline("key")))


@webhooks.post("/lifeline/message")
def lifeline_message() -> Response:
    """Keep what was said after the tone, as a case; the caller is thanked in any event."""
    webhook = read_webhook()
    services, post = webhook.services, webhook.post
    for event in inbound.read_turn(request.form, post):
        if isinstance(event, Recorded) and event.recording:
            _keep_message(webhook, event)
    return xml(line_fallback_twiml.message_taken(services.lifeline.fallback(post.to)))


def _stored(webhook: WebhookRequest, failure: LifelineFailure) -> Answer | None:
    number = notices.failed_turn(failure)
    if number is None:
        return None
    turn_service = webhook.services.turn_service
    return turn_service.find_answer(webhook.post.call_sid, number, webhook.clock)


def _keep_message(webhook: WebhookRequest, message: Recorded) -> None:
    turn_service, sid = webhook.services.turn_service, webhook.post.call_sid
    try:
        turn_service.take(arrival(sid, webhook.dialled, webhook.clock))  # it may be unknown so far
        turn_service.take(message_left(sid, message, webhook.clock))
    except Exception:
        log.exception("message_only_at_the_network", call_sid=sid, recording=message.recording)
