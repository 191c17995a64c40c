"""Databases that another release has made."""

from __future__ import annotations

from sqlalchemy import text

from app.store import open_database


def pretend_schema(url: str, revision: str) -> None:
    """Say that the tables are those of another revision; they stay as they are."""
    database = open_database(url)
    database.write(
        lambda connection: connection.execute(
            text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
        )
    )
    database.close()
