"""A message that is left at night, and the call-outs that follow it."""

from datetime import datetime

from app.domain.callouts.call_out import CallOut
from app.domain.calls.call import Recorded, Step
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.store import Database
from app.store.call_out_rows import load_call_out
from tests.support.stored_call import critical_at_night
from tests.support.turns import take_leg_turn

CALL_OUT_1, CALL_OUT_2 = "call-out-1001-1", "call-out-1001-2"


def a_message_is_left(database: Database, sid: str = "CA1", **changed: str) -> datetime:
    """Nobody of the duty answers, and the caller leaves a message; gives when that was over."""
    call = critical_at_night(database, sid, **changed)
    while call.stored.step is Step.DUTY_RINGS:
        call.nobody_answers()
    call.does(Recorded(12, f"RE-{sid}"))
    ended = call.stored.ended_at
    assert ended
    return ended


def the_call_out(database: Database, sid: str = CALL_OUT_1) -> CallOut:
    with database.read() as connection:
        call_out = load_call_out(connection, sid)
    assert call_out, "the call-out was never begun"
    return call_out


def no_answer(database: Database, now: datetime, sid: str = CALL_OUT_1) -> None:
    """Whoever rings in the call-out does not answer."""
    [leg] = the_call_out(database, sid).ringing
    take_leg_turn(database, sid, LegChanged(leg.id, "no-answer", f"{sid}-{leg.id}"), now)


def accepts(database: Database, now: datetime, sid: str = CALL_OUT_1) -> None:
    [leg] = the_call_out(database, sid).ringing
    take_leg_turn(database, sid, LegAnswered(leg.id, f"{sid}-{leg.id}"), now)
    take_leg_turn(database, sid, LegPressed(leg.id, "1"), now, heard=1)


def nobody_answers(database: Database, now: datetime, sid: str = CALL_OUT_1) -> None:
    while the_call_out(database, sid).ringing:
        no_answer(database, now, sid)
