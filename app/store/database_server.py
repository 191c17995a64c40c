"""The database server itself: which one, how old, what it says the time is, which schema it has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from app.domain.time.clock_skew import clock_skew
from app.store.upgrade import schema_of


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """What can be learnt of a server without knowing our tables."""

    is_sqlite: bool
    version: tuple[int, ...]
    schema: str | None
    clock_skew: timedelta | None  # its clock before ours; None for SQLite, which has ours
    journal_mode: str = ""  # of SQLite


def inspect_server(connection: Connection, now: Callable[[], datetime]) -> DatabaseServer:
    """Ask the server about itself, and what the time is there; nothing is changed."""
    schema = schema_of(connection)
    if connection.dialect.name == "sqlite":
        version = str(connection.execute(text("SELECT sqlite_version()")).scalar_one())
        mode = str(connection.execute(text("PRAGMA journal_mode")).scalar_one())
        return DatabaseServer(True, _numbers(version), schema, None, mode)
    number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    asked_at = now()
    clock: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    found = clock_skew(clock.astimezone(UTC), asked_at, now())
    return DatabaseServer(False, (number // 10_000, number % 10_000), schema, found)


def server_time(connection: Connection) -> datetime:
    """Ask what time it is where the rows are kept; SQLite tells that of the machine."""
    if connection.dialect.name == "sqlite":
        told = connection.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(str(told)).replace(tzinfo=UTC)
    there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return there.astimezone(UTC)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
