"""Callbacks stored until the database is back: SMS, and the state of SMS and recordings."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, Integer, String, Table, Text, delete, select

from app.offline.entries import Content
from app.offline.journal import METADATA
from app.store import Database
from app.store.codec import read_facts
from app.store.tables.base import UtcDateTime

CALLBACKS: Final = Table(
    "callbacks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("facts", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StoredCallback:
    """One callback as it was stored; who takes it later knows its kinds.

    It stands in an entry of its own; older releases have kept it in a journal's table.
    """

    kind: str
    facts: dict[str, object]
    at: datetime
    source: Path | tuple[Database, int]


def entry_of(kind: str, facts: dict[str, object], at: datetime) -> Content:
    """Return what is written of a callback."""
    return {"kind": kind, "facts": facts, "at": at}


def read_callback(content: Content, source: Path) -> StoredCallback:
    """Read what was written of a callback."""
    facts, at = content["facts"], content["at"]
    if not isinstance(facts, dict) or not isinstance(at, datetime):
        raise ValueError(f"{source} is no callback")
    return StoredCallback(str(content["kind"]), facts, at, source)


def stored_callbacks(
    connection: Connection,
) -> tuple[tuple[int, str, dict[str, object], datetime], ...]:
    """Return the callbacks in a journal's table, in the order in which they came."""
    rows = connection.execute(select(CALLBACKS).order_by(CALLBACKS.c.id))
    return tuple((row.id, row.kind, read_facts(row.facts), row.at) for row in rows)


def delete_callback(connection: Connection, callback: int) -> None:
    """Delete a callback: the database has it."""
    connection.execute(delete(CALLBACKS).where(CALLBACKS.c.id == callback))
