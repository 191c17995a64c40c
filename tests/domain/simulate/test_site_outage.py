"""Whom a line rings while the whole site is away, and how long that holds."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.desks.desk import Desk, LineKind, Priority
from app.domain.desks.duty_hours import in_duty_hours
from app.domain.roles import Role
from app.domain.roster.on_duty import Override, Roster, on_duty
from app.domain.simulate.proof.callers import callers
from app.domain.simulate.proof.verdicts import UNANSWERED, CallAttempt, simulate_attempt
from app.domain.simulate.simulation import SimulationFacts
from app.domain.simulate.site_outage import (
    MAX_VALIDITY,
    StaticLinePlan,
    build_line_plans,
    build_static_plan,
)
from tests.domain.simulate.proof.a_proof import changed_rosters
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.shipped_desks import DESKS, desk_of, shipped

NIGHT = oslo("2026-11-21 23:10")  # a Saturday
DAY = oslo("2026-11-18 10:00")  # a Wednesday
YEAR_SECONDS = 365 * 24 * 3600

moments = st.integers(0, YEAR_SECONDS).map(
    lambda seconds: oslo("2026-11-22 00:00") + timedelta(seconds=seconds)
)


def static_plan(
    facts: SimulationFacts, at: datetime, kind: LineKind = LineKind.SUPPORT
) -> StaticLinePlan:
    lines = build_line_plans(desk_of(facts), facts.roster, at)
    return next(line for line in lines if line.line.kind is kind)


def roles(callees: tuple[object, ...]) -> list[Role]:
    return [callee.role for callee in callees]  # type: ignore[attr-defined]


def test_at_night_the_duty_line_rings_primary_backup_and_last_resort() -> None:
    line = static_plan(shipped("brukarstotte"), NIGHT, LineKind.DUTY)
    assert line.is_duty_call
    assert [callee.name for callee in line.rung] == ["Vakt 1", "Vakt 1", "Vakt 2", "49 00 27 90"]
    assert line.if_critical == ()


@pytest.mark.parametrize("desk", ["brukarstotte", "dekode"])
def test_at_night_a_support_line_rings_the_duty_only_for_what_is_critical(desk: str) -> None:
    line = static_plan(shipped(desk), NIGHT)
    assert line.rung == ()
    assert roles(line.if_critical)[0] is Role.PRIMARY
    assert roles(line.if_critical)[-1] is Role.LAST_RESORT


@pytest.mark.parametrize("desk", DESKS)
def test_while_the_desk_is_open_the_first_line_is_rung(desk: str) -> None:
    line = static_plan(shipped(desk), DAY)
    assert set(roles(line.rung)) == {Role.FIRST_LINE}
    assert set(roles(line.if_critical)) <= {Role.LAST_RESORT}


@pytest.mark.parametrize("desk", ["brukerhjelpen", "kundeservice", "prokom"])
def test_a_desk_without_duty_rings_nobody_while_it_is_closed(desk: str) -> None:
    assert static_plan(shipped(desk), NIGHT).everybody == ()


def test_where_desk_and_duty_are_both_there_the_first_line_is_rung_first() -> None:
    facts = shipped("brukarstotte")
    desk = desk_of(facts)
    assert desk.duty
    always = replace(desk.duty, hours=replace(desk.duty.hours, own=desk.telephone_calendars()[0]))
    line = static_plan(replace(facts, desk=replace(desk, duty=always)), DAY, LineKind.DUTY)
    assert roles(line.rung)[:2] == [Role.FIRST_LINE, Role.FIRST_LINE]
    assert roles(line.rung)[2] is Role.PRIMARY


def test_it_holds_until_the_desk_opens() -> None:
    facts = shipped("brukarstotte")
    transcript = build_static_plan(desk_of(facts), facts.roster, NIGHT)
    assert in_oslo(transcript.until) == "Mon 2026-11-23 08:00"


def test_it_holds_until_somebody_else_takes_the_duty() -> None:
    facts = shipped("brukarstotte")
    assert facts.roster
    takes_over = Override(
        "duty-3", Role.PRIMARY, oslo("2026-11-22 07:00"), oslo("2026-11-22 09:00")
    )
    swapped = replace(facts.roster, overrides=(takes_over,))
    transcript = build_static_plan(desk_of(facts), swapped, NIGHT)
    assert in_oslo(transcript.until) == "Sun 2026-11-22 07:00"


def test_what_never_changes_is_not_said_to_hold_for_ever() -> None:
    facts = shipped("brukerhjelpen")
    desk = replace(desk_of(facts), agreements=())
    assert build_static_plan(desk, None, NIGHT).until == NIGHT + MAX_VALIDITY


@st.composite
def plans(draw: st.DrawFn) -> tuple[Desk, Roster | None, datetime]:
    """A shipped desk at a moment, with people who are away and who take over around it."""
    facts = shipped(draw(st.sampled_from(DESKS)))
    at = draw(moments)
    if facts.roster is None or not facts.roster.people:
        return desk_of(facts), facts.roster, at
    spans = st.tuples(st.integers(-2880, 2880), st.integers(1, 2880)).map(
        lambda pair: (
            at + timedelta(minutes=pair[0]),
            at + timedelta(minutes=pair[0] + pair[1]),
        )
    )
    return desk_of(facts), draw(changed_rosters(facts.roster, spans)), at


@settings(max_examples=60, deadline=None)
@given(plans(), st.data())
def test_until_its_end_it_says_what_is_so_at_every_instant(
    plan: tuple[Desk, Roster | None, datetime], data: st.DataObject
) -> None:
    desk, roster, at = plan
    transcript = build_static_plan(desk, roster, at)
    assert at < transcript.until
    length = int((transcript.until - at).total_seconds())
    later = at + timedelta(seconds=data.draw(st.integers(0, max(length - 1, 0))))
    assert build_line_plans(desk, roster, later) == transcript.lines
    if transcript.until < at + MAX_VALIDITY:
        assert build_line_plans(desk, roster, transcript.until) != transcript.lines


@settings(max_examples=60, deadline=None)
@given(plans())
def test_whoever_is_on_duty_is_rung_in_order_by_every_line(
    plan: tuple[Desk, Roster | None, datetime],
) -> None:
    desk, roster, at = plan
    if desk.duty is None or roster is None:
        return
    is_duty_time = bool(in_duty_hours(desk.duty.hours, desk.telephone_calendars(), at))
    on_list = [
        number
        for entry in on_duty(roster, at).ringing
        if is_duty_time or entry.role is Role.LAST_RESORT
        for number in entry.numbers
    ]
    for line in build_line_plans(desk, roster, at):
        rung = [c.number for c in line.everybody if c.role is not Role.FIRST_LINE]
        assert rung == list(dict.fromkeys(on_list))


@settings(max_examples=25, deadline=None)
@given(moments, st.data())
def test_a_critical_caller_on_the_duty_line_meets_whom_the_house_itself_would_ring(
    at: datetime, data: st.DataObject
) -> None:
    facts = shipped("brukarstotte")
    line = static_plan(facts, at, LineKind.DUTY)
    if not line.is_duty_call:
        return
    transcript = build_static_plan(desk_of(facts), facts.roster, at)
    if transcript.until - at < timedelta(minutes=10):
        return  # a call on its way through a change: some are rung before it, some after
    caller = data.draw(st.sampled_from(callers(desk_of(facts), facts.customers)))
    attempt = CallAttempt(line.line.number, caller, Priority.CRITICAL)
    simulated, _ = simulate_attempt(facts, attempt, at, UNANSWERED)
    assert [callee.number for callee in simulated.rings] == [c.number for c in line.rung]
