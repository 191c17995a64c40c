"""Posts beside the turns, kept until the database is back: SMS, and what is told of recordings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Integer, String, Table, Text, delete, insert, select

from app.standby.journal import METADATA
from app.store.codec import read_facts, write_facts
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
    """One post as it was kept; who takes it later knows its kinds."""

    id: int
    kind: str
    facts: dict[str, object]
    at: datetime


def keep_post(connection: Connection, kind: str, facts: dict[str, object], at: datetime) -> None:
    """Keep a post."""
    row = {"kind": kind, "facts": write_facts(**facts), "at": at}
    connection.execute(insert(POSTS), row)


def kept_posts(connection: Connection) -> tuple[KeptPost, ...]:
    """Return the posts that wait, in the order in which they came."""
    rows = connection.execute(select(POSTS).order_by(POSTS.c.id))
    return tuple(KeptPost(row.id, row.kind, read_facts(row.facts), row.at) for row in rows)


def forget_post(connection: Connection, post: int) -> None:
    """Forget a post: the database has it."""
    connection.execute(delete(POSTS).where(POSTS.c.id == post))
