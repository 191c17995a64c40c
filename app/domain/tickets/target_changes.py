"""What somebody at the desk decides about a ticket's targets and its escalation. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.access.actor import Actor
from app.domain.desks.desk import Desk
from app.domain.tickets.clocks import may_agree_date
from app.domain.tickets.events import TicketEventKind, event_by
from app.domain.tickets.moves import Refusal, Refused, Unchanged
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.targets import Deadlines
from app.domain.tickets.ticket import Ticket

# Open hours are counted day by day up to a deadline; a date in 2100 is a slip of the pen.
LATEST_DATE: Final = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class AgreedDate:
    """By when the customer is content to have a solution, and why that was agreed."""

    solve_by: datetime
    reason: str


def note_workaround(
    ticket: Ticket, by: Actor, now: datetime, note: str
) -> Outcome | Unchanged | Refused:
    """Note that a temporary solution is in place; the target may be met by it."""
    if ticket.closed:
        return _is_closed(ticket)
    if ticket.workaround_at:
        return Unchanged()
    event = event_by(TicketEventKind.WORKAROUND, by, now, note)
    return Outcome(replace(ticket, workaround_at=now), (event,))


def withdraw_workaround(
    ticket: Ticket, by: Actor, now: datetime, note: str
) -> Outcome | Unchanged | Refused:
    """Note that the temporary solution did not hold: the clock has run all along."""
    if ticket.closed:
        return _is_closed(ticket)
    if ticket.workaround_at is None:
        return Unchanged()
    event = event_by(TicketEventKind.WORKAROUND_WITHDRAWN, by, now, note)
    return Outcome(replace(ticket, workaround_at=None), (event,))


def agree_date(
    ticket: Ticket, desk: Desk | None, date: AgreedDate, by: Actor, now: datetime
) -> Outcome | Unchanged | Refused:
    """Let a date agreed with the customer replace the target, where the desk lets it."""
    if ticket.closed:
        return _is_closed(ticket)
    is_sensible = now < date.solve_by <= now + LATEST_DATE
    if desk is None or not may_agree_date(desk, ticket) or not is_sensible:
        return Refused(Refusal.NO_DATE, "", None)
    if ticket.agreed_solve_by == date.solve_by:
        return Unchanged()
    agreed = replace(
        ticket,
        agreed_solve_by=date.solve_by,
        due=Deadlines(ticket.due.respond_by, date.solve_by),
    )
    facts = {"solve_by": date.solve_by, "was": ticket.due.solve_by}
    event = event_by(TicketEventKind.DATE_AGREED, by, now, date.reason, **facts)
    return Outcome(agreed, (event,))


def hold_escalation(
    ticket: Ticket, by: Actor, now: datetime, reason: str
) -> Outcome | Unchanged | Refused:
    """Tell nobody of the ticket as it grows older, until the hold is released."""
    if ticket.closed:
        return _is_closed(ticket)
    if ticket.escalation_held_at:
        return Unchanged()
    event = event_by(TicketEventKind.ESCALATION_HELD, by, now, reason)
    return Outcome(replace(ticket, escalation_held_at=now), (event,))


def release_escalation(
    ticket: Ticket, by: Actor, now: datetime, reason: str
) -> Outcome | Unchanged | Refused:
    """Let the escalation go on: what was reached meanwhile is told at once."""
    if ticket.closed:
        return _is_closed(ticket)
    if ticket.escalation_held_at is None:
        return Unchanged()
    event = event_by(TicketEventKind.ESCALATION_RELEASED, by, now, reason)
    return Outcome(replace(ticket, escalation_held_at=None), (event,))


def _is_closed(ticket: Ticket) -> Refused:
    return Refused(Refusal.ALREADY_CLOSED, ticket.closed_by or "", ticket.closed_at)
