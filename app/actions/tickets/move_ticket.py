"""A ticket moved, or given another priority, by somebody at the desk: by command or API.

Locked, decided (domain/tickets/moves.py) and written in one transaction, so that of two only one
is first. A key pressed on a telephone takes the same decision; see store/apply.py.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Final, assert_never

from sqlalchemy import Connection

from app.domain.access.actor import Actor
from app.domain.calls.turn_request import Moment
from app.domain.desks.desk import Desk, Priority
from app.domain.tickets.assignment import RouteAsked, assign, route
from app.domain.tickets.comments import Comment
from app.domain.tickets.moves import Refusal, Refused, Unchanged, acknowledge, set_priority
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.release import (
    Released,
    Undoing,
    pass_on,
    release,
    undo_acknowledgement,
    undo_release,
)
from app.domain.tickets.ticket import Acknowledged, Assignee, Ticket
from app.domain.tickets.undo import Undoable, undo, undoable
from app.domain.tickets.workflow_moves import MoveAsked, Said, add_comment, close, make_move
from app.store import Database
from app.store.apply import ChangeRecord, apply_outcome
from app.store.comments import comments_on, has_comment
from app.store.desks import find_desk
from app.store.outbox import put_jobs
from app.store.tickets import StoredTicket, lock_ticket

LONGEST_KEY: Final = 220  # with the mark of its words it fits its column


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Take responsibility for the ticket."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close it, by the move of the desk's workflow that does; `comment` is for the customer."""

    comment: str = ""


@dataclass(frozen=True, slots=True)
class MakeMove:
    """Make a move of the desk's workflow."""

    asked: MoveAsked


@dataclass(frozen=True, slots=True)
class WriteComment:
    """Write on it."""

    comment: Comment


@dataclass(frozen=True, slots=True)
class Assign:
    """Give it to somebody at the desk; None: to nobody."""

    to: Assignee | None


@dataclass(frozen=True, slots=True)
class Route:
    """Pass it on to a group of the desk."""

    group: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Undo the last change, made a few seconds ago."""


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


WorkChange = Close | MakeMove | WriteComment | Assign | Route | Undo
DutyChange = Acknowledge | SetPriority | Release | PassOn | UndoAcknowledgement | UndoRelease
TicketChange = WorkChange | DutyChange


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Who wants what done with which ticket, and why. None in `desks` means every desk's.

    `version` is the one that they saw: of two who change the same one, one is told. `key` makes
    a comment one, however often it is sent.
    """

    number: int
    change: TicketChange
    by: Actor
    note: str = ""
    desks: Collection[str] | None = None
    version: int | None = None
    key: str | None = None


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
    key = comment_key(request)
    if key and has_comment(connection, key):
        return Unchanged()
    live = find_desk(connection, stored.ticket.desk)
    desk = live.desk if live else None
    moment = Moment(now + stored.offset, now)  # a ticket's events are in its own time
    outcome = decide_move(stored, request, desk, now)
    if isinstance(outcome, Refused) and _has_been_said(connection, request):
        return Unchanged()
    if isinstance(outcome, Outcome):
        record = ChangeRecord(_undoable(stored.ticket, outcome, request, moment.now), key)
        jobs = apply_outcome(connection, outcome, desk, moment, record)
        if jobs:
            put_jobs(connection, jobs, now)
    return outcome


def _has_been_said(connection: Connection, request: MoveRequest) -> bool:
    """Tell whether the last words on the ticket are these, by the same: a request sent twice."""
    words = _words(request.change)
    last = next(reversed(comments_on(connection, request.number)), None) if words else None
    return last is not None and (last.author, last.comment.body) == (request.by.name, words)


def comment_key(request: MoveRequest) -> str | None:
    """Return what makes a comment one: the form, or request, and its words.

    Whoever goes back and sends other words by the same form has written something else.
    """
    words = _words(request.change)
    if not request.key or not words:
        return None
    return f"{request.key[:LONGEST_KEY]}:{sha256(words.encode()).hexdigest()[:16]}"


def _words(change: TicketChange) -> str:
    match change:
        case WriteComment(comment):
            return comment.body
        case MakeMove(asked):
            return asked.comment
        case Close(comment):
            return comment
        case _:
            return ""


def _undoable(
    before: Ticket, outcome: Outcome, request: MoveRequest, at: datetime
) -> Undoable | None:
    if isinstance(request.change, Undo):
        return None
    return undoable(before, outcome, request.by, at)


def decide_move(
    stored: StoredTicket, request: MoveRequest, desk: Desk | None, now: datetime
) -> Outcome | Unchanged | Refused:
    """Say what becomes of a ticket, or why nothing does; nothing is written."""
    at = now + stored.offset
    return unless_stale(_change(stored, request, desk, at), stored.ticket, request.version)


def unless_stale(
    decided: Outcome | Unchanged | Refused, ticket: Ticket, version: int | None
) -> Outcome | Unchanged | Refused:
    """Refuse what was decided by somebody who saw an older version; None: they do not say which.

    What is so already needs no asking again.
    """
    work = ticket.work
    if version is None or version == work.version or not isinstance(decided, Outcome):
        return decided
    return Refused(Refusal.CHANGED_MEANWHILE, work.changed_by, work.changed_at)


def _change(
    stored: StoredTicket, request: MoveRequest, desk: Desk | None, at: datetime
) -> Outcome | Unchanged | Refused:
    change, ticket, by = request.change, stored.ticket, request.by
    match change:
        case Acknowledge():
            return acknowledge(ticket, by, at, request.note)
        case SetPriority(priority):
            return set_priority(ticket, priority, by, desk, at, request.note)
        case Release():
            return release(ticket, by, at)
        case PassOn():
            return pass_on(ticket, by, at)
        case UndoAcknowledgement(person, undoing):
            return undo_acknowledgement(ticket, person, by, at, undoing)
        case UndoRelease(person, had, undoing):
            return undo_release(ticket, Released(person, had), by, at, undoing)
        case _:
            return _work_on(stored, change, desk, request, at)


def _work_on(
    stored: StoredTicket,
    change: WorkChange,
    desk: Desk | None,
    request: MoveRequest,
    at: datetime,
) -> Outcome | Unchanged | Refused:
    ticket, by, note = stored.ticket, request.by, request.note
    match change:
        case Close(comment):
            return close(ticket, desk, by, at, Said(comment, note))
        case MakeMove(asked):
            return make_move(ticket, asked, desk, by, at)
        case WriteComment(comment):
            return add_comment(ticket, comment, desk, by, at)
        case Assign(to):
            return assign(ticket, to, by, at, note)
        case Route(group):
            groups = desk.groups if desk else ()
            return route(ticket, RouteAsked(group, groups, note), by, at)
        case Undo():
            return undo(ticket, stored.undoable, by, at)
        case _:
            assert_never(change)
