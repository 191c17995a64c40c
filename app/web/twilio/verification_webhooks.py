"""The webhooks of a number verification: somebody is rung and asked for one key.

Where the conversation stands is a row; the address of a key names the prompt that it answers.
"""

from collections.abc import Callable
from functools import partial

from flask import Response, request

from app import clock
from app.actions.desks.verify_number import (
    VerificationAnswer,
    press_on_verification,
    update_verification,
    verification_answered,
)
from app.domain.hunts.instructions import End
from app.gateways.twilio import inbound
from app.gateways.twilio.statuses import StatusCallback, read_status
from app.gateways.twilio.twiml import RenderContext, render
from app.store import DatabaseUnavailable
from app.web.metrics import UNKNOWN_STATUS
from app.web.services import current_services
from app.web.twilio.request_validation import nothing, webhooks, xml
from app.web.twilio.turn_response import NO_ZONE, read_webhook

VERIFICATION = "/verification/<int(max=999999999):verification>"


@webhooks.post(f"{VERIFICATION}/whisper")
def verification_whisper(verification: int) -> Response:
    """Ask whoever lifted the receiver for the key."""
    database = read_webhook().services.database
    return _response(verification, partial(verification_answered, database, verification))


@webhooks.post(f"{VERIFICATION}/key/<int(max=99):prompt>")
def verification_key(verification: int, prompt: int) -> Response:
    """Thank for the key; ask once more for another one, or for none."""
    database = read_webhook().services.database
    key = inbound.read_leg_key(request.form, 0).key
    return _response(
        verification,
        partial(press_on_verification, database, verification, key, prompt, clock.now()),
    )


@webhooks.post(f"{VERIFICATION}/status")
def verification_status(verification: int) -> Response:
    """Note how the call fares."""
    webhook = read_webhook()
    status = read_status(StatusCallback.LEG, webhook.post.status)
    if status:
        update_verification(webhook.services.database, verification, status, clock.now())
    else:
        UNKNOWN_STATUS.labels("verification").inc()
    return nothing()


def _response(verification: int, work: Callable[[], VerificationAnswer]) -> Response:
    """Answer as a voice document; without the database no key could be kept: it is hung up."""
    try:
        answer = work()
    except DatabaseUnavailable:
        answer = VerificationAnswer(End())
    services = current_services()
    address = services.addresses.verification(verification, f"key/{answer.prompt}")
    speech = services.speech(clock.now(), NO_ZONE)
    return xml(render(answer.instruction, RenderContext("", 0, "", speech, key_address=address)))
