"""What the house itself needs: counters, access tokens, and the worker's heartbeat."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.store.tables.base import Base, Id, Json, Line, Word


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
