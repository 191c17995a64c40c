"""The queue of tickets: lists of one page, counts of the views, neighbours. Read, never written.

A page begins at a place and not at a count, so that the hundredth costs what the first does. What
is asked of open tickets is answered by ix_tickets_open, what of closed ones by ix_tickets_closed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    null,
    or_,
    select,
    true,
    tuple_,
    union,
    union_all,
)

from app.domain.tickets.next_deadline import SOON
from app.domain.tickets.queue_query import EPOCH, Position, QueueQuery, View
from app.domain.tickets.search_words import SHORTEST_WORD, SearchTerm, search_terms
from app.domain.tickets.ticket import Ticket
from app.domain.workflow.status import Status
from app.store.tables import CustomerRow, TicketRow, TicketWordRow
from app.store.tickets import read_ticket

# What a row of a list does not show.
SHOWN_COLUMNS: Final = tuple(
    column for column in TicketRow.__table__.columns if column.name != "undoable"
)
IS_OPEN: Final = TicketRow.closed_at.is_(None)
IS_CLOSED: Final = TicketRow.closed_at.is_not(None)
MOST_ONE_BY_ONE: Final = 16  # desks: a statement of a hundred parts takes longer than it saves
MOST_HITS: Final = 3000  # whoever looks for more writes another word
_THEIRS: Final = tuple_(TicketRow.desk, TicketRow.customer)

Part = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class QueueReader:
    """Who reads: the id of the user, the desks whose tickets they work on, and their groups."""

    user: str
    desks: tuple[str, ...]
    groups: tuple[tuple[str, str], ...] = ()  # desk and group


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A ticket of the queue with its customer's name."""

    ticket: Ticket
    customer_name: str


def list_queue(
    connection: Connection, query: QueueQuery, reader: QueueReader, now: datetime, limit: int
) -> tuple[QueueLine, ...]:
    """List a page of the queue in its order; with `before` the last ones before that place."""
    places = list_positions(connection, query, reader, now, limit)
    of_customer = and_(CustomerRow.desk == TicketRow.desk, CustomerRow.number == TicketRow.customer)
    shown = (
        select(*SHOWN_COLUMNS, CustomerRow.name.label("customer_name"))
        .outerjoin(CustomerRow, of_customer)
        .where(TicketRow.number.in_([each.number for each in places]))
    )
    rows = {row.number: row for row in connection.execute(shown)}
    found = (rows[each.number] for each in places if each.number in rows)
    return tuple(QueueLine(read_ticket(row), row.customer_name or "") for row in found)


def list_positions(
    connection: Connection, query: QueueQuery, reader: QueueReader, now: datetime, limit: int
) -> tuple[Position, ...]:
    """List where the tickets of a page stand, in order: read from an index alone."""
    wanted = _wanted(query, reader, now, limit)
    if wanted is None:
        return ()
    rows = connection.execute(wanted)
    in_order = sorted((Position(row.next_due_at, row.number) for row in rows), key=_order)
    return tuple(in_order[-limit:] if query.before else in_order[:limit])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The tickets before and after one in the queue, as it was shown; None at its ends."""

    previous: Position | None
    next: Position | None


NOBODY_BESIDE: Final = Neighbours(None, None)


def neighbours(
    connection: Connection, query: QueueQuery, reader: QueueReader, number: int, now: datetime
) -> Neighbours:
    """Return which tickets stand before and after one in what `query` asks for.

    `query.after` is where the ticket stood when it was shown: by now it may stand elsewhere, or
    be closed. Without it, where it stands now is looked for by its number.
    """
    place = query.after or _place_of(connection, number, reader)
    if place is None:
        return NOBODY_BESIDE
    around = (
        list_positions(connection, asked, reader, now, 2)
        for asked in (query.until(place), query.at(place))
    )
    before, after = ([each for each in some if each.number != number] for some in around)
    return Neighbours(next(reversed(before), None), next(iter(after), None))


def count_views(
    connection: Connection, reader: QueueReader, desk: str, now: datetime
) -> Mapping[View, int]:
    """Count what each view shows, of one desk or of all that the reader works for."""
    desks = _desks(reader, desk)
    if not desks:
        return dict.fromkeys(View, 0)
    of_desks = TicketRow.desk.in_(desks)
    open_views = [each for each in View if each not in (View.CLOSED, View.EVERY)]
    counted = [
        func.sum(case((_of_view(view, reader, now), 1), else_=0)).label(view) for view in open_views
    ]
    closed = (
        select(func.count()).select_from(TicketRow).where(IS_CLOSED, of_desks).scalar_subquery()
    )
    asked = select(*counted, closed.label(View.CLOSED)).where(IS_OPEN, of_desks)
    row = connection.execute(asked).mappings().one()
    counts = {view: int(row[view] or 0) for view in (*open_views, View.CLOSED)}
    return counts | {View.EVERY: counts[View.OPEN] + counts[View.CLOSED]}


def _wanted(query: QueueQuery, reader: QueueReader, now: datetime, limit: int) -> Any:
    """Ask for the page's tickets, and a few more; None where there can be none."""
    desks = _desks(reader, query.desk)
    terms = search_terms(query.text)
    if not desks or (query.text and not terms):
        return None
    asked = [_of_view(query.view, reader, now), *_filters(query)]
    if terms:
        asked.append(TicketRow.number.in_(select(_hits(terms, desks).c.number)))
    pages = _closed if query.view is View.CLOSED else _open
    parts = [
        part
        for of_desk in _one_by_one(desks, is_search=bool(terms))
        for part in pages(and_(of_desk, *asked), query, limit)
    ]
    chosen = [select(*part.subquery().c) for part in parts]
    return union_all(*chosen) if chosen else None


def _one_by_one(desks: tuple[str, ...], *, is_search: bool) -> list[ColumnElement[bool]]:
    """Take each desk for itself, in the order of its index; many desks, and hits, are sorted."""
    if is_search or len(desks) > MOST_ONE_BY_ONE:
        return [TicketRow.desk.in_(desks)]
    return [TicketRow.desk == desk for desk in desks]


def _open(wanted: ColumnElement[bool], query: QueueQuery, limit: int) -> Iterator[Part]:
    """Those with a deadline, the one that is due first first; then the others, the newest first.

    For what is found by a search too, where some are closed: those are among the others.
    """
    due, number, after, before = TicketRow.next_due_at, TicketRow.number, query.after, query.before
    if after is None or after.due_at:
        with_one = select(number, due).where(wanted, due.is_not(None))
        if after:
            later = or_(due > after.due_at, number > after.number)
            with_one = with_one.where(due >= after.due_at, later)
        if before and before.due_at:
            earlier = or_(due < before.due_at, number < before.number)
            with_one = with_one.where(due <= before.due_at, earlier)
        order = (due.desc(), number.desc()) if before else (due, number)
        yield with_one.order_by(*order).limit(limit)
    if query.view is View.BREACHING or (before and before.due_at):
        return
    without = select(number, due).where(wanted, due.is_(None))
    if after and after.due_at is None:
        without = without.where(number < after.number)
    if before:
        yield without.where(number > before.number).order_by(due, number).limit(limit)
    else:
        yield without.order_by(due.desc(), number.desc()).limit(limit)


def _closed(wanted: ColumnElement[bool], query: QueueQuery, limit: int) -> Iterator[Part]:
    """Closed ones, the newest first: none has a deadline."""
    number = TicketRow.number
    some = select(number, null().label("next_due_at")).where(wanted)
    if query.after:
        some = some.where(number < query.after.number)
    if query.before:
        yield some.where(number > query.before.number).order_by(number).limit(limit)
    else:
        yield some.order_by(number.desc()).limit(limit)


def _of_view(view: View, reader: QueueReader, now: datetime) -> ColumnElement[bool]:
    match view:
        case View.MINE:
            which = TicketRow.assignee_id == reader.user
        case View.GROUP:
            groups: dict[str, list[str]] = {}
            for desk, group in reader.groups:
                groups.setdefault(desk, []).append(group)
            theirs = (
                and_(TicketRow.desk == desk, TicketRow.group_id.in_(ids))
                for desk, ids in groups.items()
            )
            which = or_(false(), *theirs)
        case View.UNASSIGNED:
            which = and_(TicketRow.assignee_name.is_(None), TicketRow.status != Status.SOLVED)
        case View.WAITING:
            which = TicketRow.status == Status.WAITING
        case View.BREACHING:
            which = TicketRow.next_due_at <= now + SOON
        case View.OPEN:
            which = true()
        case View.CLOSED:
            return IS_CLOSED
        case View.EVERY:
            return true()
    return and_(IS_OPEN, which)


def _filters(query: QueueQuery) -> list[ColumnElement[bool]]:
    asked = {
        TicketRow.priority: query.priority,
        TicketRow.group_id: query.group,
        TicketRow.customer: query.customer,
    }
    return [column == value for column, value in asked.items() if value]


def _hits(terms: tuple[SearchTerm, ...], desks: tuple[str, ...]) -> Any:
    """Return the numbers of the tickets that have every term: the newest, where they are many."""
    first, *others = (_found(term, desks) for term in terms)
    found = first.subquery()
    hits = select(found.c.number)
    for each in others:
        hits = hits.where(found.c.number.in_(each))
    return hits.order_by(found.c.number.desc()).limit(MOST_HITS).cte("hits")


def _found(term: SearchTerm, desks: tuple[str, ...]) -> CompoundSelect[int]:
    """Return the numbers of the tickets that have one of the things a term may be."""
    of_desks, number = TicketRow.desk.in_(desks), TicketRow.number
    in_words = select(TicketWordRow.ticket.label("number")).where(
        TicketWordRow.word >= term.text,
        TicketWordRow.word < term.until,
        # Here already: the newest of all desks would leave no room for those of a small one.
        exists().where(number == TicketWordRow.ticket, of_desks),
    )
    customers = select(CustomerRow.desk, CustomerRow.number).where(
        CustomerRow.desk.in_(desks), _is_customer(term)
    )
    found = [in_words, select(number).where(_THEIRS.in_(customers))]
    if term.ticket is not None:
        found.append(select(number).where(of_desks, number == term.ticket))
    if term.phone:
        found.append(select(number).where(of_desks, TicketRow.caller == term.phone))
    return union(*found)


def _is_customer(term: SearchTerm) -> ColumnElement[bool]:
    """Match a customer's number or a part of the name; SQLite knows no case of Ø and Å."""
    if len(term.text) <= SHORTEST_WORD:
        return CustomerRow.number == term.text
    written = dict.fromkeys((term.text, term.text.capitalize(), term.text.upper()))
    names = (CustomerRow.name.contains(each, autoescape=True) for each in written)
    return or_(CustomerRow.number == term.text, *names)


def _place_of(connection: Connection, number: int, reader: QueueReader) -> Position | None:
    this = select(TicketRow.next_due_at).where(
        TicketRow.number == number, TicketRow.desk.in_(reader.desks)
    )
    row = connection.execute(this).first()
    return Position(row.next_due_at, number) if row else None


def _desks(reader: QueueReader, desk: str) -> tuple[str, ...]:
    return tuple(each for each in reader.desks if desk in ("", each))


def _order(position: Position) -> tuple[bool, datetime, int]:
    if position.due_at is None:
        return True, EPOCH, -position.number
    return False, position.due_at, position.number
