"""The staff's queue: a page of the tickets that somebody works on, with the counts of each view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.access.users import User
from app.domain.desks.desk import Desk, Group
from app.domain.tickets.next_deadline import NextDeadline, next_deadline
from app.domain.tickets.queue_query import Position, QueueQuery, View
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.workflow_moves import state_of
from app.domain.workflow.workflow import State
from app.store.desks import LiveDesk, list_desks
from app.store.pagination import PAGE
from app.store.saved_filters import SavedFilter, list_saved_filters
from app.store.ticket_queue import (
    NOBODY_BESIDE,
    Neighbours,
    QueueLine,
    QueueReader,
    count_views,
    list_queue,
    neighbours,
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A ticket as the queue shows it."""

    ticket: Ticket
    desk: Desk
    customer_name: str
    state: State
    due: NextDeadline

    @property
    def position(self) -> Position:
        """Return where it stands."""
        return Position(self.due.due_at, self.ticket.number)


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue. `is_narrowed_less`: a filter named what there is not, and was left out.

    `back` and `onward` are the questions for the pages beside it.
    """

    query: QueueQuery
    desks: tuple[Desk, ...]
    rows: tuple[QueueRow, ...]
    counts: Mapping[View, int]
    saved: tuple[SavedFilter, ...]
    back: QueueQuery | None
    onward: QueueQuery | None
    is_narrowed_less: bool = False

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return the groups that can be chosen: of the desk that is, or of all."""
        asked = self.query.desk
        return groups_of(desk for desk in self.desks if asked in ("", desk.id))


def load_queue(connection: Connection, user: User, asked: QueueQuery, now: datetime) -> Queue:
    """Read a page of what a user asks for, of the desks whose tickets they work on."""
    live = list_desks(connection)
    reader, desks = reader_of(user, live), desks_of(user, live)
    query = _known(asked, desks)
    lines = list_queue(connection, query, reader, now, PAGE + 1)
    if query.before and len(lines) <= PAGE:  # the first page, and not a part of it
        query = query.whole
        lines = list_queue(connection, query, reader, now, PAGE + 1)
    has_more = len(lines) > PAGE
    shown = lines[-PAGE:] if query.before else lines[:PAGE]
    rows = tuple(_rows(shown, desks))
    has_before = has_more if query.before else query.after is not None
    has_after = query.before is not None or has_more
    return Queue(
        query,
        desks,
        rows,
        count_views(connection, reader, query.desk, now),
        list_saved_filters(connection, user.id),
        query.until(rows[0].position) if rows and has_before else None,
        query.at(rows[-1].position) if rows and has_after else None,
        is_narrowed_less=query.whole != asked.whole,
    )


def queue_neighbours(
    connection: Connection, user: User, query: QueueQuery, number: int, now: datetime
) -> Neighbours:
    """Return which tickets stand before and after one in a queue, for whoever came from there."""
    reader = reader_of(user, list_desks(connection))
    return neighbours(connection, query, reader, number, now) if reader.desks else NOBODY_BESIDE


def desks_of(user: User, live: Iterable[LiveDesk]) -> tuple[Desk, ...]:
    """Return the desks whose tickets a user works on, by name."""
    theirs = (
        each.desk
        for each in live
        if may(user, Permission.WORK_ON_TICKETS, Scope(each.desk.id, each.desk.roster)).is_allowed
    )
    return tuple(sorted(theirs, key=lambda each: (each.name.casefold(), each.id)))


def reader_of(user: User, live: Iterable[LiveDesk]) -> QueueReader:
    """Return what decides which tickets a user sees, and which of them are theirs."""
    desks = desks_of(user, live)
    email = user.email.casefold()
    groups = (
        (desk.id, group.id)
        for desk in desks
        for group in desk.groups
        if email in (each.casefold() for each in group.members)
    )
    return QueueReader(user.actor.id, tuple(each.id for each in desks), tuple(groups))


def groups_of(desks: Iterable[Desk]) -> tuple[Group, ...]:
    """Return the groups of these desks, those of the same id once."""
    found = {group.id: group for desk in desks for group in desk.groups}
    return tuple(sorted(found.values(), key=lambda each: (each.line, each.name.casefold())))


def _known(asked: QueueQuery, desks: tuple[Desk, ...]) -> QueueQuery:
    """Leave out what there is not, or not for this reader: it would show nothing."""
    desk = asked.desk if asked.desk in (each.id for each in desks) else ""
    of = (each for each in desks if desk in ("", each.id))
    group = asked.group if asked.group in (each.id for each in groups_of(of)) else ""
    return replace(asked, desk=desk, group=group)


def _rows(lines: Iterable[QueueLine], desks: tuple[Desk, ...]) -> Iterable[QueueRow]:
    by_id = {each.id: each for each in desks}
    for line in lines:
        ticket, desk = line.ticket, by_id[line.ticket.desk]
        state = state_of(ticket, desk.workflow)
        yield QueueRow(ticket, desk, line.customer_name, state, next_deadline(ticket))
