"""What the house itself needs: counters, access tokens, the worker's heartbeat, alarms."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.alarms import AlarmKind
from app.store.tables.base import Base, Id, Json, Line, Word, WordOf


class CounterRow(Base):
    """A number that only goes up. Tickets draw theirs here, so none comes twice."""

    __tablename__ = "counters"

    name: Mapped[Word] = mapped_column(primary_key=True)
    value: Mapped[int]


class TokenRow(Base):
    """A key to the API. Only the hash of the secret is kept."""

    __tablename__ = "tokens"

    id: Mapped[Id]
    name: Mapped[Line]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    desks: Mapped[Json]  # a list of ids; empty means every desk
    may_write: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class HeartbeatRow(Base):
    """When a worker last told that it lives."""

    __tablename__ = "heartbeats"

    worker: Mapped[Line] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    ahead_seconds: Mapped[float] = mapped_column(server_default="0")  # its clock, of the database's


class LifelinePushRow(Base):
    """A desk's documents for when the house is away, as they were last put at the network.

    `mark` is that of the documents which lie there, empty before the first. All instants are real.
    """

    __tablename__ = "lifeline_pushes"

    desk: Mapped[Word] = mapped_column(ForeignKey("desks.id"), primary_key=True)
    mark: Mapped[Word]
    pushed_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    tries: Mapped[int]  # that have failed since
    failing_since: Mapped[datetime | None]
    error: Mapped[Line | None]
    next_at: Mapped[datetime | None]  # not again before


class AlarmRow(Base):
    """Something that a desk's contacts have been told of: once, and again after its quiet time.

    `subject` is what it is about, empty for the desk as a whole. All instants are real time.
    """

    __tablename__ = "alarms"
    __table_args__ = (
        UniqueConstraint("desk", "kind", "subject"),
        Index(
            "ix_alarms_open",
            "kind",
            postgresql_where=text("over_at IS NULL"),
            sqlite_where=text("over_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    desk: Mapped[Word] = mapped_column(ForeignKey("desks.id"))
    kind: Mapped[AlarmKind] = mapped_column(WordOf(AlarmKind))
    subject: Mapped[Word]
    ticket: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    told_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
