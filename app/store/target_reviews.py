"""Tickets whose targets are looked at: which are due, who was told, and when each is next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, exists, select, update

from app.domain.tickets.escalation import Cell
from app.domain.tickets.target_report import ReportedTicket
from app.domain.tickets.ticket import Ticket
from app.store.codec import read_pauses
from app.store.prepared import Prepared
from app.store.tables import DeskRow, TargetNoticeRow, TicketRow
from app.store.tickets import AT_ONCE, read_ticket
from app.store.upsert import insert_once

BATCH: Final = 200
AFTER_OTHERS: Final = AT_ONCE + timedelta(days=1)
NO_VERSION: Final = 0  # older than every version

_due = select(TicketRow.number).where(TicketRow.target_review_at <= bindparam("now"))
# From both ends: changed ones are first, what a clock asks for last, and between the two those
# whose desk has another document, of which there may be a hundred thousand.
FIRST: Final = _due.order_by(TicketRow.target_review_at, TicketRow.number).limit(BATCH // 2)
LAST: Final = _due.order_by(TicketRow.target_review_at.desc(), TicketRow.number).limit(BATCH // 2)
LOCKED: Final = (
    select(TicketRow)
    .where(TicketRow.number == bindparam("this"), TicketRow.target_review_at <= bindparam("now"))
    .with_for_update(skip_locked=True)
)
CELL: Final = (TargetNoticeRow.target, TargetNoticeRow.level, TargetNoticeRow.priority)
NOTIFIED: Final = select(*CELL).where(TargetNoticeRow.ticket == bindparam("ticket"))
REVIEW_AT: Final = Prepared(
    update(TicketRow)
    .where(TicketRow.number == bindparam("this"))
    .values(target_review_at=bindparam("at", type_=TicketRow.target_review_at.type))
)
IS_OUTDATED: Final = (  # deadlines that an older version of the desk's document says
    TicketRow.desk == bindparam("desk"),
    TicketRow.target_version < bindparam("live_version"),
    TicketRow.closed_at.is_(None),
)
OUTDATED_NUMBERS: Final = (
    select(TicketRow.number)
    .where(*IS_OUTDATED)
    .order_by(TicketRow.target_version, TicketRow.number)
    .limit(BATCH)
)
LOCK_OUTDATED: Final = (
    select(TicketRow)
    .where(TicketRow.number.in_(bindparam("numbers", expanding=True)), *IS_OUTDATED)
    .order_by(TicketRow.target_version, TicketRow.number)
    .with_for_update(skip_locked=True)
)
OUTDATED_DESKS: Final = select(DeskRow.id, DeskRow.version).where(
    DeskRow.version.is_not(None),
    exists().where(
        TicketRow.desk == DeskRow.id,
        TicketRow.target_version < DeskRow.version,
        TicketRow.closed_at.is_(None),
    ),
)
OPENED: Final = (  # in the order of ReportedTicket
    select(
        TicketRow.agreement,
        TicketRow.priority,
        TicketRow.created_at,
        TicketRow.respond_by,
        TicketRow.solve_by,
        TicketRow.workaround_stops,
        TicketRow.paused_since,
        TicketRow.responded_at,
        TicketRow.workaround_at,
        TicketRow.closed_at,
        TicketRow.pauses,
    )
    .where(
        TicketRow.desk == bindparam("desk"),
        TicketRow.created_at >= bindparam("from_"),
        TicketRow.created_at < bindparam("to"),
    )
    .execution_options(yield_per=1000)
)
OF_CUSTOMERS: Final = (
    update(TicketRow)
    .where(
        TicketRow.desk == bindparam("of_desk"),
        TicketRow.closed_at.is_(None),
        TicketRow.customer.in_(bindparam("customers", expanding=True)),
    )
    .values(target_version=NO_VERSION)
)
AGREEMENT: Final = (
    update(TicketRow)
    .where(TicketRow.number == bindparam("this"))
    .values(agreement=bindparam("under"))
)
UP_TO_DATE: Final = (
    update(TicketRow)
    .where(TicketRow.number.in_(bindparam("numbers", expanding=True)))
    .values(target_version=bindparam("live_version"), target_review_at=AFTER_OTHERS)
)


@dataclass(frozen=True, slots=True)
class DueReview:
    """A ticket that nobody else changes meanwhile, and of which levels somebody was told.

    `offset` is the ticket's moment less real time.
    """

    ticket: Ticket
    offset: timedelta
    notified: frozenset[Cell]


def due_reviews(connection: Connection, now: datetime) -> tuple[int, ...]:
    """Return the numbers of tickets whose targets are to be looked at, a batch at a time."""
    first = connection.execute(FIRST, {"now": now}).scalars().all()
    if len(first) < BATCH // 2:  # they are all
        return tuple(first)
    last = connection.execute(LAST, {"now": now}).scalars().all()
    return tuple(dict.fromkeys((*first, *last)))


def lock_due_review(connection: Connection, number: int, now: datetime) -> DueReview | None:
    """Lock a ticket that is due; None when it is not any more, or another worker has it."""
    row = connection.execute(LOCKED, {"this": number, "now": now}).first()
    if row is None:
        return None
    told = connection.execute(NOTIFIED, {"ticket": number})
    notified = frozenset((each.target, each.level, each.priority) for each in told)
    return DueReview(read_ticket(row), timedelta(seconds=row.offset_seconds), notified)


def review_at(connection: Connection, number: int, at: datetime | None) -> None:
    """Have a ticket's targets looked at then, in real time; None: not before it changes."""
    REVIEW_AT.queue(connection, {"this": number, "at": at})


def note_target_notice(connection: Connection, number: int, cell: Cell, at: datetime) -> bool:
    """Note that somebody is told of a level; False where they were before."""
    target, level, priority = cell
    row = {"ticket": number, "target": target, "level": level, "priority": priority, "at": at}
    return insert_once(connection, TargetNoticeRow, row)


def notified_cells(connection: Connection, number: int) -> dict[Cell, datetime]:
    """Return when somebody was told of each level of a ticket that was told."""
    told = select(*CELL, TargetNoticeRow.at).where(TargetNoticeRow.ticket == number)
    rows = connection.execute(told)
    return {(row.target, row.level, row.priority): row.at for row in rows}


def outdated_desks(connection: Connection) -> tuple[tuple[str, int], ...]:
    """Return the desks with deadlines of an older version, each with the version that is live."""
    return tuple((row.id, row.version) for row in connection.execute(OUTDATED_DESKS))


def outdated_tickets(connection: Connection, desk: str, version: int) -> tuple[int, ...]:
    """Return a batch of a desk's open tickets whose deadlines follow an older version."""
    asked = {"desk": desk, "live_version": version}
    return tuple(connection.execute(OUTDATED_NUMBERS, asked).scalars())


def lock_outdated(
    connection: Connection, desk: str, version: int, numbers: Sequence[int]
) -> tuple[tuple[Ticket, timedelta], ...]:
    """Lock those of these tickets that are so still, and that nobody else has."""
    asked = {"desk": desk, "live_version": version, "numbers": numbers}
    rows = connection.execute(LOCK_OUTDATED, asked)
    return tuple((read_ticket(row), timedelta(seconds=row.offset_seconds)) for row in rows)


def mark_up_to_date(connection: Connection, numbers: list[int], version: int) -> None:
    """Note that these tickets' deadlines follow a version; their escalation is looked at anew."""
    connection.execute(UP_TO_DATE, {"numbers": numbers, "live_version": version})


def outdate_targets_of(connection: Connection, desk: str, customers: list[str]) -> None:
    """Have the deadlines of these customers' open tickets set anew: their agreement changed."""
    for at in range(0, len(customers), BATCH):
        asked = {"of_desk": desk, "customers": customers[at : at + BATCH]}
        connection.execute(OF_CUSTOMERS, asked)


def change_agreement(connection: Connection, ticket: Ticket) -> None:
    """Store under which agreement a ticket stands now."""
    connection.execute(AGREEMENT, {"this": ticket.number, "under": ticket.agreement})


def tickets_opened(
    connection: Connection, desk: str, from_: datetime, to: datetime
) -> Iterator[ReportedTicket]:
    """Yield what figures need of a desk's tickets that were opened between two instants."""
    for row in connection.execute(OPENED, {"desk": desk, "from_": from_, "to": to}):
        pauses = read_pauses(row.pauses) if row.pauses else ()
        yield ReportedTicket._make((*row[:-1], pauses))
