"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells per dialect.

The statements are made once per table, columns and number of rows: making one takes longer than
running it.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from app.store.prepared import Prepared, numbered, placeholders
from app.store.tables import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    Insert = sqlite.Insert | postgresql.Insert

Rows = list[dict[str, Any]]

ROWS_AT_ONCE: Final = 20  # in one statement: what a turn writes, and not too many to remember


def insert_row(connection: Connection, table: type[Base], row: dict[str, Any]) -> None:
    """Insert the row; one that is there already is an error, at the commit at the latest."""
    _adding(connection.dialect.name, table, tuple(row)).queue(connection, numbered([row]))


def insert_new(connection: Connection, table: type[Base], rows: Rows) -> None:
    """Insert the rows that meet no unique index, and pass over the others."""
    for some in _in_parts(rows):
        statement = _passing_over(connection.dialect.name, table, tuple(some[0]), len(some))
        statement.queue(connection, numbered(some))


def insert_once(connection: Connection, table: type[Base], row: dict[str, Any]) -> bool:
    """Insert the row; False when a unique index has met it before."""
    statement = _passing_over(connection.dialect.name, table, tuple(row), 1)
    return statement.run(connection, numbered([row])) == 1


def upsert(
    connection: Connection, table: type[Base], keys: dict[str, Any], values: dict[str, Any]
) -> None:
    """Insert the row, or give the one with these keys the new values."""
    upsert_all(connection, table, tuple(keys), tuple(values), [keys | values])


def upsert_all(
    connection: Connection,
    table: type[Base],
    keys: tuple[str, ...],
    changing: tuple[str, ...],
    rows: Rows,
) -> None:
    """Insert the rows, or give those that are there the new values of the columns that change.

    No two of the rows may have the same keys.
    """
    dialect = connection.dialect.name
    for some in _in_parts(rows):
        statement = _changing(dialect, table, tuple(some[0]), len(some), keys, changing)
        statement.queue(connection, numbered(some))


@cache
def _adding(dialect: str, table: type[Base], names: tuple[str, ...]) -> Prepared:
    return Prepared(_insert(dialect, table, names, 1))


@cache
def _passing_over(dialect: str, table: type[Base], names: tuple[str, ...], count: int) -> Prepared:
    return Prepared(_insert(dialect, table, names, count).on_conflict_do_nothing())


@cache
def _changing(
    dialect: str,
    table: type[Base],
    names: tuple[str, ...],
    count: int,
    keys: tuple[str, ...],
    changing: tuple[str, ...],
) -> Prepared:
    statement = _insert(dialect, table, names, count)
    new = {name: statement.excluded[name] for name in changing}
    return Prepared(statement.on_conflict_do_update(index_elements=keys, set_=new))


def _insert(dialect: str, table: type[Base], names: tuple[str, ...], count: int) -> "Insert":
    rows = [placeholders(table, names, row) for row in range(count)]
    if dialect == "postgresql":  # loaded where it is used: it brings all its drivers
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).values(rows).inline()
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table).values(rows).inline()


def _in_parts(rows: Rows) -> Iterator[Rows]:
    return (rows[at : at + ROWS_AT_ONCE] for at in range(0, len(rows), ROWS_AT_ONCE))
