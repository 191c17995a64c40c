"""The worker's sign of life."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from app.store.tables import HeartbeatRow
from app.store.upsert import upsert


def record_heartbeat(
    connection: Connection,
    worker: str,
    started_at: datetime,
    now: datetime,
    clock_skew: timedelta = timedelta(0),
) -> None:
    """Note that a worker lives, and how far its clock is ahead of the database's."""
    told = {
        "started_at": started_at,
        "beat_at": now,
        "clock_skew_seconds": clock_skew.total_seconds(),
    }
    upsert(connection, HeartbeatRow, {"worker": worker}, told)


def delete_heartbeat(connection: Connection, worker: str) -> None:
    """Note that a worker has gone home."""
    connection.execute(delete(HeartbeatRow).where(HeartbeatRow.worker == worker))


def last_heartbeat(connection: Connection) -> datetime | None:
    """Return when any worker last told that it lives; None when none ever did."""
    return connection.execute(select(func.max(HeartbeatRow.beat_at))).scalar()
