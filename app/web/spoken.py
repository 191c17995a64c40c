"""How a door answers: the turn in its time, worded and rendered, or the lifeline instead."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Response, request

from app import clock
from app.actions.take_turn import Answer
from app.domain.decision import CallCaller, Script, Whisper
from app.phone import inbound
from app.phone.inbound import Post
from app.phone.twiml import Setting, render
from app.store import DatabaseUnavailable
from app.web.guard import xml
from app.web.house import House, house
from app.web.metrics import LIFELINES
from app.web.played import message_address, without_message

log = structlog.get_logger(__name__)

# What a turn comes to: an answer, a script that needs no call, or nothing to say.
Spoken = Answer | Script | None

NO_ZONE = "UTC"  # of a line that no desk has; no time is said there


@dataclass(frozen=True, slots=True)
class Turn:
    """One post at a door: who it is about, and when."""

    house: House
    post: Post
    real_now: datetime
    moment: datetime | None  # from the local exchange only


def this_turn() -> Turn:
    """Read the post that is being answered; Unreadable without what every post has."""
    here = house()
    post = inbound.read_post(request.form)
    moment = inbound.read_moment(request.form) if here.settings.vakt_exchange else None
    return Turn(here, post, here.clock.now(), moment)


def spoken(turn: Turn, work: Callable[[], Spoken], otherwise: Callable[[], str]) -> Response:
    """Answer what the work decided; when anything fails in it, what the lifeline says."""
    try:
        return xml(worded(turn.house, work()))
    except Exception as trouble:  # whatever it is, somebody is listening
        door = request.endpoint or ""
        is_known = isinstance(trouble, DatabaseUnavailable)  # its words are enough
        log.error(
            "lifeline",
            door=door,
            call_sid=turn.post.call_sid,
            error=str(trouble),
            exc_info=None if is_known else trouble,
        )
        LIFELINES.labels(door).inc()
        return xml(otherwise())


def worded(here: House, answer: Spoken) -> str | None:
    """Write an answer as a voice document; None where there is nothing to say."""
    if answer is None:
        return None
    if not isinstance(answer, Answer):
        return render(answer, Setting("", 0, "", here.speech(clock.now(), NO_ZONE)))
    call, script = answer.call, answer.script
    leg = call.leg(script.leg) if isinstance(script, Whisper | CallCaller) else None
    message = ""
    if isinstance(script, Whisper) and script.plays:
        message = message_address(here, answer, script)
        script = script if message else without_message(script, leg)
    setting = Setting(
        call_sid=call.sid,
        next_turn=answer.turn + 1,
        caller_id=call.line,
        speech=here.speech(answer.now, answer.desk.time_zone if answer.desk else NO_ZONE),
        heard=leg.heard if leg else 0,
        message=message,
    )
    return render(script, setting)
