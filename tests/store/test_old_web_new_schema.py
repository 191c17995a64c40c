"""An old web goes on beside a new schema (docs/upgrade.md): what a migration adds needs no filling
by a release that does not know it, and what that release uses stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, inspect

from app.store import migrate

VERSIONS = Path(__file__).parents[2] / "app" / "migrations" / "versions"
REVISIONS = sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))

Columns = dict[tuple[str, str], Any]


def test_each_migration_leaves_room_for_the_release_before_it(database_url: str) -> None:
    migrate(database_url, REVISIONS[0])
    before = columns(database_url)
    for revision in REVISIONS[1:]:
        migrate(database_url, revision)
        after = columns(database_url)

        tables = {table for table, _ in before}
        added = {
            each: found for each, found in after.items() if each not in before and each[0] in tables
        }
        assert before.keys() <= after.keys(), f"{revision} takes something away"
        assert [each for each, found in added.items() if is_demanded(found)] == [], revision
        stricter = [each for each in before if is_demanded(after[each]) > is_demanded(before[each])]
        assert stricter == [], revision
        before = after


def is_demanded(column: Any) -> bool:
    """Whether a row cannot be written without naming it."""
    return not column["nullable"] and column["default"] is None


def columns(url: str) -> Columns:
    engine = create_engine(url)
    try:
        found = inspect(engine)
        return {
            (table, column["name"]): column
            for table in found.get_table_names()
            for column in found.get_columns(table)
        }
    finally:
        engine.dispose()
