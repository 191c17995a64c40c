"""At which instants the duty goes from one person to another."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.roles import Role
from app.domain.roster.handovers import handovers
from app.domain.roster.on_duty import on_duty
from app.domain.roster.plan import Absence, Override, Roster
from app.domain.time.intervals import Interval
from tests.domain.roster.test_shift_confirmations import oslo, roster

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def told(plan: Roster, from_: datetime, to: datetime) -> list[tuple[datetime, str, str]]:
    return [
        (
            each.at,
            each.outgoing.id if each.outgoing else "",
            each.incoming.id if each.incoming else "",
        )
        for each in handovers(plan, Interval(from_, to))
    ]


def test_each_handover_of_a_rotation_is_one_also_at_a_clock_change() -> None:
    found = told(roster(), oslo(28, 0, month=3), oslo(31, 0, month=3))
    assert [at for at, *_ in found] == [oslo(day, 8, month=3) for day in (28, 29, 30)]
    assert all(outgoing != incoming for _, outgoing, incoming in found)
    assert told(roster(), oslo(10, 8, 1), oslo(11, 8)) == []


def test_a_swap_a_minute_before_is_honoured() -> None:
    at = oslo(10, 8)
    [(_, _, incoming)] = told(roster(), at, at + MINUTE)
    other = {"a": "b", "b": "a"}[incoming]
    swap = Override(other, Role.PRIMARY, at, at + DAY)
    assert told(replace(roster(), overrides=(swap,)), at, at + MINUTE) == []


def test_who_takes_over_in_the_middle_and_who_falls_ill_hand_over_too() -> None:
    at = oslo(10, 20)
    plan = roster()
    first = on_duty(plan, at).ringing[0].person
    assert first
    other = {"a": "b", "b": "a"}[first.id]
    taken = replace(plan, overrides=(Override(other, Role.PRIMARY, at, at + HOUR),))
    assert told(taken, at - HOUR, at + 2 * HOUR) == [
        (at, first.id, other),
        (at + HOUR, other, first.id),
    ]
    ill = replace(plan, absences=(Absence(first.id, at, at + HOUR),))
    assert told(ill, at - HOUR, at + 2 * HOUR) == [(at, first.id, ""), (at + HOUR, "", first.id)]
