"""Why a clock runs, stands or has stopped, as the ticket's page says it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from app.domain.desks.desk import Desk, Priority
from app.domain.tickets.clock_reasons import ClockReason, WhyClock, why_clock
from app.domain.tickets.clocks import pause_clock
from app.domain.tickets.escalation_preview import foreseen_ticket
from app.domain.tickets.promises import PromiseState, promises
from app.domain.tickets.targets import TargetKind
from app.domain.tickets.ticket import NOT_AGREED, Ticket
from app.domain.workflow.status import Status
from tests.domain.time.wall_clock import oslo
from tests.support.shipped_desks import desk_of, shipped

DESK: Final[Desk] = desk_of(shipped("kundeservice"))
MONDAY: Final = oslo("2026-11-23 08:00")
LATER: Final[datetime] = MONDAY + timedelta(minutes=30)
HIGH: Final[Ticket] = foreseen_ticket(DESK, Priority.HIGH, MONDAY)
LOW: Final[Ticket] = foreseen_ticket(DESK, Priority.LOW, MONDAY)
HOURS: Final = "Bemannet"


@pytest.mark.parametrize(
    ("ticket", "reason"),
    [
        (HIGH, WhyClock(ClockReason.RUNS, calendar=HOURS)),
        (pause_clock(HIGH, LATER), WhyClock(ClockReason.STANDS, LATER)),
        (replace(HIGH, workaround_at=LATER), WhyClock(ClockReason.BY_WORKAROUND, LATER)),
        (replace(LOW, workaround_at=LATER), WhyClock(ClockReason.RUNS, calendar=HOURS)),
        (replace(LOW, agreed_solve_by=LATER), WhyClock(ClockReason.DATE_AGREED, LATER)),
        (
            replace(HIGH, status=Status.SOLVED, work=replace(HIGH.work, since=LATER)),
            WhyClock(ClockReason.MET, LATER),
        ),
        (replace(HIGH, due=NOT_AGREED), WhyClock(ClockReason.NOT_AGREED)),
    ],
)
def test_the_solution_has_one_reason(ticket: Ticket, reason: WhyClock) -> None:
    assert why_clock(DESK, ticket, TargetKind.SOLUTION) == reason


def test_an_answer_that_was_given_is_met_while_the_solution_runs() -> None:
    answered = replace(HIGH, responded_at=LATER)
    assert why_clock(DESK, answered, TargetKind.RESPONSE) == WhyClock(ClockReason.MET, LATER)


def test_a_temporary_solution_keeps_the_promise_where_it_counts() -> None:
    later = oslo("2026-11-27 15:00")
    high = promises(replace(HIGH, workaround_at=LATER), later)[1]
    low = promises(replace(LOW, workaround_at=LATER), later)[1]
    assert (high.state, high.at) == (PromiseState.KEPT, LATER)
    assert low.state is PromiseState.DUE
