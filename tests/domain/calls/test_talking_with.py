"""With whom a call's caller talks now: nobody calls that person away to another caller first."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.calls.call import Call, Step, talking_with
from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome
from app.domain.numbers import parse_number
from app.domain.roles import Role

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
NUMBER = "+4749002701"


def a_call(outcome: LegOutcome = LegOutcome.ACCEPTED, step: Step = Step.DUTY_RINGS) -> Call:
    """A call in which somebody of the duty was rung, and perhaps has accepted."""
    leg = Leg(1, Callee("vakt-1", "Vakt 1", NUMBER, Role.PRIMARY, "nb"), outcome)
    accepted = 1 if outcome is LegOutcome.ACCEPTED else None
    caller = parse_number("+4749002001")
    return Call("CA1", "+4720000210", caller, NOW, step=step, hunt=Hunt((leg,), 0, accepted))


@pytest.mark.parametrize("step", [Step.FIRST_LINE_RINGS, Step.DUTY_RINGS, Step.TICKET_OWNER_RINGS])
def test_who_has_accepted_talks_until_the_call_goes_on(step: Step) -> None:
    assert talking_with(a_call(step=step)) == NUMBER
    assert talking_with(a_call(step=Step.SPEAK)) is None


def test_who_is_rung_and_has_not_accepted_does_not_talk() -> None:
    assert talking_with(a_call(LegOutcome.RINGING)) is None
    assert talking_with(a_call(LegOutcome.PASSED)) is None


def test_nobody_talks_when_the_call_has_ended() -> None:
    assert talking_with(replace(a_call(), ended_at=NOW, hung_up=True)) is None


def test_who_calls_back_after_the_end_talks_until_that_is_over() -> None:
    ended = replace(a_call(LegOutcome.LATE), ended_at=NOW, hung_up=True)
    taken = replace(ended, hunt=replace(ended.hunt, acknowledged_leg=1))
    assert talking_with(taken) is None
    talks = replace(taken, hunt=replace(taken.hunt, talks_back=True))
    assert talking_with(talks) == NUMBER
