"""What lies at the network for when the whole house is away, and how the last try went."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.store.tables import LifelinePushRow
from app.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Pushed:
    """One desk's documents. `mark` is that of those which lie there; empty where none do yet."""

    desk: str
    mark: str = ""
    pushed_at: datetime | None = None
    valid_until: datetime | None = None
    tries: int = 0
    failing_since: datetime | None = None
    error: str | None = None
    next_at: datetime | None = None


def load_pushes(connection: Connection) -> dict[str, Pushed]:
    """Return what is known of each desk's documents."""
    columns = (
        LifelinePushRow.desk,
        LifelinePushRow.mark,
        LifelinePushRow.pushed_at,
        LifelinePushRow.valid_until,
        LifelinePushRow.tries,
        LifelinePushRow.failing_since,
        LifelinePushRow.error,
        LifelinePushRow.next_at,
    )
    return {row.desk: Pushed(*row) for row in connection.execute(select(*columns))}


def save_push(connection: Connection, pushed: Pushed) -> None:
    """Keep what is known of a desk's documents."""
    columns = {
        "mark": pushed.mark,
        "pushed_at": pushed.pushed_at,
        "valid_until": pushed.valid_until,
        "tries": pushed.tries,
        "failing_since": pushed.failing_since,
        "error": pushed.error,
        "next_at": pushed.next_at,
    }
    upsert(connection, LifelinePushRow, {"desk": pushed.desk}, columns)
