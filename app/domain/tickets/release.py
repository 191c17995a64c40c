"""Giving a ticket back that one has, or passing it on; and undoing either. Pure, as moves.py is."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.access.actor import Actor
from app.domain.tickets.events import TicketEvent, TicketEventKind, event_by
from app.domain.tickets.moves import Refusal, Refused
from app.domain.tickets.outcome import Outcome, ReviewCallOuts
from app.domain.tickets.ticket import Acknowledged, Ticket
from app.domain.workflow.status import Status


@dataclass(frozen=True, slots=True)
class Undoing:
    """Whose command is undone, and the word with which they gave it."""

    had: str
    command: str


@dataclass(frozen=True, slots=True)
class Released:
    """Who gave a ticket back or passed it on, and how they had had it, where they had."""

    person: str
    had: Acknowledged | None


def release(ticket: Ticket, by: Actor, now: datetime) -> Outcome | Refused:
    """Give back a ticket that one has: nobody has it, and it is as new from now on."""
    if _who_else(ticket, by.id):
        return _not_theirs(ticket)
    if ticket.acknowledged is None:
        return Refused(Refusal.NOT_ACKNOWLEDGED, "", None)
    return _released(ticket, event_by(TicketEventKind.RELEASED, by, now), now)


def pass_on(ticket: Ticket, by: Actor, now: datetime) -> Outcome | Refused:
    """Pass on a ticket that one has, or that nobody has: the next one is rung about it first."""
    if _who_else(ticket, by.id):
        return _not_theirs(ticket)
    others = tuple(each for each in ticket.passed_on_by if each != by.id)
    passed = replace(ticket, passed_on_by=(*others, by.id))
    return _released(passed, event_by(TicketEventKind.PASSED_ON, by, now), now)


def undo_acknowledgement(
    ticket: Ticket, person: str, by: Actor, now: datetime, undoing: Undoing
) -> Outcome | Refused:
    """Take a ticket from whoever has acknowledged it, as if they never had."""
    if ticket.acknowledged is None:
        return Refused(Refusal.NOT_ACKNOWLEDGED, "", None)
    if _who_else(ticket, person):
        return _not_theirs(ticket)
    return _released(ticket, _undone(by, now, undoing), now)


def undo_release(
    ticket: Ticket, released: Released, by: Actor, now: datetime, undoing: Undoing
) -> Outcome | Refused:
    """Give a ticket to whoever gave it back, or let who passed it on be rung in their place again.

    Refused where somebody has it meanwhile.
    """
    if ticket.status is not Status.OPEN or ticket.acknowledged:
        return _not_theirs(ticket)
    passed = tuple(each for each in ticket.passed_on_by if each != released.person)
    status = Status.ACKNOWLEDGED if released.had else ticket.status
    restored = replace(ticket, acknowledged=released.had, status=status, passed_on_by=passed)
    return Outcome(restored, (_undone(by, now, undoing),), (ReviewCallOuts(),))


def _released(ticket: Ticket, event: TicketEvent, now: datetime) -> Outcome:
    since = now if ticket.acknowledged else ticket.released_at
    nobodys = replace(ticket, status=Status.OPEN, acknowledged=None, released_at=since)
    return Outcome(nobodys, (event,), (ReviewCallOuts(),))


def _who_else(ticket: Ticket, person: str) -> bool:
    """Tell whether it is closed or further on, or somebody else has it."""
    is_further = ticket.status not in (Status.OPEN, Status.ACKNOWLEDGED)
    had = ticket.acknowledged
    return is_further or (had is not None and had.person != person)


def _not_theirs(ticket: Ticket) -> Refused:
    if ticket.status is Status.CLOSED:
        return Refused(Refusal.ALREADY_CLOSED, ticket.closed_by or "", ticket.closed_at)
    if ticket.acknowledged:
        had = ticket.acknowledged
        return Refused(Refusal.ALREADY_ACKNOWLEDGED, had.by, had.at)
    return Refused(Refusal.NO_SUCH_MOVE, "", None)


def _undone(by: Actor, now: datetime, undoing: Undoing) -> TicketEvent:
    facts = {"had": undoing.had, "command": undoing.command}
    return event_by(TicketEventKind.UNDONE, by, now, **facts)
