"""How long a caller waits in the queue while several are rung at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.calls.call import Call
from app.domain.calls.ringing import LONGEST_WAIT, may_be_answered
from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome
from app.domain.numbers import parse_number
from app.domain.roles import Role

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def leg(number: int, outcome: LegOutcome = LegOutcome.RINGING, *, placed: bool = True) -> Leg:
    callee = Callee(f"first-{number}", f"First line {number}", "+4749009201", Role.FIRST_LINE, "nb")
    return Leg(number, callee, outcome, placed=placed)


def call(*legs: Leg, accepted: int | None = None, ended: bool = False) -> Call:
    return Call(
        sid="CA1",
        line="+4720000901",
        caller=parse_number("+4749009001"),
        started_at=NOON,
        hunt=Hunt(legs, accepted_leg=accepted),
        ended_at=NOON if ended else None,
    )


@pytest.mark.parametrize(
    ("waiting", "waited", "goes_on"),
    [
        (call(leg(1), leg(2)), 20, True),
        (call(leg(1, LegOutcome.BUSY), leg(2)), 20, True),
        (call(leg(1, LegOutcome.BUSY), leg(2, LegOutcome.NO_ANSWER)), 20, False),
        (call(leg(1, placed=False), leg(2, placed=False)), 2, True),
        (call(leg(1, placed=False), leg(2, placed=False)), 5, False),
        (call(leg(1, placed=False), leg(2)), 5, True),
        (call(leg(1, LegOutcome.CANCELLED), leg(2, LegOutcome.ACCEPTED), accepted=2), 20, True),
        (call(leg(1)), LONGEST_WAIT + 1, False),
        (call(leg(1), ended=True), 1, False),
        (call(), 0, False),
    ],
    ids=[
        "both ring",
        "one is left",
        "nobody is left",
        "just begun",
        "none was placed in five seconds",
        "one was placed",
        "somebody has accepted",
        "too long",
        "the caller is gone",
        "nobody is rung",
    ],
)
def test_a_caller_waits_as_long_as_somebody_may_answer(
    waiting: Call, waited: int, goes_on: bool
) -> None:
    assert may_be_answered(waiting, waited) is goes_on
