"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells per dialect.

The statements are made once: making one takes longer than running it.
"""

from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.store.tables import Base

Insert = sqlite.Insert | postgresql.Insert


def insert_new(connection: Connection, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert the rows that meet no unique index, and pass over the others."""
    connection.execute(_passing_over(connection.dialect.name, table), rows)


def insert_once(connection: Connection, table: type[Base], row: dict[str, Any]) -> bool:
    """Insert the row; False when a unique index has met it before."""
    done = connection.execute(_passing_over(connection.dialect.name, table), row)
    return done.rowcount == 1


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
    rows: list[dict[str, Any]],
) -> None:
    """Insert the rows, or give those that are there the new values of the columns that change."""
    if rows:
        connection.execute(_changing(connection.dialect.name, table, keys, changing), rows)


@cache
def _passing_over(dialect: str, table: type[Base]) -> Insert:
    statement = _insert(dialect, table).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


@cache
def _changing(
    dialect: str, table: type[Base], keys: tuple[str, ...], changing: tuple[str, ...]
) -> Insert:
    statement = _insert(dialect, table)
    new = {name: statement.excluded[name] for name in changing}
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


def _insert(dialect: str, table: type[Base]) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
