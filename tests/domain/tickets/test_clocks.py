"""A ticket's clocks: a pause puts its deadlines off by the open time that passes in it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Desk, Priority, TargetRule
from app.domain.tickets.accepted_call import accept_call
from app.domain.tickets.clocks import (
    pause_clock,
    recompute,
    respond,
    resume_clock,
    with_deadlines,
)
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.moves import set_priority
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.targets import deadlines
from app.domain.tickets.ticket import Source, Ticket, Work
from app.domain.time.business_time import (
    Days,
    Minutes,
    NeverOpens,
    Target,
    business_between,
    due,
    due_with_pauses,
)
from app.domain.time.calendars import ROUND_THE_CLOCK_ID, Calendar
from app.domain.time.intervals import Interval, union
from app.domain.workflow.built_in import BUILT_IN
from app.domain.workflow.status import Status
from tests.domain.time.minute_by_minute import MINUTE, calendars, minutes, weeks
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.shipped_desks import desk_of, shipped

DESK: Final = desk_of(shipped("kundeservice"))  # 08:00 to 15:30
AGENT: Final = Actor(ActorKind.COMMAND, "Kundeservice 1", "kundeservice-1")
SHORT: Final = st.integers(0, 3000)
AMOUNTS: Final = st.one_of(SHORT.map(Minutes), st.integers(0, 6).map(Days))
STARTS: Final = st.builds(
    lambda week, minute: datetime.combine(week, time(), UTC) + minute * MINUTE, weeks(), minutes()
)
STRETCHES: Final = st.lists(st.tuples(st.integers(0, 12000), SHORT), max_size=4)


def ticket(priority: Priority, opened: str) -> Ticket:
    at = oslo(opened)
    due = deadlines(DESK, "basis", priority, at)
    return Ticket("kundeservice", Source.PORTAL, priority, at, 1001, agreement="basis", due=due)


def stretches(start: datetime, drawn: list[tuple[int, int]]) -> tuple[Interval, ...]:
    return union(
        Interval(start + after * MINUTE, start + (after + length) * MINUTE)
        for after, length in drawn
    )


@pytest.mark.parametrize(
    ("paused", "resumed", "solve_by"),
    [
        ("2026-11-20 09:00", "2026-11-20 10:00", "Fri 2026-11-20 13:00"),
        ("2026-11-20 15:00", "2026-11-23 08:30", "Fri 2026-11-20 12:00"),  # after it was due
        ("2026-11-20 11:30", "2026-11-23 08:30", "Mon 2026-11-23 09:00"),
        ("2026-11-20 09:00", "2026-11-20 15:30", "Mon 2026-11-23 11:00"),
        ("2026-11-20 09:00", "2026-11-22 12:00", "Mon 2026-11-23 11:00"),  # nobody works meanwhile
    ],
)
def test_a_high_case_of_eight_waits_for_its_customer(
    paused: str, resumed: str, solve_by: str
) -> None:
    """Due at 12:00, four hours on."""
    waits = pause_clock(ticket(Priority.HIGH, "2026-11-20 08:00"), oslo(paused))
    goes_on = resume_clock(waits, DESK, oslo(resumed))
    assert goes_on.due.solve_by
    assert in_oslo(goes_on.due.solve_by) == solve_by


def test_a_day_that_was_waited_is_a_day_more_at_the_same_clock_time() -> None:
    """Medium: three working days; two whole days of 7.5 hours are waited."""
    waits = pause_clock(ticket(Priority.MEDIUM, "2026-11-23 10:00"), oslo("2026-11-24 09:00"))
    goes_on = resume_clock(waits, DESK, oslo("2026-11-26 09:00"))
    assert goes_on.due.solve_by == oslo("2026-11-30 10:00")


def test_pausing_and_resuming_twice_is_no_more_than_once() -> None:
    opened = ticket(Priority.HIGH, "2026-11-20 08:00")
    waits = pause_clock(opened, oslo("2026-11-20 09:00"))
    assert pause_clock(waits, oslo("2026-11-20 09:30")) == waits
    goes_on = resume_clock(waits, DESK, oslo("2026-11-20 10:00"))
    assert resume_clock(goes_on, DESK, oslo("2026-11-20 11:00")) == goes_on


def test_a_desk_that_is_no_more_leaves_the_deadlines_as_they_were() -> None:
    opened = ticket(Priority.HIGH, "2026-11-20 08:00")
    goes_on = resume_clock(
        pause_clock(opened, oslo("2026-11-20 09:00")), None, oslo("2026-11-21 09:00")
    )
    assert goes_on.due == opened.due
    assert goes_on.paused_since is None


def test_another_priority_keeps_what_was_waited() -> None:
    waits = pause_clock(ticket(Priority.HIGH, "2026-11-20 08:00"), oslo("2026-11-20 09:00"))
    goes_on = resume_clock(waits, DESK, oslo("2026-11-20 10:00"))
    now = oslo("2026-11-20 10:05")
    outcome = set_priority(goes_on, Priority.CRITICAL, AGENT, DESK, now)
    assert isinstance(outcome, Outcome)
    assert outcome.ticket.due.solve_by == oslo("2026-11-20 11:00"), "two hours and the hour waited"


# --- the answer ------------------------------------------------------------------------------


def test_only_the_first_answer_counts_and_its_deadline_stays() -> None:
    opened = ticket(Priority.HIGH, "2026-11-20 08:00")
    answered = respond(opened, AGENT, oslo("2026-11-20 08:30"))
    assert [each.kind for each in answered.events] == [TicketEventKind.RESPONDED]
    again = respond(answered.ticket, AGENT, oslo("2026-11-20 08:40"))
    assert again == Outcome(answered.ticket)
    waits = pause_clock(answered.ticket, oslo("2026-11-20 08:45"))
    goes_on = resume_clock(waits, DESK, oslo("2026-11-20 09:45"))
    assert goes_on.due.respond_by == opened.due.respond_by
    assert goes_on.due.solve_by == oslo("2026-11-20 13:00")


def test_who_accepts_a_call_about_somebody_elses_ticket_answers_the_customer_too() -> None:
    opened = ticket(Priority.HIGH, "2026-11-20 08:00")
    first = accept_call(opened, AGENT, oslo("2026-11-20 08:10"), None)
    assert isinstance(first, Outcome)
    assert first.ticket.responded_at == oslo("2026-11-20 08:10")
    assert [each.kind for each in first.events] == [TicketEventKind.ACKNOWLEDGED]

    theirs = replace(first.ticket, responded_at=None)  # acknowledged by SMS: no answer yet
    other = Actor(ActorKind.TELEPHONE, "Kundeservice 2", "kundeservice-2")
    second = accept_call(theirs, other, oslo("2026-11-20 08:20"), None)
    assert isinstance(second, Outcome)
    assert second.ticket == replace(theirs, responded_at=oslo("2026-11-20 08:20"))
    assert [each.kind for each in second.events] == [TicketEventKind.RESPONDED]


# --- whatever the calendar, the amount and the pauses ----------------------------------------


@given(calendars(), STARTS, AMOUNTS, STRETCHES, SHORT, SHORT)
def test_no_pause_brings_a_deadline_nearer(
    calendar: Calendar,
    start: datetime,
    amount: Minutes | Days,
    drawn: list[tuple[int, int]],
    begins: int,
    length: int,
) -> None:
    pauses = stretches(start, drawn)
    one_more = stretches(start, [*drawn, (begins, length)])
    try:
        unpaused = due(calendar, start, amount)
        before = due_with_pauses(calendar, start, amount, pauses)
        after_more = due_with_pauses(calendar, start, amount, one_more)
    except NeverOpens:
        return
    assert unpaused <= before <= after_more


@given(calendars(), STARTS, st.integers(1, 3000), STRETCHES)
def test_outside_the_pauses_just_the_amount_of_open_time_passes(
    calendar: Calendar, start: datetime, count: int, drawn: list[tuple[int, int]]
) -> None:
    pauses = stretches(start, drawn)
    try:
        at = due_with_pauses(calendar, start, Minutes(count), pauses)
    except NeverOpens:
        return
    paused = sum(
        (
            business_between(calendar, max(each.from_, start), min(each.to, at))
            for each in pauses
            if each.from_ < at
        ),
        timedelta(),
    )
    assert business_between(calendar, start, at) - paused == timedelta(minutes=count)


@given(st.sampled_from(Priority), STARTS, st.integers(0, 6000), SHORT, st.integers(0, 3000))
def test_a_pause_in_two_parts_is_the_same_pause_and_one_of_no_length_is_none(
    priority: Priority, opened: datetime, after: int, length: int, split: int
) -> None:
    first = Ticket("kundeservice", Source.PORTAL, priority, opened, agreement="basis")
    first = with_deadlines(first, DESK)
    begins = opened + after * MINUTE
    ends = begins + length * MINUTE
    between = min(begins + split * MINUTE, ends)
    paused = pause_clock(first, begins)
    whole = resume_clock(paused, DESK, ends)
    parts = pause_clock(resume_clock(paused, DESK, between), between)
    assert resume_clock(parts, DESK, ends) == whole
    assert resume_clock(pause_clock(whole, ends), DESK, ends) == whole


@pytest.mark.parametrize(
    ("night", "real_hours"), [("2026-03-29", 7), ("2026-10-25", 9), ("2026-11-01", 8)]
)
def test_a_pause_over_a_night_of_the_clock_change_is_as_long_as_the_night_was(
    night: str, real_hours: int
) -> None:
    """Round the clock, from 22:00 to 06:00 by the wall."""
    to = oslo(f"{night} 06:00")
    from_ = oslo(f"{to.date() - timedelta(days=1)} 22:00")
    assert to - from_ == timedelta(hours=real_hours)
    two_hours = Target(Minutes(120), ROUND_THE_CLOCK_ID)
    always = replace(DESK, targets=(TargetRule("basis", None, None, two_hours),))
    opened = with_deadlines(ticket(Priority.CRITICAL, f"{from_.date()} 21:00"), always)
    goes_on = resume_clock(pause_clock(opened, from_), always, to)
    assert opened.due.solve_by
    assert goes_on.due.solve_by
    assert goes_on.due.solve_by - opened.due.solve_by == timedelta(hours=real_hours)


CHANGED: Final = oslo("2026-11-23 10:00")


def in_state(state: str, status: Status) -> Ticket:
    work = Work(state, since=oslo("2026-11-23 09:00"))
    opened = ticket(Priority.HIGH, "2026-11-23 08:00")
    return with_deadlines(replace(opened, work=work, status=status), DESK)


def with_clock(state: str, *, runs: bool) -> Desk:
    states = (
        replace(each, clock_runs=runs) if each.id == state else each
        for each in DESK.workflow.states
    )
    return replace(DESK, workflow=replace(DESK.workflow, states=tuple(states)))


def test_a_workflow_that_lets_a_state_stop_the_clocks_stops_those_of_its_cases() -> None:
    works = in_state("in_progress", Status.IN_PROGRESS)
    stopped = recompute(works, with_clock("in_progress", runs=False), None, CHANGED)
    assert stopped.ticket.paused_since == CHANGED
    assert stopped.ticket.work.since == works.work.since, "it is where it was"
    assert [each.kind for each in stopped.events] == [TicketEventKind.CLOCKS_STOPPED]
    later = oslo("2026-11-23 11:00")
    started = recompute(stopped.ticket, DESK, None, later)
    assert (started.ticket.paused_since, started.ticket.pauses) == (
        None,
        (Interval(CHANGED, later),),
    )
    kinds = [each.kind for each in started.events]
    assert kinds[0] == TicketEventKind.CLOCKS_STARTED
    assert set(kinds[1:]) == {TicketEventKind.TARGETS_CHANGED}
    again = recompute(started.ticket, DESK, None, later)
    assert (again.ticket, again.events) == (started.ticket, ())


def test_a_case_whose_state_is_no_more_stands_in_one_that_counts_as_the_same() -> None:
    gone = in_state("on_the_bench", Status.WAITING)
    stands = recompute(gone, DESK, None, CHANGED)
    work = stands.ticket.work
    assert (work.state, work.since) == ("waiting_for_customer", CHANGED)
    assert [each.kind for each in stands.events] == [
        TicketEventKind.WORKFLOW_CHANGED,
        TicketEventKind.CLOCKS_STOPPED,
    ]
    told = stands.events[0].facts
    assert (told["was"], told["state"]) == ("on_the_bench", "waiting_for_customer")


@given(st.sampled_from(sorted(BUILT_IN)), st.sampled_from(sorted(BUILT_IN)), st.data())
def test_under_any_other_workflow_a_case_stands_in_one_of_its_states_with_its_clock(
    before: str, after: str, data: st.DataObject
) -> None:
    state = data.draw(st.sampled_from([s for s in BUILT_IN[before].states if s.id != "closed"]))
    desk = replace(DESK, workflow=BUILT_IN[after])
    standing = recompute(in_state(state.id, state.counts_as), desk, None, CHANGED).ticket
    found = desk.workflow.find_state(standing.work.state)
    assert found
    assert found.counts_as is standing.status
    assert standing.status is not Status.CLOSED
    assert found.clock_runs is (standing.paused_since is None)
