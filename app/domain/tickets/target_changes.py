"""What somebody at the desk decides about a ticket's targets and its escalation. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.access.actor import Actor
from app.domain.desks.desk import Desk
from app.domain.tickets.clocks import may_agree_date, with_deadlines
from app.domain.tickets.events import TicketEventKind, event_by
from app.domain.tickets.moves import Refusal, Refused, Unchanged
from app.domain.tickets.outcome import Outcome
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
    if desk is None or not may_agree_date(desk, ticket) or not _is_ahead(date.solve_by, now):
        return Refused(Refusal.NO_DATE, "", None)
    if ticket.agreed_solve_by == date.solve_by:
        return Unchanged()
    agreed = replace(
        ticket,
        agreed_solve_by=date.solve_by,
        due=replace(ticket.due, solve_by=date.solve_by),
    )
    facts = {"solve_by": date.solve_by, "was": ticket.due.solve_by}
    event = event_by(TicketEventKind.DATE_AGREED, by, now, date.reason, **facts)
    return Outcome(agreed, (event,))


def withdraw_date(
    ticket: Ticket, desk: Desk | None, by: Actor, now: datetime, reason: str
) -> Outcome | Unchanged | Refused:
    """Take an agreed date back: the target holds again, as if none had been agreed.

    Where the desk is no more nothing is agreed with it.
    """
    if ticket.closed:
        return _is_closed(ticket)
    if ticket.agreed_solve_by is None:
        return Unchanged()
    bare = replace(ticket, agreed_solve_by=None, due=replace(ticket.due, solve_by=None))
    back = with_deadlines(bare, desk) if desk else bare
    facts = {"solve_by": back.due.solve_by, "was": ticket.agreed_solve_by}
    event = event_by(TicketEventKind.DATE_WITHDRAWN, by, now, reason, **facts)
    return Outcome(back, (event,))


def hold_escalation(
    ticket: Ticket, by: Actor, now: datetime, reason: str, until: datetime | None = None
) -> Outcome | Unchanged | Refused:
    """Tell nobody of the ticket as it grows older, until then, or until the hold is released."""
    if ticket.closed:
        return _is_closed(ticket)
    if until and not _is_ahead(until, now):
        return Refused(Refusal.NOT_AHEAD, "", None)
    if ticket.holds_escalation(now) and ticket.escalation_held_until == until:
        return Unchanged()
    facts = {"until": until} if until else {}
    event = event_by(TicketEventKind.ESCALATION_HELD, by, now, reason, **facts)
    held = replace(ticket, escalation_held_at=now, escalation_held_until=until)
    return Outcome(held, (event,))


def release_escalation(
    ticket: Ticket, by: Actor, now: datetime, reason: str
) -> Outcome | Unchanged | Refused:
    """Let the escalation go on: what was reached meanwhile is told at once."""
    if ticket.closed:
        return _is_closed(ticket)
    if not ticket.holds_escalation(now):
        return Unchanged()
    event = event_by(TicketEventKind.ESCALATION_RELEASED, by, now, reason)
    released = replace(ticket, escalation_held_at=None, escalation_held_until=None)
    return Outcome(released, (event,))


def _is_ahead(at: datetime, now: datetime) -> bool:
    return now < at <= now + LATEST_DATE


def _is_closed(ticket: Ticket) -> Refused:
    return Refused(Refusal.ALREADY_CLOSED, ticket.closed_by or "", ticket.closed_at)
