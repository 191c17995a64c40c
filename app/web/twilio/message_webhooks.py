"""Twilio's webhooks for messages and recordings: stored, and nothing is decided.

When nothing can be kept at all they answer 503: the network tries again where it was told to.
"""

import structlog
from flask import Response, request

from app.actions.desks.verify_number import reply_to_verification
from app.actions.messages.callbacks import RecordingCallback, take_callback
from app.domain.messages.intent import how_to_reach
from app.domain.texts.message import Message
from app.domain.texts.written_moments import ZONE_OF_NOBODY
from app.gateways.twilio import notices
from app.gateways.twilio.notices import IncomingSms
from app.gateways.twilio.twiml import sms_answer
from app.store import DatabaseUnavailable
from app.store.desks import LiveDesk
from app.store.sms import DeliveryReport, ReceivedSms
from app.web.metrics import UNKNOWN_STATUS
from app.web.services import LANGUAGE, WebServices, current_services
from app.web.twilio.request_validation import nothing, webhooks, xml

log = structlog.get_logger(__name__)


@webhooks.post("/sms")
def sms() -> Response:
    """Store a message, once, and answer it, where its sender was not answered in this hour."""
    services, message = current_services(), notices.read_sms(request.form)
    received = ReceivedSms(message.sid, message.to, message.sender.digits, message.body)
    taken = take_callback(services.turn_service, received, services.clock.now())
    thanks = _thanks(services, message)  # notes the reply, whether or not it is answered
    if taken is None or not taken.is_answered:
        return xml(sms_answer(""))
    if thanks:
        return xml(sms_answer(thanks))
    if taken.replies and taken.live:
        told = (_in_words(services, each, taken.live) for each in taken.replies)
        return xml(sms_answer("\n".join(told)))
    return xml(sms_answer(_how_to_reach(services, message, taken.live)))


@webhooks.post("/sms/status")
def sms_status() -> Response:
    """Note how a message of ours fares."""
    services, told = current_services(), notices.read_sms_status(request.form)
    if not told.status:
        UNKNOWN_STATUS.labels("sms").inc()
        return nothing()
    code = None if told.error_code is None else str(told.error_code)
    delivery = DeliveryReport(told.sid, told.status, code)
    take_callback(services.turn_service, delivery, services.clock.now())
    return nothing()


@webhooks.post("/recording")
def recording() -> Response:
    """Have a finished recording fetched."""
    services, ready = current_services(), notices.read_recording(request.form)
    if not ready.status:
        UNKNOWN_STATUS.labels("recording").inc()
        return nothing()
    told = RecordingCallback(ready.call_sid, ready.recording, ready.status)
    take_callback(services.turn_service, told, services.clock.now())
    return nothing()


def _thanks(services: WebServices, message: IncomingSms) -> str:
    """Thank who has answered the SMS of a number verification; empty for all others."""
    if services.turn_service.breaker.is_tripped:
        return ""
    now = services.clock.now()
    try:
        replied = reply_to_verification(services.database, message.sender.digits, message.body, now)
    except DatabaseUnavailable:  # the message itself is kept
        return ""
    verification, live = replied or (None, None)
    if verification is None or live is None:
        return ""
    sentence = Message(
        "sms_number_verification_thanks", verification.language, (("desk", live.desk.name),)
    )
    return _in_words(services, sentence, live)


def _in_words(services: WebServices, sentence: Message, live: LiveDesk) -> str:
    zone = live.desk.time_zone
    return services.texts.render(sentence, now=services.clock.now(), time_zone=zone, spoken=False)


def _how_to_reach(services: WebServices, message: IncomingSms, live: LiveDesk | None) -> str:
    """Tell which numbers to call; to one who cannot get an SMS nothing is told."""
    if not message.sender.can_receive_sms:
        return ""
    sentence = how_to_reach(live.desk if live else None, message.to, LANGUAGE)
    zone = live.desk.time_zone if live else ZONE_OF_NOBODY
    return services.texts.render(sentence, now=services.clock.now(), time_zone=zone, spoken=False)
