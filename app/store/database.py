"""The database: how it is opened, and the two ways to use it. No table is known here."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app.domain.message_refs import MessageError, ref
from app.store.queued_statements import keep_in_order
from app.store.write_gate import GateClosed, gate_of

T = TypeVar("T")

# Budgets inside Twilio's 15 s: connect 2 s, one statement 4 s.
CONNECT_SECONDS: Final = 2
STATEMENT_MS: Final = 4000
# What a turn reads is in memory. By PostgreSQL's own figure, which is for turning disks, a plan
# made while a table is small reads the whole of it, and keeps on when it has grown.
RANDOM_PAGE_COST: Final = 1.1
OPTIONS: Final = {
    "statement_timeout": STATEMENT_MS,
    "timezone": "UTC",
    "random_page_cost": RANDOM_PAGE_COST,
}
POSTGRES: Final = {
    "connect_timeout": CONNECT_SECONDS,
    "client_encoding": "utf8",  # whatever the server's is, or the environment says
    "options": " ".join(f"-c {name}={value}" for name, value in OPTIONS.items()),
    "tcp_user_timeout": STATEMENT_MS + 1000,  # a host that has vanished counts no statements
}
# deadlock_detected, serialization_failure, and unique_violation, by which two find that they have
# stored the same: the other one went through, so try again.
WORTH_A_SECOND_TRY: Final = frozenset({"40P01", "40001", "23505"})
# feature_not_supported and invalid_sql_statement_name: what was prepared before a column changed,
# or somebody between us and the server has let go of it. New connections know nothing of it.
NO_LONGER_PREPARED: Final = frozenset({"0A000", "26000"})

READ_ONLY: Final = "25006"  # a standby server of PostgreSQL, or one that has been told so

WRITES: Final = "vakt_writes"
MOST_KEPT: Final = 5  # as many as a pool of SQLAlchemy keeps


class DatabaseUnavailable(Exception):
    """The database cannot be reached, or could not answer in time.

    Nothing was stored, unless the connection was lost at the commit: then nobody knows.
    """


class TransactionWatch(Protocol):
    """Somebody who is told which connections are in a transaction."""

    def began(self, connection: Any) -> None:
        """Note that this connection of the driver is in use."""
        ...

    def ended(self, connection: Any) -> None:
        """Note that it is not any more."""
        ...


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Threads and processes may use it side by side."""

    engine: Engine
    most_kept: int = MOST_KEPT  # open connections of a kind; 0: each is closed after its use
    watches: list[TransactionWatch] = field(default_factory=list)
    _kept: deque[Connection] = field(default_factory=deque)  # for writing, the latest used last
    _kept_to_look: deque[Connection] = field(default_factory=deque)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one transaction and return what it returns; all of it or nothing.

        Work that met a lost connection, a changed table, a deadlock or a row that somebody else has
        stored meanwhile is done once more from the start. DatabaseUnavailable when the database is
        away or too slow.
        """
        is_second = False
        while True:
            try:
                with (
                    self._gate(),
                    self._open(self._kept, writes=True) as connection,
                    connection.begin(),
                ):
                    return work(connection)
            except (DBAPIError, NoFreeConnection) as error:
                if is_second or not _is_worth_a_second_try(error):
                    raise _told_plainly(error) from error
                if _concerns_every_connection(error):
                    self.close()
            is_second = True

    def look(self, work: Callable[[Connection], T]) -> T:
        """Do work that changes nothing, on a connection that stays open for the next look.

        On SQLite no transaction is begun for it: each statement sees a moment of its own, as
        PostgreSQL's do.
        """
        try:
            with self._open(self._kept_to_look) as connection:
                if not self.is_sqlite:
                    connection.begin()
                try:
                    return work(connection)
                finally:
                    connection.rollback()  # on SQLite what a statement of SQLAlchemy's has begun
        except (DBAPIError, NoFreeConnection) as error:
            raise _told_plainly(error) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database and changes nothing."""
        try:
            with (
                self.engine.connect() as connection,
                self._watched(connection),
                connection.begin(),
            ):
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
        for kept in (self._kept, self._kept_to_look):
            while kept:
                with suppress(IndexError):  # another thread has taken the last one
                    connection = kept.pop()
                    connection.invalidate()  # its pool may be gone: none would close it
                    connection.close()
        self.engine.dispose()

    @contextmanager
    def _open(self, kept: deque[Connection], *, writes: bool = False) -> Iterator[Connection]:
        """Give a connection; it is kept for the next one unless there was trouble."""
        try:
            connection = kept.pop()
        except IndexError:
            connection = self.engine.connect().execution_options(**{WRITES: writes})
        try:
            with self._watched(connection):
                yield connection
        except BaseException:
            connection.close()
            raise
        if connection.invalidated or len(kept) >= self.most_kept:
            connection.close()
        else:
            kept.append(connection)

    @contextmanager
    def _watched(self, connection: Connection) -> Iterator[None]:
        if not self.watches:
            yield
            return
        driver = connection.connection.driver_connection
        for watch in self.watches:
            watch.began(driver)
        try:
            yield
        finally:
            for watch in self.watches:
                watch.ended(driver)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        file = self.engine.url.database if self.is_sqlite else None
        if not file:
            yield
            return
        try:
            with gate_of(file).passed(STATEMENT_MS / 1000):
                yield
        except GateClosed as closed:
            raise DatabaseUnavailable("another writer holds the database") from closed


def open_database(url: str) -> Database:
    """Open the database that `DATABASE_URL` names; a SQLite file's folder is made with it.

    No connection is made yet. ValueError for anything but SQLite and PostgreSQL by psycopg.
    """
    kind = make_url(url).drivername
    if kind in {"sqlite", "sqlite+pysqlite"}:
        return Database(_open_sqlite(url))
    if kind == "postgresql+psycopg":
        return Database(_open_postgresql(url))
    raise MessageError(
        ref("settings.mistake", name="DATABASE_URL", why=ref("settings.database_kind"))
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


def _open_postgresql(url: str) -> Engine:
    engine = create_engine(
        url, connect_args=POSTGRES, pool_timeout=CONNECT_SECONDS, pool_use_lifo=True
    )
    keep_in_order(engine)
    return engine


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
    sql = "BEGIN IMMEDIATE" if writes else "BEGIN"
    try:
        connection.connection.driver_connection.execute(sql).close()  # type: ignore[union-attr]
    except SqliteError as error:
        raise OperationalError(sql, None, error) from error


def _is_worth_a_second_try(error: SQLAlchemyError) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    return _concerns_every_connection(error) or _sqlstate(error) in WORTH_A_SECOND_TRY


def _concerns_every_connection(error: SQLAlchemyError) -> bool:
    """Tell whether the idle ones are lost too, or have prepared the same."""
    is_lost = getattr(error, "connection_invalidated", False)
    return is_lost or _sqlstate(error) in NO_LONGER_PREPARED


def _told_plainly(error: SQLAlchemyError) -> Exception:
    """Name what is away or too slow; anything else is a mistake of ours and stays what it is."""
    if isinstance(error, NoFreeConnection):
        return DatabaseUnavailable("every connection is taken")
    if isinstance(error, OperationalError) or _sqlstate(error) == READ_ONLY:
        return DatabaseUnavailable(str(getattr(error, "orig", error)))
    return error


def _sqlstate(error: SQLAlchemyError) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""
