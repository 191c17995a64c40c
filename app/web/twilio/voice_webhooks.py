"""Twilio's webhooks for the caller: every turn of a call, and its end.

Thin: read the form, call one action, render. Whatever fails in there, the caller gets
the lifeline.
"""

from functools import partial

from flask import Response, request

from app.actions.calls.answer import Answer, UnknownCall
from app.domain.calls.call import Event, HungUp, PinEntered
from app.domain.calls.events import PinKeyed
from app.domain.calls.turn_request import arrival, callers_turn, hang_up
from app.gateways.twilio import inbound, line_fallback_twiml
from app.gateways.twilio.statuses import StatusCallback, read_status
from app.web.metrics import UNKNOWN_STATUS
from app.web.twilio.measure_recording import with_voice_activity
from app.web.twilio.request_validation import nothing, webhooks
from app.web.twilio.turn_response import WebhookRequest, read_webhook, turn_response


@webhooks.post("/voice")
def voice() -> Response:
    """Take an incoming call; the number that was called picks the line."""
    webhook = read_webhook()
    return turn_response(webhook, partial(_arrive, webhook), partial(_lifeline, webhook))


@webhooks.post("/voice/turn/<int(max=9999):number>")
def voice_turn(number: int) -> Response:
    """Answer what the caller did on a turn."""
    webhook = read_webhook()
    query = request.query_string.decode("latin-1")
    if inbound.has_unknown_dial_status(request.form):
        UNKNOWN_STATUS.labels("dial").inc()  # the caller still gets the next step
    events = inbound.read_turn(request.form, webhook.post, query)
    return turn_response(
        webhook, partial(_go_on, webhook, number, events, query), partial(_lifeline, webhook)
    )


@webhooks.post("/status")
def line_status() -> Response:
    """Note that the caller has hung up: a hang-up during a prompt is told here only."""
    webhook = read_webhook()
    if not read_status(StatusCallback.CALL, webhook.post.status):
        UNKNOWN_STATUS.labels("call").inc()
    gone = inbound.read_line_status(webhook.post)
    if gone:
        _gone(webhook, gone)
    return nothing()


def _arrive(webhook: WebhookRequest) -> Answer:
    turn_service = webhook.services.turn_service
    answer = turn_service.take(arrival(webhook.post.call_sid, webhook.dialled, webhook.clock))
    if webhook.post.has_ended:
        _gone(webhook, HungUp(webhook.post.status))
    return answer


def _go_on(
    webhook: WebhookRequest, number: int, events: tuple[Event | PinKeyed, ...], query: str
) -> Answer | None:
    """Take the turn, then the hang-up that came with it; a call not known here begins anew."""
    first, *rest = events
    if isinstance(first, HungUp):
        return _gone(webhook, first)
    turn_service = webhook.services.turn_service
    keyed = first if isinstance(first, PinKeyed) else None
    happened = PinEntered(is_checked=False) if isinstance(first, PinKeyed) else first
    event = with_voice_activity(webhook, happened, query)
    request = callers_turn(webhook.post.call_sid, number, event, webhook.clock)
    try:
        answer = turn_service.take(request, keyed)
    except UnknownCall:
        answer = turn_service.take(request.as_arrival(webhook.dialled))
        rest = [HungUp(webhook.post.status)] if webhook.post.has_ended else []
    for gone in rest:
        if isinstance(gone, HungUp):
            _gone(webhook, gone)
    return answer


def _gone(webhook: WebhookRequest, gone: HungUp) -> Answer | None:
    try:
        return webhook.services.turn_service.take(
            hang_up(webhook.post.call_sid, webhook.clock, gone.status)
        )
    except UnknownCall:  # it was never stored
        return None


def _lifeline(webhook: WebhookRequest) -> str:
    services, line = webhook.services, webhook.post.to
    return line_fallback_twiml.answer(services.lifeline.fallback(line), line, services.addresses)
