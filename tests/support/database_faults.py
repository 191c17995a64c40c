"""Every way in which a database can be away, for an installation that runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import event, make_url, text

from app.store import Database
from app.web.services import WebServices

DatabaseFault = Callable[[WebServices], AbstractContextManager[None]]


@contextmanager
def refused(services: WebServices) -> Iterator[None]:
    """Nobody is let in."""
    database = services.database
    database.close()
    if database.is_sqlite:
        file = Path(str(database.engine.url.database))
        aside = file.rename(file.with_suffix(".aside"))
        yield
        database.close()
        for left in file.parent.glob(file.name + "*"):
            left.unlink()
        aside.rename(file)
        return
    with admin(database) as connection:
        name = database.engine.url.database
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        yield
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


@contextmanager
def hanging(services: WebServices) -> Iterator[None]:
    """Somebody holds what every turn needs."""
    database = services.database
    if database.is_sqlite:
        file = str(database.engine.url.database)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    url = make_url(str(database.engine.url.render_as_string(hide_password=False)))
    words = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(words) as other:
        other.execute("LOCK TABLE calls, counters IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def read_only(services: WebServices) -> Iterator[None]:
    """It answers, and takes nothing."""
    database = services.database
    with told_to(database, "PRAGMA query_only=ON", "SET default_transaction_read_only = on"):
        yield


@contextmanager
def full(services: WebServices) -> Iterator[None]:
    """There is no room for one page more. What PostgreSQL says then is no other thing to us."""
    database = services.database
    if not database.is_sqlite:
        with read_only(services):
            yield
        return
    with database.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    with told_to(database, f"PRAGMA max_page_count={pages}", ""):
        yield


@contextmanager
def told_to(database: Database, sqlite: str, postgresql: str) -> Iterator[None]:
    """Every new connection is told this first."""
    words = sqlite if database.is_sqlite else postgresql

    def tell(connection: object, _record: object) -> None:
        with closing(connection.cursor()) as cursor:  # type: ignore[attr-defined]
            cursor.execute(words)
        if not database.is_sqlite:
            connection.commit()  # type: ignore[attr-defined]

    database.close()
    event.listen(database.engine, "connect", tell)
    yield
    event.remove(database.engine, "connect", tell)
    database.close()


@contextmanager
def admin(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    url = database.engine.url.set(drivername="postgresql", database="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        yield connection


DATABASE_FAULTS: dict[str, DatabaseFault] = {
    "refused": refused,
    "hanging": hanging,
    "read-only": read_only,
    "full": full,
}
