"""What may be done with a ticket, and what follows: one pure decision for every way in.

A key pressed on a telephone acknowledges by the same store function; see store/tickets.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.desks.desk import Priority


class TicketStatus(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class MoveKind(StrEnum):
    """What somebody can do with a ticket."""

    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    SET_PRIORITY = "set_priority"


class Refusal(StrEnum):
    """Why a move is not possible."""

    ALREADY_ACKNOWLEDGED = "already_acknowledged"
    ALREADY_CLOSED = "already_closed"


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Somebody has taken the ticket."""

    kind: MoveKind = MoveKind.ACKNOWLEDGE


@dataclass(frozen=True, slots=True)
class Close:
    """Nothing is left to do."""

    kind: MoveKind = MoveKind.CLOSE


@dataclass(frozen=True, slots=True)
class SetPriority:
    """It is more urgent, or less, than the caller said."""

    priority: Priority
    kind: MoveKind = MoveKind.SET_PRIORITY


Move = Acknowledge | Close | SetPriority


@dataclass(frozen=True, slots=True)
class TicketState:
    """What a decision needs to know of a ticket."""

    number: int
    desk: str
    status: TicketStatus
    priority: Priority
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The ticket changes. `acknowledges`: whoever closes an open ticket has taken it too."""

    status: TicketStatus
    acknowledges: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The same person has done the same before: repeating a request changes nothing."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not possible any more: who was first, and when."""

    refusal: Refusal
    by: str
    at: datetime | None


Outcome = Moved | Unchanged | Refused

MOVES: Final[Mapping[tuple[TicketStatus, MoveKind], TicketStatus]] = {
    (TicketStatus.OPEN, MoveKind.ACKNOWLEDGE): TicketStatus.ACKNOWLEDGED,
    (TicketStatus.OPEN, MoveKind.CLOSE): TicketStatus.CLOSED,
    (TicketStatus.OPEN, MoveKind.SET_PRIORITY): TicketStatus.OPEN,
    (TicketStatus.ACKNOWLEDGED, MoveKind.CLOSE): TicketStatus.CLOSED,
    (TicketStatus.ACKNOWLEDGED, MoveKind.SET_PRIORITY): TicketStatus.ACKNOWLEDGED,
}


def decide_move(ticket: TicketState, move: Move, by: str) -> Outcome:
    """Say what becomes of a ticket when somebody makes this move."""
    status = MOVES.get((ticket.status, move.kind))
    if status is None:
        return _refused(ticket, move, by)
    if isinstance(move, SetPriority) and move.priority is ticket.priority:
        return Unchanged()
    acknowledges = ticket.status is TicketStatus.OPEN and status is not TicketStatus.OPEN
    return Moved(status, acknowledges)


def _refused(ticket: TicketState, move: Move, by: str) -> Unchanged | Refused:
    if ticket.status is TicketStatus.CLOSED:
        if isinstance(move, Close) and ticket.closed_by == by:
            return Unchanged()
        return Refused(Refusal.ALREADY_CLOSED, ticket.closed_by or "", ticket.closed_at)
    if ticket.acknowledged_by == by:
        return Unchanged()
    return Refused(
        Refusal.ALREADY_ACKNOWLEDGED, ticket.acknowledged_by or "", ticket.acknowledged_at
    )
