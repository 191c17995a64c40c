"""What may be done with a ticket, and what follows: one decision for every way in.

Pure. A key pressed on a telephone, a command, the API and a page ask the same functions.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.access.actor import Actor
from app.domain.desks.desk import Desk, Priority
from app.domain.tickets.clocks import with_deadlines
from app.domain.tickets.events import TicketEvent, TicketEventKind, event_by
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.outcome import (
    InboxEvent,
    NotifyInbox,
    Outcome,
    ReviewCallOuts,
    TicketEffect,
)
from app.domain.tickets.ticket import NOT_AGREED, Acknowledged, Ticket
from app.domain.workflow.status import Status


class Refusal(StrEnum):
    """Why a move is not possible."""

    ALREADY_ACKNOWLEDGED = "already_acknowledged"
    ALREADY_CLOSED = "already_closed"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NO_SUCH_MOVE = "no_such_move"  # not from the state in which it is
    NOT_THEIRS = "not_theirs"  # only others may make it
    NEEDS_COMMENT = "needs_comment"
    NEEDS_REASON = "needs_reason"
    NEEDS_ESTIMATE = "needs_estimate"
    CHANGED_MEANWHILE = "changed_meanwhile"  # somebody has, since it was looked at
    NOT_TO_BE_LINKED = "not_to_be_linked"  # with itself, another desk's, or in a circle
    NO_SUCH_GROUP = "no_such_group"
    TOO_LATE_TO_UNDO = "too_late_to_undo"
    NO_DATE = "no_date"  # none may be agreed for such a ticket, or not that one
    NOT_AHEAD = "not_ahead"  # until when something holds: it has passed, or is years away


@dataclass(frozen=True, slots=True)
class Unchanged:
    """It is so already, by the same person: repeating a request changes nothing."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not possible, or not any more: who was first, and when."""

    refusal: Refusal
    by: str
    at: datetime | None


def acknowledge(
    ticket: Ticket, by: Actor, now: datetime, note: str = ""
) -> Outcome | Unchanged | Refused:
    """Take responsibility for a ticket; whoever is first has it. Its state stays as it is."""
    if ticket.status is Status.CLOSED:
        return is_closed(ticket)
    had = ticket.acknowledged
    if had:
        is_theirs = had.by == by.name
        return Unchanged() if is_theirs else Refused(Refusal.ALREADY_ACKNOWLEDGED, had.by, had.at)
    return Outcome(
        acknowledged(ticket, by, now), (acknowledged_event(by, now, note),), (ReviewCallOuts(),)
    )


def acknowledged(ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Return the ticket as somebody has it."""
    status = Status.ACKNOWLEDGED if ticket.status is Status.OPEN else ticket.status
    return replace(ticket, status=status, acknowledged=Acknowledged(by.name, now, by.id))


def acknowledge_by_telephone(
    ticket: Ticket, by: Actor, now: datetime, instead_of: str | None
) -> Outcome | Unchanged | Refused:
    """Acknowledge by a key; whoever was first has it, unless they were never connected.

    `instead_of` is the person who pressed 1 before in the same call and was never connected.
    """
    had = ticket.acknowledged
    if not (had and instead_of and had.person == instead_of):
        return acknowledge(ticket, by, now)
    if ticket.status is Status.CLOSED:
        return is_closed(ticket)
    now_theirs = replace(ticket, acknowledged=Acknowledged(by.name, now, by.id))
    return Outcome(now_theirs, (acknowledged_event(by, now),), (ReviewCallOuts(),))


def set_priority(
    ticket: Ticket,
    priority: Priority,
    by: Actor,
    desk: Desk | None,
    now: datetime,
    note: str = "",
) -> Outcome | Unchanged | Refused:
    """Give a ticket another priority, with what was agreed for it from when it was opened.

    `desk` is None where the desk is no more: nothing is agreed with it then.
    """
    if ticket.status is Status.CLOSED:
        return is_closed(ticket)
    if priority is ticket.priority:
        return Unchanged()
    changed = _with_priority(replace(ticket, priority_set_at=now), priority, desk)
    facts = {"was": str(ticket.priority), "priority": str(priority)}
    event = event_by(TicketEventKind.PRIORITY_CHANGED, by, now, note, **facts)
    effects: tuple[TicketEffect, ...] = (
        NotifyInbox(InboxEvent.PRIORITY_CHANGED, ticket.priority),
        ReviewCallOuts(),
    )
    return Outcome(changed, (event,), effects)


def _with_priority(ticket: Ticket, priority: Priority, desk: Desk | None) -> Ticket:
    if desk is None:
        is_urgent = priority is Priority.CRITICAL
        return replace(ticket, priority=priority, due=NOT_AGREED, is_urgent=is_urgent)
    agreement = agreement_of(desk, ticket.agreement).id
    is_urgent = desk.is_urgent(priority, agreement)
    return with_deadlines(replace(ticket, priority=priority, is_urgent=is_urgent), desk)


def acknowledged_event(by: Actor, now: datetime, note: str = "") -> TicketEvent:
    """Make the event of somebody who has taken a ticket."""
    return event_by(TicketEventKind.ACKNOWLEDGED, by, now, note)


def is_closed(ticket: Ticket) -> Refused:
    """Refuse to do anything with a ticket that is closed."""
    return Refused(Refusal.ALREADY_CLOSED, ticket.closed_by or "", ticket.closed_at)
