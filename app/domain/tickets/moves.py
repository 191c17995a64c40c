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
from app.domain.tickets.status import MOVES, Status
from app.domain.tickets.ticket import NOT_AGREED, Acknowledged, Closed, Ticket


class Refusal(StrEnum):
    """Why a move is not possible."""

    ALREADY_ACKNOWLEDGED = "already_acknowledged"
    ALREADY_CLOSED = "already_closed"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NO_SUCH_MOVE = "no_such_move"


@dataclass(frozen=True, slots=True)
class Unchanged:
    """It is so already, by the same person: repeating a request changes nothing."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not possible any more: who was first, and when."""

    refusal: Refusal
    by: str
    at: datetime | None


def move(
    ticket: Ticket, to: Status, by: Actor, now: datetime, note: str = ""
) -> Outcome | Unchanged | Refused:
    """Give a ticket another status. Whoever moves one that nobody had acknowledged has it."""
    if to not in MOVES[ticket.status]:
        return _not_moved(ticket, to, by)
    moved = replace(ticket, status=to)
    events: tuple[TicketEvent, ...] = ()
    if ticket.acknowledged is None:
        is_all = to is Status.ACKNOWLEDGED
        moved = replace(moved, acknowledged=Acknowledged(by.name, now, by.id))
        events = (_acknowledged(by, now, note if is_all else ""),)
    if to is Status.CLOSED:
        moved = replace(moved, closed=Closed(by.name, now))
        events = (*events, event_by(TicketEventKind.CLOSED, by, now, note))
    elif to is not Status.ACKNOWLEDGED:
        facts = {"was": str(ticket.status), "status": str(to)}
        events = (*events, event_by(TicketEventKind.MOVED, by, now, note, **facts))
    return Outcome(moved, events, (ReviewCallOuts(),))


def acknowledge_by_telephone(
    ticket: Ticket, by: Actor, now: datetime, instead_of: str | None
) -> Outcome | Unchanged | Refused:
    """Acknowledge by a key; whoever was first has it, unless they were never connected.

    `instead_of` is the person who pressed 1 before in the same call and was never connected.
    """
    had = ticket.acknowledged
    if not (had and instead_of and had.person == instead_of):
        return move(ticket, Status.ACKNOWLEDGED, by, now)
    if ticket.status is Status.CLOSED:
        return _not_moved(ticket, Status.ACKNOWLEDGED, by)
    now_theirs = replace(ticket, acknowledged=Acknowledged(by.name, now, by.id))
    return Outcome(now_theirs, (_acknowledged(by, now),), (ReviewCallOuts(),))


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
        return _is_closed(ticket)
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


def _acknowledged(by: Actor, now: datetime, note: str = "") -> TicketEvent:
    return event_by(TicketEventKind.ACKNOWLEDGED, by, now, note)


def _not_moved(ticket: Ticket, to: Status, by: Actor) -> Unchanged | Refused:
    if ticket.status is Status.CLOSED:
        is_theirs = to is Status.CLOSED and ticket.closed_by == by.name
        return Unchanged() if is_theirs else _is_closed(ticket)
    if to is ticket.status and to is not Status.ACKNOWLEDGED:
        return Unchanged()
    if to is Status.ACKNOWLEDGED and ticket.acknowledged:
        had = ticket.acknowledged
        if had.by == by.name:
            return Unchanged()
        return Refused(Refusal.ALREADY_ACKNOWLEDGED, had.by, had.at)
    return Refused(Refusal.NO_SUCH_MOVE, "", None)


def _is_closed(ticket: Ticket) -> Refused:
    return Refused(Refusal.ALREADY_CLOSED, ticket.closed_by or "", ticket.closed_at)
