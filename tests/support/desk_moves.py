"""What somebody at the desk does with a ticket in a test."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from app.actions.tickets.move_ticket import (
    Acknowledge,
    Close,
    MoveRequest,
    TicketChange,
    move_ticket,
)
from app.domain.access.actor import Actor, ActorKind
from app.store import Database

ACKNOWLEDGE: Final = Acknowledge()
CLOSE: Final = Close()


def asked(
    number: int,
    change: TicketChange,
    by: str = "Teamleiar",
    note: str = "",
    desks: Collection[str] | None = None,
) -> MoveRequest:
    """The request of somebody by the command line."""
    actor = Actor(ActorKind.COMMAND, by, via="vakt ticket")
    return MoveRequest(number, change, actor, note, desks)


def acknowledges(database: Database, number: int, by: str, now: datetime) -> None:
    """Somebody acknowledges a ticket outside the telephone."""
    move_ticket(database, asked(number, ACKNOWLEDGE, by), now)
