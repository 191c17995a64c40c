"""The lifeline's doors: asked when a voice document failed. They need no database.

Where a turn was answered and only its answer was lost, that answer is given once more.
"""

import structlog
from flask import Response, request

from app.actions.take_turn import Answer
from app.domain.call import Recorded
from app.phone import inbound, lifeline, notices
from app.phone.notices import Failure
from app.web.guard import doors, xml
from app.web.metrics import LIFELINES
from app.web.spoken import Turn, this_turn, worded

log = structlog.get_logger(__name__)


@doors.post("/voice/fallback")
def voice_fallback() -> Response:
    """Answer a caller whose document could not be had or played.

    What the turn was answered, if it was and could not be fetched; else the lifeline.
    """
    turn = this_turn()
    failure = notices.read_failure(request.form)
    log.error("fallback", call_sid=turn.post.call_sid, code=failure.code, door=failure.path)
    here, line = turn.house, turn.post.to
    try:
        stored = worded(here, _stored(turn, failure))
    except Exception:  # whatever it is, somebody is listening
        log.exception("fallback", call_sid=turn.post.call_sid)
        stored = None
    if stored is not None:
        return xml(stored)
    LIFELINES.labels("fallback").inc()
    return xml(lifeline.answer(here.lifeline.rope(line), line, here.addresses))


@doors.post("/lifeline/ring/<int(max=99):tried>")
def lifeline_ring(tried: int) -> Response:
    """Go on when the last resort has been rung: a talk has ended, or the next one is tried."""
    turn = this_turn()
    here, line = turn.house, turn.post.to
    talked = inbound.was_bridged(request.form) or turn.post.has_ended
    rope = here.lifeline.rope(line)
    return xml(lifeline.after_ring(rope, line, here.addresses, tried, talked))


@doors.post("/lifeline/whisper")
def lifeline_whisper() -> Response:
    """Ask whoever answers to press 1."""
    here = this_turn().house
    rope = here.lifeline.rope(inbound.read_caller_id(request.form))
    return xml(lifeline.whisper(rope, here.addresses.lifeline("key")))


@doors.post("/lifeline/key")
def lifeline_key() -> Response:
    """Connect on 1, and on nothing else."""
    here = this_turn().house
    rope = here.lifeline.rope(inbound.read_caller_id(request.form))
    key = inbound.read_leg_key(request.form, 0).key
    return xml(lifeline.key_pressed(key, rope, here.addresses.lifeline("key")))


@doors.post("/lifeline/message")
def lifeline_message() -> Response:
    """Keep what was said after the tone, as a case; the caller is thanked in any event."""
    turn = this_turn()
    here, post = turn.house, turn.post
    for event in inbound.read_turn(request.form, post):
        if isinstance(event, Recorded) and event.recording:
            _keep_message(turn, event)
    return xml(lifeline.message_taken(here.lifeline.rope(post.to)))


def _stored(turn: Turn, failure: Failure) -> Answer | None:
    number = notices.failed_turn(failure)
    if number is None:
        return None
    corridor = turn.house.corridor
    return corridor.find_answer(turn.post.call_sid, number, turn.real_now, turn.moment)


def _keep_message(turn: Turn, message: Recorded) -> None:
    corridor, post = turn.house.corridor, turn.post
    sid, now, moment = post.call_sid, turn.real_now, turn.moment
    try:
        corridor.answer_call(sid, post.to, post.caller, now, moment)  # it may be unknown so far
        corridor.take_message(sid, message, now, moment)
    except Exception:
        log.exception("message_only_at_the_network", call_sid=sid, recording=message.recording)
