"""The same done with several tickets: looked at first, then each by itself (move_ticket.py).

One that cannot be done is refused and keeps no other from being done.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from sqlalchemy import Connection

from app.actions.tickets.move_ticket import (
    MoveRequest,
    SetPriority,
    TicketChange,
    Undo,
    decide_move,
    move_ticket,
)
from app.domain.access.actor import Actor
from app.domain.desks.desk import Desk
from app.domain.tickets.moves import Refused, Unchanged
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.workflow_moves import moves_of
from app.domain.workflow.workflow import Mover, Requirement, StateMove
from app.store import Database
from app.store.desks import list_desks
from app.store.tickets import load_stored_tickets

BY_AGENT: Final = frozenset({Mover.AGENT})
MOST_AT_ONCE: Final = 50  # a page of the queue

Result = Outcome | Unchanged | Refused | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as somebody saw it in a list."""

    number: int
    version: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what `text` writes; None for anything else."""
        parts = text.split(".")
        are_numbers = all(each.isascii() and each.isdecimal() and len(each) < 16 for each in parts)
        return cls(int(parts[0]), int(parts[1])) if len(parts) == 2 and are_numbers else None

    @property
    def text(self) -> str:
        """Write it as it stands in a form."""
        return f"{self.number}.{self.version}"


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """Who wants what done with which tickets, of the desks that they work for; `note` says why.

    `key` makes a form one request, however often it is sent.
    """

    tickets: Sequence[Seen]
    change: TicketChange
    by: Actor
    desks: Collection[str]
    note: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What becomes, or has become, of one ticket; without `ticket` and `desk` there is none."""

    seen: Seen
    ticket: Ticket | None
    desk: Desk | None
    result: Result = None

    @property
    def will_be_done(self) -> bool:
        """Tell whether something changes."""
        return isinstance(self.result, Outcome)


def load_lines(
    connection: Connection, tickets: Sequence[Seen], desks: Collection[str]
) -> tuple[BulkLine, ...]:
    """Return the tickets that were chosen, as they are now, without anything done."""
    stored = load_stored_tickets(connection, [each.number for each in tickets], desks)
    live = {each.desk.id: each.desk for each in list_desks(connection, desks)}
    return tuple(
        BulkLine(each, found.ticket, live.get(found.ticket.desk))
        if (found := stored.get(each.number))
        else BulkLine(each, None, None)
        for each in tickets
    )


def common_moves(lines: Sequence[BulkLine]) -> tuple[StateMove, ...]:
    """Return the moves that the desk may make with every one of these now.

    A move that requires an estimate is made for one ticket at a time.
    """
    each_may = [
        moves_of(line.ticket, line.desk.workflow, BY_AGENT)
        for line in lines
        if line.ticket and line.desk
    ]
    if not each_may:
        return ()
    common = set.intersection(*({move.id for move in moves} for moves in each_may))
    return tuple(
        move
        for move in each_may[0]
        if move.id in common and Requirement.ESTIMATE not in move.requires
    )


def preview_bulk(
    connection: Connection, request: BulkRequest, now: datetime
) -> tuple[BulkLine, ...]:
    """Tell what would be done with each, and what would be refused; nothing is changed."""
    numbers = [each.number for each in request.tickets]
    stored = load_stored_tickets(connection, numbers, request.desks)
    lines = load_lines(connection, request.tickets, request.desks)
    return tuple(
        replace(line, result=decide_move(found, _of_one(request, line.seen), line.desk, now))
        if (found := stored.get(line.seen.number))
        else line
        for line in lines
    )


def do_bulk(database: Database, request: BulkRequest, now: datetime) -> tuple[BulkLine, ...]:
    """Do it with each, in a transaction of its own; tell what was done and what was refused."""
    with database.read() as connection:
        lines = load_lines(connection, request.tickets, request.desks)
    return tuple(
        replace(line, result=move_ticket(database, _of_one(request, line.seen), now))
        for line in lines
    )


def may_be_undone(request: BulkRequest) -> bool:
    """Tell whether what was done can be taken back for a few seconds."""
    return not isinstance(request.change, SetPriority | Undo)


def _of_one(request: BulkRequest, seen: Seen) -> MoveRequest:
    return MoveRequest(
        seen.number,
        request.change,
        request.by,
        request.note,
        request.desks,
        version=None if isinstance(request.change, Undo) else seen.version,
        key=f"{request.key}:{seen.number}" if request.key else None,
    )
