"""A ticket moved, or given another priority, by somebody at the desk: by command or API.

Locked, decided (domain/tickets/moves.py) and written in one transaction, so that of two only one
is first. A key pressed on a telephone takes the same decision; see store/apply.py.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import assert_never

from sqlalchemy import Connection

from app.domain.access.actor import Actor
from app.domain.calls.turn_request import Moment
from app.domain.desks.desk import Desk, Priority
from app.domain.tickets.moves import Refused, Unchanged, move, set_priority
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.release import (
    Released,
    Undoing,
    pass_on,
    release,
    undo_acknowledgement,
    undo_release,
)
from app.domain.tickets.status import Status
from app.domain.tickets.ticket import Acknowledged
from app.store import Database
from app.store.apply import apply_outcome
from app.store.desks import find_desk
from app.store.outbox import put_jobs
from app.store.tickets import StoredTicket, lock_ticket


@dataclass(frozen=True, slots=True)
class Move:
    """Give the ticket another status."""

    to: Status


@dataclass(frozen=True, slots=True)
class SetPriority:
    """Give it another priority."""

    priority: Priority


@dataclass(frozen=True, slots=True)
class Release:
    """Give back a ticket that one has."""


@dataclass(frozen=True, slots=True)
class PassOn:
    """Let the next one be rung about it."""


@dataclass(frozen=True, slots=True)
class UndoAcknowledgement:
    """Take it from a person who acknowledged it by SMS."""

    person: str
    undoing: Undoing


@dataclass(frozen=True, slots=True)
class UndoRelease:
    """Undo that a person gave it back or passed it on by SMS; `had` is how they had it."""

    person: str
    had: Acknowledged | None
    undoing: Undoing


TicketChange = Move | SetPriority | Release | PassOn | UndoAcknowledgement | UndoRelease


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Who wants what done with which ticket, and why. None in `desks` means every desk's."""

    number: int
    change: TicketChange
    by: Actor
    note: str = ""
    desks: Collection[str] | None = None


def move_ticket(
    database: Database, request: MoveRequest, now: datetime
) -> Outcome | Unchanged | Refused | None:
    """Do what is asked for, once; None where there is no such ticket that they may see."""
    return database.write(partial(move_ticket_in, request=request, now=now))


def move_ticket_in(
    connection: Connection, request: MoveRequest, now: datetime
) -> Outcome | Unchanged | Refused | None:
    """Do it in a transaction in which more is done."""
    stored = lock_ticket(connection, request.number, request.desks)
    if stored is None:
        return None
    live = find_desk(connection, stored.ticket.desk)
    desk = live.desk if live else None
    moment = Moment(now + stored.offset, now)  # a ticket's events are in its own time
    outcome = _decide(stored, request, desk, moment.now)
    if isinstance(outcome, Outcome):
        jobs = apply_outcome(connection, outcome, desk, moment)
        if jobs:
            put_jobs(connection, jobs, now)
    return outcome


def _decide(
    stored: StoredTicket, request: MoveRequest, desk: Desk | None, at: datetime
) -> Outcome | Unchanged | Refused:
    match request.change:
        case Move(to=to):
            return move(stored.ticket, to, request.by, at, request.note)
        case SetPriority(priority=priority):
            return set_priority(stored.ticket, priority, request.by, desk, at, request.note)
        case Release():
            return release(stored.ticket, request.by, at)
        case PassOn():
            return pass_on(stored.ticket, request.by, at)
        case UndoAcknowledgement(person, undoing):
            return undo_acknowledgement(stored.ticket, person, request.by, at, undoing)
        case UndoRelease(person, had, undoing):
            back = Released(person, had)
            return undo_release(stored.ticket, back, request.by, at, undoing)
        case _:
            assert_never(request.change)
