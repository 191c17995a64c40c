"""Posts beside the turns, kept until the database is back: SMS, and what is told of recordings."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, Integer, String, Table, Text, delete, select

from app.standby.entries import Content
from app.standby.journal import METADATA
from app.store import Database
from app.store.codec import read_facts
from app.store.tables.base import UtcDateTime

POSTS: Final = Table(
    "posts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("facts", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class KeptPost:
    """One post as it was kept; who takes it later knows its kinds.

    It stands in an entry of its own; older releases have kept it in a journal's table.
    """

    kind: str
    facts: dict[str, object]
    at: datetime
    source: Path | tuple[Database, int]


def entry_of(kind: str, facts: dict[str, object], at: datetime) -> Content:
    """Return what is written of a post."""
    return {"kind": kind, "facts": facts, "at": at}


def read_post(content: Content, source: Path) -> KeptPost:
    """Read what was written of a post."""
    facts, at = content["facts"], content["at"]
    if not isinstance(facts, dict) or not isinstance(at, datetime):
        raise ValueError(f"{source} is no post")
    return KeptPost(str(content["kind"]), facts, at, source)


def kept_posts(connection: Connection) -> tuple[tuple[int, str, dict[str, object], datetime], ...]:
    """Return the posts in a journal's table, in the order in which they came."""
    rows = connection.execute(select(POSTS).order_by(POSTS.c.id))
    return tuple((row.id, row.kind, read_facts(row.facts), row.at) for row in rows)


def forget_post(connection: Connection, post: int) -> None:
    """Forget a post: the database has it."""
    connection.execute(delete(POSTS).where(POSTS.c.id == post))
