"""Twilio's webhooks for the other end: the whisper to somebody whom we rang, and their keys.

A leg is known by the caller's call and its own count there, both in the address.
"""

from functools import partial

from flask import Response, request

from app.actions.calls.answer import UnknownCall
from app.domain.callouts.call_out import is_call_out
from app.domain.calls.line_fallback import LineFallback
from app.domain.calls.turn_request import leg_turn
from app.domain.hunts.events import LegEvent
from app.domain.hunts.instructions import End
from app.domain.texts.message import Message
from app.gateways.twilio import inbound, line_fallback_twiml
from app.gateways.twilio.fields import SID
from app.gateways.twilio.twiml import LEAVE_QUEUE, wait_in_queue
from app.web.metrics import UNKNOWN_STATUS
from app.web.twilio.request_validation import nothing, webhooks, xml
from app.web.twilio.turn_response import (
    TurnOutcome,
    WebhookRequest,
    read_webhook,
    render_answer,
    turn_response,
)

LEG = "/leg/<string(maxlength=64):call>/<int(max=9999):leg>"
WAIT_WITHOUT_KNOWING = 60  # seconds in the queue of a call of which nothing can be learnt


@webhooks.post(f"{LEG}/whisper")
def leg_whisper(call: str, leg: int) -> Response:
    """Tell whoever lifted the receiver what it is about."""
    webhook = read_webhook()
    event = inbound.read_leg_answered(webhook.post, leg)
    instead = partial(
        line_fallback_twiml.whisper, _line_fallback(webhook), _key_address(webhook, call, leg)
    )
    if is_call_out(call):
        instead = partial(_call_out_lost, webhook)
    return turn_response(webhook, partial(_leg_turn, webhook, call, event), instead)


@webhooks.post(f"{LEG}/key", defaults={"heard": None})
@webhooks.post(f"{LEG}/key/<int(max=99):heard>")
def leg_key(call: str, leg: int, heard: int | None) -> Response:
    """Do what the key says. Key 1 connects even when the acceptance cannot be stored."""
    webhook = read_webhook()
    event = inbound.read_leg_key(request.form, leg)
    queue = call if inbound.is_call_of_ours(request.form) else ""
    address = _key_address(webhook, call, leg)
    instead = partial(
        line_fallback_twiml.key_pressed, event.key, _line_fallback(webhook), address, queue
    )
    if is_call_out(call):
        instead = partial(_call_out_lost, webhook)
    return turn_response(webhook, partial(_leg_turn, webhook, call, event, heard), instead)


@webhooks.post(f"{LEG}/status")
def leg_status(call: str, leg: int) -> Response:
    """Note how a leg fares."""
    webhook = read_webhook()
    event = inbound.read_leg_status(webhook.post, leg)
    if not event.status:  # a word that nobody knows says nothing
        UNKNOWN_STATUS.labels("leg").inc()
        return nothing()
    _leg_turn(webhook, call, event)
    return nothing()


@webhooks.post("/wait/<int(max=9999):number>")
def wait(number: int) -> Response:
    """Let a caller in the queue hear that it rings, or leave it when nobody is left."""
    webhook = read_webhook()
    waited = inbound.read_queue_seconds(request.form)
    turn_service = webhook.services.turn_service
    try:
        goes_on = turn_service.shall_wait(webhook.post.call_sid, waited, webhook.clock.real, number)
    except Exception:  # the legs ring on, whatever we know of them
        goes_on = waited < WAIT_WITHOUT_KNOWING
    return xml(wait_in_queue(webhook.services.addresses) if goes_on else LEAVE_QUEUE)


def _leg_turn(
    webhook: WebhookRequest, call: str, event: LegEvent, heard: int | None = None
) -> TurnOutcome:
    """Take the leg's turn; a leg of a call that nobody knows is hung up."""
    if not SID.fullmatch(call):
        return End()
    try:
        return webhook.services.turn_service.take(leg_turn(call, event, webhook.clock, heard))
    except UnknownCall:
        return End()


def _call_out_lost(webhook: WebhookRequest) -> str:
    """Say that a case waits, and that no key can be kept: there is neither database nor journal."""
    sentence = Message("whisper_call_out_lost", _line_fallback(webhook).language)
    return render_answer(webhook.services, End((sentence,))) or ""


def _line_fallback(webhook: WebhookRequest) -> LineFallback:
    """The lifeline of the line whose caller waits: a leg is rung with our own number."""
    return webhook.services.lifeline.fallback(inbound.read_caller_id(request.form))


def _key_address(webhook: WebhookRequest, call: str, leg: int) -> str:
    return webhook.services.addresses.leg(call, leg, "key")
