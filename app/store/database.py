"""The database: how it is opened, and the two ways to use it. No table is known here."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

T = TypeVar("T")

# Budgets inside Twilio's 15 s: connect 2 s, one statement 4 s.
CONNECT_SECONDS: Final = 2
STATEMENT_MS: Final = 4000
POSTGRES: Final = {
    "connect_timeout": CONNECT_SECONDS,
    "options": f"-c statement_timeout={STATEMENT_MS} -c timezone=UTC",
    "tcp_user_timeout": STATEMENT_MS + 1000,  # a host that has vanished counts no statements
}
# deadlock_detected and serialization_failure: the other one went through, so try again.
WORTH_A_SECOND_TRY: Final = frozenset({"40P01", "40001"})

READ_ONLY: Final = "25006"  # a standby server of PostgreSQL, or one that has been told so

WRITES: Final = "vakt_writes"


class DatabaseUnavailable(Exception):
    """The database cannot be reached, or could not answer in time. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Threads and processes may use it side by side."""

    engine: Engine
    _turnstile: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one transaction and return what it returns; all of it or nothing.

        Work that met a lost connection or a deadlock is done once more from the
        start. DatabaseUnavailable when the database is away or too slow.
        """
        try:
            return self._write(work)
        except (DBAPIError, NoFreeConnection) as error:
            if not _is_worth_a_second_try(error):
                raise _told_plainly(error) from error
        try:
            return self._write(work)
        except (DBAPIError, NoFreeConnection) as error:
            raise _told_plainly(error) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database and changes nothing."""
        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except (DBAPIError, NoFreeConnection) as error:
            raise _told_plainly(error) from error

    def is_well(self) -> bool:
        """Tell whether the database answers."""
        try:
            with self.read() as connection:
                return connection.execute(text("SELECT 1")).scalar() == 1
        except DatabaseUnavailable:
            return False

    def close(self) -> None:
        """Close every idle connection."""
        self.engine.dispose()

    def _write(self, work: Callable[[Connection], T]) -> T:
        # SQLite lets one writer in at a time. Threads queue at our own door, because
        # its busy handler sleeps in ever longer steps and lets late ones pass.
        with (
            self._turn(),
            self.engine.connect() as connection,
            connection.execution_options(**{WRITES: True}).begin(),
        ):
            return work(connection)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._turnstile.acquire(timeout=STATEMENT_MS / 1000):
            raise DatabaseUnavailable("another writer holds the database")
        try:
            yield
        finally:
            self._turnstile.release()


def open_database(url: str) -> Database:
    """Open the database that `DATABASE_URL` names; a SQLite file's folder is made with it.

    No connection is made yet. ValueError for anything but SQLite and PostgreSQL by psycopg.
    """
    kind = make_url(url).drivername
    if kind in {"sqlite", "sqlite+pysqlite"}:
        return Database(_open_sqlite(url))
    if kind == "postgresql+psycopg":
        return Database(
            create_engine(
                url,
                connect_args=POSTGRES,
                pool_timeout=CONNECT_SECONDS,
                pool_use_lifo=True,
            )
        )
    raise ValueError(
        f"DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://, not {kind}"
    )


def is_missing(url: str) -> bool:
    """Tell whether opening this would make a new SQLite file; no server is asked."""
    file = sqlite_file(url)
    return file is not None and not file.exists()


def sqlite_file(url: str) -> Path | None:
    """Return the file of an embedded database; None for a server, or one in memory."""
    parts = make_url(url)
    in_file = parts.get_backend_name() == "sqlite" and parts.database not in {None, "", ":memory:"}
    return Path(parts.database or "") if in_file else None


def _open_sqlite(url: str) -> Engine:
    file = sqlite_file(url)
    engine = create_engine(url, pool_timeout=CONNECT_SECONDS)
    if file:
        # Only now: whoever opens a database and does not use it leaves no folder behind.
        event.listen(
            engine, "do_connect", lambda *_: file.parent.mkdir(parents=True, exist_ok=True)
        )
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    """Set a new connection up: it waits for others, and forgets nothing that was committed."""
    # The driver would begin a deferred transaction by itself; we say when, and which.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={STATEMENT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",  # a ticket survives a power cut
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction: one that will write takes the lock at once."""
    # A deferred transaction that turns out to write meets lock errors under load.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_worth_a_second_try(error: SQLAlchemyError) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or _sqlstate(error) in WORTH_A_SECOND_TRY


def _told_plainly(error: SQLAlchemyError) -> Exception:
    """Name what is away or too slow; anything else is a mistake of ours and stays what it is."""
    if isinstance(error, NoFreeConnection):
        return DatabaseUnavailable("every connection is taken")
    if isinstance(error, OperationalError) or _sqlstate(error) == READ_ONLY:
        return DatabaseUnavailable(str(getattr(error, "orig", error)))
    return error


def _sqlstate(error: SQLAlchemyError) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""
