"""A solution that was proposed in time is kept, also where it was accepted late."""

from datetime import datetime, timedelta

import pytest

from app.domain.desks.desk import Priority
from app.domain.tickets.promises import PromiseState, promises
from app.domain.tickets.targets import Deadlines
from app.domain.tickets.ticket import Closed, Source, Ticket, Work
from app.domain.workflow.status import Status
from tests.domain.time.wall_clock import oslo

MONDAY = oslo("2026-11-23 08:00")
DUE = MONDAY + timedelta(hours=4)
LATE = MONDAY + timedelta(days=2)


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED])
@pytest.mark.parametrize(
    ("proposed", "state"),
    [
        (MONDAY + timedelta(hours=3), PromiseState.KEPT),
        (MONDAY + timedelta(hours=5), PromiseState.BROKEN),
        (None, PromiseState.BROKEN),
    ],
)
def test_a_solution_counts_from_when_the_clocks_stopped(
    status: Status, proposed: datetime | None, state: PromiseState
) -> None:
    ticket = Ticket(
        "prokom",
        Source.PORTAL,
        Priority.LOW,
        MONDAY,
        1001,
        status=status,
        due=Deadlines(None, DUE),
        paused_since=proposed,
        work=Work(str(status), since=LATE),
        closed=Closed("Kari", LATE) if status is Status.CLOSED else None,
    )
    assert promises(ticket, LATE)[1].state is state
