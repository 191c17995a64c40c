"""Tables of the installation itself: counters, tokens, heartbeats, lifeline pushes, alarms."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.health.alarms import AlarmKind
from app.store.tables.base import Base, EnumString, Id, Json, Str64, Str250


class CounterRow(Base):
    """A number that only goes up. Tickets draw theirs here, so none comes twice."""

    __tablename__ = "counters"

    name: Mapped[Str64] = mapped_column(primary_key=True)
    value: Mapped[int]


class TokenRow(Base):
    """A key to the API. Only the hash of the secret is kept."""

    __tablename__ = "tokens"

    id: Mapped[Id]
    name: Mapped[Str250]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    desks: Mapped[Json]  # a list of ids; empty means every desk
    may_write: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class WallScreenRow(Base):
    """A screen on a wall, which anybody with its address may look at. Only the hash is kept."""

    __tablename__ = "wall_screens"

    id: Mapped[Id]
    name: Mapped[Str250]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    desks: Mapped[Json]  # a list of ids; empty means every desk
    language: Mapped[Str64]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class HeartbeatRow(Base):
    """When a worker last sent its heartbeat."""

    __tablename__ = "heartbeats"

    worker: Mapped[Str250] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    clock_skew_seconds: Mapped[float] = mapped_column(
        server_default="0"
    )  # its clock, of the database's


class LifelinePushRow(Base):
    """A desk's static documents for an outage, as last pushed to the network.

    `fingerprint` is that of the stored documents, empty before the first. All instants are real.
    """

    __tablename__ = "lifeline_pushes"

    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"), primary_key=True)
    fingerprint: Mapped[Str64]
    pushed_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    tries: Mapped[int]  # that have failed since
    failing_since: Mapped[datetime | None]
    error: Mapped[Str250 | None]
    next_at: Mapped[datetime | None]  # not again before


class AlarmRow(Base):
    """An alarm that a desk's contacts were notified of: once, and again after its repeat interval.

    `subject` is what it is about, empty for the desk as a whole. All instants are real time.
    """

    __tablename__ = "alarms"
    __table_args__ = (
        UniqueConstraint("desk", "kind", "subject"),
        Index(
            "ix_alarms_open",
            "kind",
            postgresql_where=text("resolved_at IS NULL"),
            sqlite_where=text("resolved_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"))
    kind: Mapped[AlarmKind] = mapped_column(EnumString(AlarmKind))
    subject: Mapped[Str64]
    ticket: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    notified_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
