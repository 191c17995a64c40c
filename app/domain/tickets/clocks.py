"""A ticket's two clocks, until the answer and until the solution: when they stand and are met.

Pure. What was agreed and when it is due is targets.py; which states stop the clocks says the
desk's workflow.
"""

from dataclasses import replace
from datetime import datetime

from app.domain.access.actor import Actor
from app.domain.desks.desk import Desk
from app.domain.tickets.events import TicketEventKind, event_by
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.targets import Deadlines, deadlines
from app.domain.tickets.ticket import Ticket
from app.domain.time.intervals import Interval, union


def pause_clock(ticket: Ticket, now: datetime) -> Ticket:
    """Let the clocks stand from now on; nothing changes where they stand already."""
    return ticket if ticket.paused_since else replace(ticket, paused_since=now)


def resume_clock(ticket: Ticket, desk: Desk | None, now: datetime) -> Ticket:
    """Let the clocks go on; the open deadlines are later by the open time that has passed.

    `desk` is None where the desk is no more: its deadlines stay as they are then.
    """
    if ticket.paused_since is None:
        return ticket
    pauses = union(ticket.pauses, (Interval(ticket.paused_since, now),))
    resumed = replace(ticket, paused_since=None, pauses=pauses)
    return resumed if desk is None or pauses == ticket.pauses else with_deadlines(resumed, desk)


def respond(ticket: Ticket, by: Actor, now: datetime) -> Outcome:
    """Note that a human has answered the customer; only the first answer counts.

    For public comments, calls that were accepted and whatever else reaches the customer. What
    is sent automatically never is an answer, nor is acknowledging the ticket.
    """
    if ticket.responded_at:
        return Outcome(ticket)
    event = event_by(TicketEventKind.RESPONDED, by, now)
    return Outcome(replace(ticket, responded_at=now), (event,))


def with_deadlines(ticket: Ticket, desk: Desk) -> Ticket:
    """Return the ticket with its open deadlines as the desk has them now.

    The deadline of an answer that was given stays what it was.
    """
    agreement = agreement_of(desk, ticket.agreement).id
    due = deadlines(desk, agreement, ticket.priority, ticket.opened_at, ticket.pauses)
    respond_by = ticket.due.respond_by if ticket.responded_at else due.respond_by
    return replace(ticket, due=Deadlines(respond_by, ticket.agreed_solve_by or due.solve_by))
