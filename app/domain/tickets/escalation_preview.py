"""When each level of an escalation would be reached, with both readings of the matrix beside it.

Pure. For a ticket, or for one that is opened at a moment somebody asks about.
"""

from dataclasses import dataclass
from datetime import datetime

from app.domain.desks.desk import Desk, EscalationBasis, Priority
from app.domain.tickets.escalation import Cell, Escalation, Recipient, escalation_plan, recipient
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.targets import deadlines
from app.domain.tickets.ticket import Source, Ticket


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One level: when it is reached by either basis, and by the desk's own who is told and when."""

    escalation: Escalation
    elapsed_at: datetime | None
    overrun_at: datetime | None
    to: Recipient | None


def escalation_preview(desk: Desk, ticket: Ticket) -> tuple[PreviewRow, ...]:
    """Return every level that is reached if nobody does anything: the response's levels first."""
    elapsed, overrun = (
        {each.cell: each.reached_at for each in escalation_plan(desk, ticket, basis)}
        for basis in (EscalationBasis.ELAPSED, EscalationBasis.OVERRUN)
    )
    plan = sorted(escalation_plan(desk, ticket), key=_order)
    return tuple(
        PreviewRow(
            each,
            elapsed.get(each.cell),
            overrun.get(each.cell),
            recipient(desk, each, each.reached_at),
        )
        for each in plan
    )


def foreseen_ticket(
    desk: Desk, priority: Priority, opened_at: datetime, agreement: str | None = None
) -> Ticket:
    """Return a ticket that nobody has opened, with what would be agreed for it."""
    under = agreement_of(desk, agreement).id
    due = deadlines(desk, under, priority, opened_at)
    return Ticket(desk.id, Source.STAFF, priority, opened_at, agreement=under, due=due)


def _order(escalation: Escalation) -> Cell:
    return escalation.cell
