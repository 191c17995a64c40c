"""The lifeline's doors: asked when a voice document failed. They need no database."""

import structlog
from flask import Response, request

from app.phone import inbound, lifeline, notices
from app.web.guard import doors, xml
from app.web.metrics import LIFELINES
from app.web.spoken import this_turn

log = structlog.get_logger(__name__)


@doors.post("/voice/fallback")
def voice_fallback() -> Response:
    """Answer a caller whose document could not be had or played."""
    turn = this_turn()
    failure = notices.read_failure(request.form)
    log.error("fallback", call_sid=turn.post.call_sid, code=failure.code, door=failure.path)
    LIFELINES.labels("fallback").inc()
    here, line = turn.house, turn.post.to
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
