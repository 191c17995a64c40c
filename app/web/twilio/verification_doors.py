"""The doors of a trial: somebody is rung who is asked for one key and connected to nobody."""

from flask import Response, request

from app import clock
from app.actions.desks.verify_number import (
    VerificationAtDesk,
    press_on_verification,
    update_verification,
    verification_answered,
)
from app.domain.texts.message import Message
from app.gateways.twilio import inbound
from app.gateways.twilio.number_verification import ending, question
from app.gateways.twilio.speech import Speech
from app.gateways.twilio.statuses import StatusDoor, read_status
from app.store import DatabaseUnavailable
from app.web.metrics import UNKNOWN_STATUS
from app.web.services import Services
from app.web.twilio.guard import doors, nothing, xml
from app.web.twilio.turn_response import NO_ZONE, read_webhook

VERIFICATION = "/trial/<int(max=999999999):trial>"
ASKED_AT_MOST = 3  # times; a voicemail would be asked for ever


@doors.post(f"{VERIFICATION}/whisper")
def trial_whisper(trial: int) -> Response:
    """Ask whoever lifted the receiver for the key."""
    services = read_webhook().services
    try:
        return xml(_asked(services, verification_answered(services.database, trial), heard=1))
    except DatabaseUnavailable:  # what would be pressed could not be kept
        return xml(ending(_speech(services), ()))


@doors.post(f"{VERIFICATION}/key/<int(max=99):heard>")
def trial_key(trial: int, heard: int) -> Response:
    """Thank for the key; ask once more for another one, or for none."""
    services = read_webhook().services
    key = inbound.read_leg_key(request.form, 0).key
    try:
        tried = press_on_verification(services.database, trial, key, clock.now())
    except DatabaseUnavailable:
        return xml(ending(_speech(services), ()))
    if tried and tried[0].key_pressed_at:
        return xml(
            ending(_speech(services), (_sentence("whisper_number_verification_thanks", tried),))
        )
    return xml(_asked(services, tried, heard + 1))


@doors.post(f"{VERIFICATION}/status")
def trial_status(trial: int) -> Response:
    """Note how the call fares."""
    webhook = read_webhook()
    status = read_status(StatusDoor.LEG, webhook.post.status)
    if status:
        update_verification(webhook.services.database, trial, status)
    else:
        UNKNOWN_STATUS.labels("trial").inc()
    return nothing()


def _asked(services: Services, tried: VerificationAtDesk | None, heard: int) -> str:
    speech = _speech(services)
    if tried is None or heard > ASKED_AT_MOST:
        return ending(speech, ())
    address = services.addresses.trial(tried[0].id, f"key/{heard}")
    return question(speech, (_sentence("whisper_number_verification", tried),), address)


def _speech(services: Services) -> Speech:
    return services.speech(clock.now(), NO_ZONE)


def _sentence(key: str, tried: VerificationAtDesk) -> Message:
    trial, live = tried
    name = live.desk.spoken_name.in_language(trial.language) or live.desk.name if live else ""
    return Message(key, trial.language, (("desk", name),))
