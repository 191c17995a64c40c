"""Desks that are imported once in a test process, and put as rows into each test's database: the
import proves and checks them, which takes longer than many a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from app.actions.desks.import_desks import import_desks
from app.domain.config.folder import DeskFolder
from app.store import Database
from app.store.desks import Edit
from app.store.tables import DeskRow
from app.store.tables.base import Base

Rows = list[tuple[Table, list[dict[str, Any]]]]
Key = tuple[Edit, tuple[tuple[str, tuple[tuple[str, str], ...]], ...]]

OF_AN_IMPORT = {
    *("desks", "desk_versions", "lines", "rosters", "roster_versions", "roster_entries"),
    *("people", "customers", "customer_phones"),
}
KEPT: dict[Key, Rows] = {}


def put_desks(database: Database, folders: Sequence[DeskFolder], edit: Edit) -> None:
    """As the command imports them, into a migrated database."""
    key = edit, tuple((folder.id, folder.texts) for folder in folders)
    with database.read() as connection:
        is_blank = connection.execute(select(DeskRow.id).limit(1)).first() is None
    if is_blank and key in KEPT:
        database.write(lambda connection: _put(connection, KEPT[key]))
        return
    import_desks(database, folders, edit)
    if is_blank:
        with database.read() as connection:
            KEPT[key] = _all_rows(connection)


def _all_rows(connection: Connection) -> Rows:
    tables = (table for table in Base.metadata.sorted_tables if table.name in OF_AN_IMPORT)
    found = ((table, connection.execute(select(table)).mappings()) for table in tables)
    return [(table, kept) for table, rows in found if (kept := [dict(row) for row in rows])]


def _put(connection: Connection, rows: Rows) -> None:
    for table, kept in rows:
        connection.execute(insert(table), kept)
        if connection.dialect.name == "postgresql" and table.autoincrement_column is not None:
            _count_on(connection, table)


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL's own counters know nothing of rows that bring their number along."""
    column = table.autoincrement_column
    assert column is not None
    highest = select(func.max(column)).scalar_subquery()
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    connection.execute(select(func.setval(sequence, highest)))
