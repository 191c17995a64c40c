"""The deadline that a ticket meets next, and why: what its row in a list says. Pure.

Stored beside the ticket whenever it is written (store/tickets.py), so that lists are in its order.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.tickets.ticket import Ticket
from app.domain.workflow.status import Status

SOON: Final = timedelta(hours=1)  # a ticket that is due within this is about to breach
DONE: Final = (Status.SOLVED, Status.CLOSED)


class DeadlineKind(StrEnum):
    """What is next for a ticket."""

    RESPOND = "respond"  # by `at`
    SOLVE = "solve"  # by `at`
    STANDS = "stands"  # its clocks have stood since `at`
    NOT_AGREED = "not_agreed"  # nothing, or nothing more, was ever agreed
    DONE = "done"  # solved or closed


@dataclass(frozen=True, slots=True)
class NextDeadline:
    """What is next for a ticket; `at` is a deadline, or since when its clocks have stood."""

    kind: DeadlineKind
    at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """Return the instant by which something must be done; None where nothing must."""
        return self.at if self.kind in (DeadlineKind.RESPOND, DeadlineKind.SOLVE) else None

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the deadline has passed."""
        return self.due_at is not None and self.due_at < now

    def is_near(self, now: datetime) -> bool:
        """Tell whether it passes soon, or has passed."""
        return self.due_at is not None and self.due_at <= now + SOON


def next_deadline(ticket: Ticket) -> NextDeadline:
    """Return what a ticket must meet next: the earlier of its open deadlines."""
    if ticket.status in DONE:
        return NextDeadline(DeadlineKind.DONE)
    if ticket.paused_since:
        return NextDeadline(DeadlineKind.STANDS, ticket.paused_since)
    respond_by = None if ticket.responded_at else ticket.due.respond_by
    is_helped = ticket.workaround_at is not None and ticket.due.workaround_stops
    solve_by = None if is_helped else ticket.due.solve_by
    if respond_by and not (solve_by and solve_by < respond_by):
        return NextDeadline(DeadlineKind.RESPOND, respond_by)
    if solve_by:
        return NextDeadline(DeadlineKind.SOLVE, solve_by)
    return NextDeadline(DeadlineKind.NOT_AGREED)
