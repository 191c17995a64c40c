"""Twilio's doors for messages and recordings: stored, and nothing is decided.

When nothing can be kept at all they answer 503: the network tries again where it was told to.
"""

import structlog
from flask import Response, request

from app.actions.beside import ToldRecording, take_beside
from app.actions.try_number import reply_to_trial
from app.domain.decision import Sentence
from app.domain.people import in_pairs
from app.phone import notices
from app.phone.notices import IncomingSms
from app.phone.twiml import sms_answer
from app.store import DatabaseUnavailable
from app.store.desks import LiveDesk
from app.store.sms import ReceivedSms, Told
from app.web.guard import doors, nothing, xml
from app.web.house import LANGUAGE, House, house
from app.web.metrics import UNKNOWN_STATUS

log = structlog.get_logger(__name__)


@doors.post("/sms")
def sms() -> Response:
    """Store a message, once, and answer it, where its sender was not answered in this hour."""
    here, message = house(), notices.read_sms(request.form)
    received = ReceivedSms(message.sid, message.to, message.sender.digits, message.body)
    taken = take_beside(here.corridor, received, here.clock.now())
    thanks = _thanks(here, message)  # notes the reply, whether or not it is answered
    if taken is None or not taken.is_answered:
        return xml(sms_answer(""))
    if taken.reply and taken.live:
        return xml(sms_answer(_in_words(here, taken.reply, taken.live)))
    return xml(sms_answer(thanks or _how_to_reach(here, message, taken.live)))


@doors.post("/sms/status")
def sms_status() -> Response:
    """Note how a message of ours fares."""
    here, told = house(), notices.read_sms_status(request.form)
    if not told.status:
        UNKNOWN_STATUS.labels("sms").inc()
        return nothing()
    code = None if told.error_code is None else str(told.error_code)
    delivery = Told(told.sid, told.status, code)
    take_beside(here.corridor, delivery, here.clock.now())
    return nothing()


@doors.post("/recording")
def recording() -> Response:
    """Have a finished recording fetched."""
    here, ready = house(), notices.read_recording(request.form)
    if not ready.status:
        UNKNOWN_STATUS.labels("recording").inc()
        return nothing()
    told = ToldRecording(ready.call_sid, ready.recording, ready.status)
    take_beside(here.corridor, told, here.clock.now())
    return nothing()


def _thanks(here: House, message: IncomingSms) -> str:
    """Thank who has answered the SMS of a trial; empty for all others."""
    if here.corridor.breaker.is_tripped:
        return ""
    now = here.clock.now()
    try:
        tried = reply_to_trial(here.database, message.sender.digits, message.body, now)
    except DatabaseUnavailable:  # the message itself is kept
        return ""
    trial, live = tried or (None, None)
    if trial is None or live is None:
        return ""
    sentence = Sentence("sms_trial_thanks", trial.language, (("desk", live.desk.name),))
    return _in_words(here, sentence, live)


def _in_words(here: House, sentence: Sentence, live: LiveDesk) -> str:
    zone = live.desk.time_zone
    return here.texts.render(sentence, now=here.clock.now(), time_zone=zone, spoken=False)


def _how_to_reach(here: House, message: IncomingSms, live: LiveDesk | None) -> str:
    """Tell which numbers to call; to one who cannot get an SMS nothing is told."""
    if not message.sender.can_receive_sms:
        return ""
    sentence, zone = Sentence("sms_answer_unknown", LANGUAGE), "UTC"
    if live:
        desk = live.desk
        line = desk.line(message.to) or next(iter(desk.lines))
        phones = " / ".join(dict.fromkeys(in_pairs(each.public_number) for each in desk.lines))
        values = (("desk", desk.name), ("phones", phones))
        sentence, zone = Sentence("sms_answer", line.languages[0], values), desk.time_zone
    return here.texts.render(sentence, now=here.clock.now(), time_zone=zone, spoken=False)
