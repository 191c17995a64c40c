"""Desks that are imported once in a test process, and put as rows into each test's database: the
import proves and checks them, which takes longer than many a test.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.actions.desks.import_desks import import_desks
from app.domain.config.folder import DeskFolder
from app.store import Database
from app.store.desks import Edit
from app.store.tables import DeskRow
from app.store.tables.base import Base
from tests.support.kept_rows import Rows, put_rows, rows_of

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
        database.write(lambda connection: put_rows(connection, KEPT[key]))
        return
    import_desks(database, folders, edit)
    if is_blank:
        tables = (each for each in Base.metadata.sorted_tables if each.name in OF_AN_IMPORT)
        with database.read() as connection:
            KEPT[key] = rows_of(connection, tables)
