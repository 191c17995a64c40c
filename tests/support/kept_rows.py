"""What many tests begin with is made once in a test process by the product's own actions, and put
as rows into the database of every other test: that takes a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from app.store import Database
from app.store.tables.base import Base

Rows = list[tuple[Table, list[dict[str, Any]]]]
KEPT: dict[Hashable, Rows] = {}


def made_once(database: Database, make: Callable[[Database], object]) -> None:
    """Fill a database as `make` does, which gets the same database in every test."""
    if make in KEPT:
        database.write(lambda connection: _replace(connection, KEPT[make]))
        return
    make(database)
    with database.read() as connection:
        KEPT[make] = rows_of(connection, Base.metadata.sorted_tables)


def rows_of(connection: Connection, tables: Iterable[Table]) -> Rows:
    """The rows of those tables in which there are any."""
    found = ((table, connection.execute(select(table)).mappings()) for table in tables)
    return [(table, kept) for table, rows in found if (kept := [dict(row) for row in rows])]


def put_rows(connection: Connection, rows: Rows) -> None:
    """Put them into empty tables."""
    for table, kept in rows:
        connection.execute(insert(table), kept)
        if connection.dialect.name == "postgresql" and table.autoincrement_column is not None:
            _count_on(connection, table)


def _replace(connection: Connection, rows: Rows) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        connection.execute(delete(table))
    put_rows(connection, rows)


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL's own counters know nothing of rows that bring their number along."""
    column = table.autoincrement_column
    assert column is not None
    highest = select(func.max(column)).scalar_subquery()
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    connection.execute(select(func.setval(sequence, highest)))
