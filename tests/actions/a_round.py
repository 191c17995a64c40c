"""A message that is left at night, and the rounds of calls that follow it."""

from datetime import datetime

from app.actions.take_turn import take_leg_turn
from app.domain.call import Call, LegAnswered, LegChanged, LegPressed, Place, Recorded
from app.store import Database
from app.store.calls import load_call
from tests.actions.a_call import critical_at_night

ROUND_1, ROUND_2 = "round-1001-1", "round-1001-2"


def a_message_is_left(house: Database, sid: str = "CA1", **changed: str) -> datetime:
    """Nobody of the duty answers, and the caller leaves a message; gives when that was over."""
    call = critical_at_night(house, sid, **changed)
    while call.stored.place is Place.DUTY_RINGS:
        call.nobody_answers()
    call.does(Recorded(12, f"RE-{sid}"))
    ended = call.stored.ended_at
    assert ended
    return ended


def the_round(house: Database, sid: str = ROUND_1) -> Call:
    with house.read() as connection:
        call = load_call(connection, sid)
    assert call, "the round was never begun"
    return call


def no_answer(house: Database, now: datetime, sid: str = ROUND_1) -> None:
    """Whoever rings in the round does not answer."""
    [leg] = the_round(house, sid).ringing
    take_leg_turn(house, sid, LegChanged(leg.id, "no-answer", f"{sid}-{leg.id}"), now)


def accepts(house: Database, now: datetime, sid: str = ROUND_1) -> None:
    [leg] = the_round(house, sid).ringing
    take_leg_turn(house, sid, LegAnswered(leg.id, f"{sid}-{leg.id}"), now)
    take_leg_turn(house, sid, LegPressed(leg.id, "1"), now, heard=1)


def nobody_answers(house: Database, now: datetime, sid: str = ROUND_1) -> None:
    while the_round(house, sid).ringing:
        no_answer(house, now, sid)
