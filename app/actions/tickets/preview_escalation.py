"""Shows when each level of an escalation is reached: of a ticket, or of one that would be opened.

Reads; changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.domain.desks.desk import Priority
from app.domain.texts.operator_input import read_when
from app.domain.tickets.escalation_preview import PreviewRow, escalation_preview, foreseen_ticket
from app.domain.tickets.ticket import Ticket
from app.store.desks import find_desk
from app.store.target_reviews import notified_cells
from app.store.ticket_lists import find_ticket


@dataclass(frozen=True, slots=True)
class ShownLevel:
    """A level, and when somebody was told of it, where they were."""

    priority: Priority
    row: PreviewRow
    notified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownEscalation:
    """The levels, and the time zone in which their moments are told;"""

    zone: str
    levels: tuple[ShownLevel, ...]
    ticket: Ticket | None = None


def levels_of_ticket(
    connection: Connection, number: int, desks: Collection[str] | None = None
) -> ShownEscalation | None:
    """Return a ticket's levels; None where there is no such ticket, or its desk is no more."""
    ticket = find_ticket(connection, number, desks)
    live = find_desk(connection, ticket.desk) if ticket else None
    if ticket is None or live is None:
        return None
    notified = notified_cells(connection, number)
    levels = tuple(
        ShownLevel(ticket.priority, row, notified.get(row.escalation.cell))
        for row in escalation_preview(live.desk, ticket)
    )
    return ShownEscalation(live.desk.time_zone, levels, ticket)


def levels_of_desk(
    connection: Connection, desk: str, priority: Priority | None, opened: str | None, now: datetime
) -> ShownEscalation | None:
    """Return the levels of tickets that would be opened then; None where there is no such desk.

    Of every priority for None. NotAMoment for a moment that cannot be read.
    """
    live = find_desk(connection, desk)
    if live is None:
        return None
    at = read_when(opened, live.desk.time_zone) if opened else now
    levels = tuple(
        ShownLevel(level, row)
        for level in ((priority,) if priority else Priority)
        for row in escalation_preview(live.desk, foreseen_ticket(live.desk, level, at))
    )
    return ShownEscalation(live.desk.time_zone, levels)
