"""The worker's sign of life."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from app.store.tables import HeartbeatRow
from app.store.upsert import upsert


def beat(
    connection: Connection,
    worker: str,
    started_at: datetime,
    now: datetime,
    ahead: timedelta = timedelta(0),
) -> None:
    """Note that a worker lives, and how far its clock is ahead of the database's."""
    told = {"started_at": started_at, "beat_at": now, "ahead_seconds": ahead.total_seconds()}
    upsert(connection, HeartbeatRow, {"worker": worker}, told)


def leave(connection: Connection, worker: str) -> None:
    """Note that a worker has gone home."""
    connection.execute(delete(HeartbeatRow).where(HeartbeatRow.worker == worker))


def last_beat(connection: Connection) -> datetime | None:
    """Return when any worker last told that it lives; None when none ever did."""
    return connection.execute(select(func.max(HeartbeatRow.beat_at))).scalar()
