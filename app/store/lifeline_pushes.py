"""The static documents pushed to the network for an outage, and how the last push went."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.store.tables import LifelinePushRow
from app.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class LifelinePush:
    """One desk's documents. `fingerprint` is that of the stored ones; empty before the first."""

    desk: str
    fingerprint: str = ""
    pushed_at: datetime | None = None
    valid_until: datetime | None = None
    tries: int = 0
    failing_since: datetime | None = None
    error: str | None = None
    next_at: datetime | None = None


def load_lifeline_pushes(connection: Connection) -> dict[str, LifelinePush]:
    """Return what is known of each desk's documents."""
    columns = (
        LifelinePushRow.desk,
        LifelinePushRow.fingerprint,
        LifelinePushRow.pushed_at,
        LifelinePushRow.valid_until,
        LifelinePushRow.tries,
        LifelinePushRow.failing_since,
        LifelinePushRow.error,
        LifelinePushRow.next_at,
    )
    return {row.desk: LifelinePush(*row) for row in connection.execute(select(*columns))}


def save_lifeline_push(connection: Connection, pushed: LifelinePush) -> None:
    """Keep what is known of a desk's documents."""
    columns = {
        "fingerprint": pushed.fingerprint,
        "pushed_at": pushed.pushed_at,
        "valid_until": pushed.valid_until,
        "tries": pushed.tries,
        "failing_since": pushed.failing_since,
        "error": pushed.error,
        "next_at": pushed.next_at,
    }
    upsert(connection, LifelinePushRow, {"desk": pushed.desk}, columns)
