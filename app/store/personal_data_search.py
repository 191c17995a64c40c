"""Everything that is stored about one telephone number: found, never changed here.

Goes by the list in personal_data.py, so a new table is covered as soon as it is listed.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, false, or_, select, text

from app.domain.calls.call import LONGEST_CALL
from app.domain.numbers import NORWAY
from app.domain.privacy.anonymise import mentions
from app.store.codec import read_texts
from app.store.personal_data import COLUMNS, DataCategory
from app.store.tables import (
    Base,
    CallOutRow,
    CallRow,
    DeliveryRow,
    JobRow,
    LineRow,
    PersonRow,
    RosterRow,
    TicketRow,
)

Row = Mapping[Any, Any]
Key = tuple[Any, ...]

JSON: Final = frozenset({DataCategory.NUMBERS, DataCategory.FACTS})
WRITTEN_IN: Final = frozenset({DataCategory.NUMBER, DataCategory.CALLEE, DataCategory.WORDS}) | JSON


def lift_statement_timeout(connection: Connection) -> None:
    """Let a statement read whole tables: no caller waits for it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def all_tables() -> list[Table]:
    """Return every table, those that others refer to first."""
    return list(Base.metadata.sorted_tables)


def rows_about(connection: Connection, table: Table, digits: str) -> Iterator[Row]:
    """Yield the rows of a table that hang on a number's calls and tickets, or that name it."""
    seen: set[Key] = set()
    for row in connection.execute(select(table).where(belongs_to_number(table, digits))).mappings():
        seen.add(key_of(table, row))
        yield row
    yield from (
        row for row in rows_naming(connection, table, digits) if key_of(table, row) not in seen
    )


def rows_naming(connection: Connection, table: Table, digits: str) -> Iterator[Row]:
    """Yield the rows of a table in which a number stands, however it is written."""
    listed = COLUMNS[table.name]
    wanted = [name for name in listed if listed[name] in WRITTEN_IN | {DataCategory.DOCUMENT}]
    if not wanted:
        return
    for row in connection.execute(select(table).where(_may_name(table, digits))).mappings():
        if any(mentions(read_column(listed[name], row[name]), digits) for name in wanted):
            yield row


def key_of(table: Table, row: Row) -> Key:
    """Return a row's primary key."""
    return tuple(row[column.name] for column in table.primary_key.columns)


def read_column(category: DataCategory, value: Any) -> Any:
    """Return a column's value with its JSON read; instants in it stay as they are written."""
    return json.loads(value) if category in JSON and value is not None else value


def belongs_to_number(table: Table, digits: str) -> ColumnElement[bool]:
    """Match what belongs to the calls of a number, or to the tickets they opened."""
    calls = select(CallRow.sid).where(CallRow.caller == digits)
    tickets = select(TicketRow.number).where(TicketRow.caller == digits)
    call_outs = select(CallOutRow.sid).where(CallOutRow.ticket.in_(tickets))
    if table.name == CallRow.__tablename__:
        return table.c.caller == digits
    if table.name == DeliveryRow.__tablename__:
        of_theirs = or_(JobRow.call_sid.in_(calls), JobRow.call_sid.in_(call_outs))
        jobs = select(JobRow.provider_sid).where(of_theirs)
        return table.c.sid.in_(jobs)
    theirs: list[ColumnElement[bool]] = []
    if "call_sid" in table.c:
        theirs += [table.c.call_sid.in_(calls), table.c.call_sid.in_(call_outs)]
    if "ticket" in table.c:
        theirs.append(table.c.ticket.in_(tickets))
    return or_(false(), *theirs)


def line_of_desk(connection: Connection, digits: str) -> str | None:
    """Return the desk whose own line has this number."""
    ours = or_(LineRow.number == digits, LineRow.public_number == digits)
    return connection.execute(select(LineRow.desk).where(ours)).scalar()


def has_call_in_progress(connection: Connection, digits: str, now: datetime) -> bool:
    """Tell whether a call from or to a number goes on now, or a call-out about its ticket."""
    tickets = select(TicketRow.number).where(TicketRow.caller == digits)
    theirs = {
        CallRow: or_(CallRow.caller == digits, CallRow.talking == digits),
        CallOutRow: or_(CallOutRow.ticket.in_(tickets), CallOutRow.talking == digits),
    }
    open_now = (
        select(row.sid).where(
            row.ended_at.is_(None), row.created_at > now - LONGEST_CALL, theirs[row]
        )
        for row in (CallRow, CallOutRow)
    )
    return any(connection.execute(each).first() is not None for each in open_now)


def unacknowledged_tickets_of(connection: Connection, digits: str) -> tuple[int, ...]:
    """Return the numbers of a caller's tickets that nobody has accepted."""
    theirs = and_(TicketRow.caller == digits, TicketRow.acknowledged_at.is_(None))
    numbers = select(TicketRow.number).where(theirs).order_by(TicketRow.number)
    return tuple(connection.execute(numbers).scalars())


def rosters_with(connection: Connection, digits: str) -> tuple[str, ...]:
    """Return the rosters on which somebody has this number now."""
    there = select(RosterRow.id, PersonRow.numbers).join(
        PersonRow, PersonRow.roster == RosterRow.id
    )
    rows = connection.execute(there.where(PersonRow.left_at.is_(None))).all()
    return tuple(dict.fromkeys(row.id for row in rows if digits in read_texts(row.numbers)))


def national(digits: str) -> str:
    """Return a number as every spelling of it has it, without country code."""
    return digits.removeprefix(NORWAY).removeprefix("+")


def _may_name(table: Table, digits: str) -> ColumnElement[bool]:
    """Narrow a search in SQL; what really names the number is seen when it is read."""
    bare, may = national(digits), list[ColumnElement[bool]]()
    for name, category in COLUMNS[table.name].items():
        column = table.c[name]
        match category:
            case DataCategory.NUMBER:
                may.append(column == digits)
            case DataCategory.NUMBERS | DataCategory.FACTS:
                may.append(column.contains(bare))
            case (
                DataCategory.CALLEE | DataCategory.WORDS | DataCategory.DOCUMENT
            ):  # people write a number in groups
                may.append(column.like(f"%{'%'.join(bare)}%"))
            case _:
                pass
    return or_(false(), *may)
