"""The webhooks of a call to a ticket's customer: whoever works on it is rung first, then they.

Where the call stands is a row; the address of a key names the prompt that it answers.
"""

from collections.abc import Callable
from functools import partial

from flask import Response, request

from app import clock
from app.actions.tickets.customer_call_turns import (
    CustomerCallAnswer,
    CustomerStatus,
    customer_call_answered,
    note_customer_status,
    note_own_status,
    press_in_customer_call,
)
from app.domain.calls.flows.customer import RingCustomer
from app.domain.hunts.instructions import End
from app.gateways.twilio import inbound
from app.gateways.twilio.statuses import StatusCallback, read_status
from app.gateways.twilio.twiml import CustomerAddresses, RenderContext, render, ring_customer
from app.store import DatabaseUnavailable
from app.web.metrics import UNKNOWN_STATUS
from app.web.services import current_services
from app.web.twilio.request_validation import nothing, webhooks, xml
from app.web.twilio.turn_response import NO_ZONE, read_webhook

CALL = "/customer-call/<int(max=999999999):number>"


@webhooks.post(f"{CALL}/whisper")
def customer_call_whisper(number: int) -> Response:
    """Ask whoever lifted the receiver for the key."""
    database = read_webhook().services.database
    return _response(number, partial(customer_call_answered, database, number))


@webhooks.post(f"{CALL}/key/<int(max=99):prompt>")
def customer_call_key(number: int, prompt: int) -> Response:
    """Ring the customer at 1; ask once more for another key, or for none."""
    database = read_webhook().services.database
    key = inbound.read_leg_key(request.form, 0).key
    press = partial(press_in_customer_call, database, number, key, prompt, clock.now())
    return _response(number, press)


@webhooks.post(f"{CALL}/talk")
def customer_call_talk(number: int) -> Response:
    """Note how the customer's telephone was answered, and for how long; then it is over."""
    database = read_webhook().services.database
    ended = inbound.read_dial_end(request.form)
    reported = CustomerStatus(ended.status, ended.seconds, ended.is_bridged)
    return _response(number, partial(note_customer_status, database, number, reported, clock.now()))


@webhooks.post(f"{CALL}/status")
def customer_call_status(number: int) -> Response:
    """Note how the telephone of whoever called fares."""
    webhook = read_webhook()
    status = read_status(StatusCallback.LEG, webhook.post.status)
    if status:
        note_own_status(webhook.services.database, number, status, clock.now())
    else:
        UNKNOWN_STATUS.labels("customer_call").inc()
    return nothing()


@webhooks.post(f"{CALL}/customer")
def customer_call_customer(number: int) -> Response:
    """Note how the customer's telephone fares."""
    webhook = read_webhook()
    status = read_status(StatusCallback.LEG, webhook.post.status)
    if status:
        reported = CustomerStatus(status, inbound.read_call_seconds(request.form))
        note_customer_status(webhook.services.database, number, reported, clock.now())
    else:
        UNKNOWN_STATUS.labels("customer_call").inc()
    return nothing()


def _response(number: int, work: Callable[[], CustomerCallAnswer]) -> Response:
    """Answer as a voice document; without the database nobody is connected: it is hung up."""
    try:
        answer = work()
    except DatabaseUnavailable:
        answer = CustomerCallAnswer(End())
    services = current_services()
    addresses, speech = services.addresses, services.speech(clock.now(), NO_ZONE)
    if isinstance(answer.instruction, RingCustomer):
        doors = CustomerAddresses(
            addresses.customer_call(number, "talk"), addresses.customer_call(number, "customer")
        )
        return xml(ring_customer(answer.instruction, doors, speech))
    address = addresses.customer_call(number, f"key/{answer.prompt}")
    return xml(render(answer.instruction, RenderContext("", 0, "", speech, key_address=address)))
