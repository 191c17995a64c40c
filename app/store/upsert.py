"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells per dialect."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.store.tables import Base


def insert_new(connection: Connection, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert the rows that meet no unique index, and pass over the others."""
    connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def insert_once(connection: Connection, table: type[Base], row: dict[str, Any]) -> bool:
    """Insert the row; False when a unique index has met it before."""
    statement = _insert(connection, table).on_conflict_do_nothing()
    done = connection.execute(statement, row, execution_options={"preserve_rowcount": True})
    return done.rowcount == 1


def upsert(
    connection: Connection, table: type[Base], keys: dict[str, Any], values: dict[str, Any]
) -> None:
    """Insert the row, or give the one with these keys the new values."""
    statement = _insert(connection, table).on_conflict_do_update(
        index_elements=list(keys), set_=values
    )
    connection.execute(statement, keys | values)


def upsert_all(
    connection: Connection,
    table: type[Base],
    keys: list[str],
    changing: list[str],
    rows: list[dict[str, Any]],
) -> None:
    """Insert the rows, or give those that are there the new values of the columns that change."""
    if not rows:
        return
    statement = _insert(connection, table)
    new = {name: statement.excluded[name] for name in changing}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=new), rows)


def _insert(connection: Connection, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
