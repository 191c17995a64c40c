"""No transaction holds a caller for long, even when the database never answers."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.store import Database, DatabaseUnavailable, open_database
from app.store.transaction_timeout import (
    LOOK_EVERY,
    TransactionTimeout,
    limit_transactions,
)

SHORT, LONG = 0.3, 300.0  # seconds; who is not to be cut has time on a machine that does much else
LONGEST = 60.0  # without the limit it is for ever
HANGS = {
    "postgresql": "SET LOCAL statement_timeout = 0; SELECT pg_sleep(600)",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e12)"
    " SELECT count(*) FROM n",
}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url)
    yield database
    database.close()


@pytest.fixture
def watch(database: Database) -> Iterator[TransactionTimeout]:
    watch = limit_transactions(database, LONG)
    yield watch
    watch.stop()


def test_a_statement_that_never_ends_is_cut(
    database: Database, watch: TransactionTimeout, backend: str
) -> None:
    watch.seconds = SHORT
    started = time.monotonic()

    with pytest.raises(DatabaseUnavailable), database.read() as connection:
        connection.execute(text(HANGS[backend]))

    assert time.monotonic() - started < LONGEST


def test_after_a_cut_the_next_one_gets_through(
    database: Database, watch: TransactionTimeout, backend: str
) -> None:
    watch.seconds = SHORT
    with pytest.raises(DatabaseUnavailable), database.read() as connection:
        connection.execute(text(HANGS[backend]))
    watch.seconds = LONG

    assert database.is_well()


def test_what_is_within_the_limit_goes_on_and_is_not_watched_once_it_has_ended(
    database: Database, watch: TransactionTimeout
) -> None:
    with database.read() as connection:
        connection.execute(text("SELECT 1"))
        assert len(watch._out) == 1
        time.sleep(3 * LOOK_EVERY)  # the watcher has looked
        assert len(watch._out) == 1
        connection.execute(text("SELECT 1"))

    assert watch._out == {}


def test_a_server_that_hangs_is_noticed(migrated_postgresql_url: str) -> None:
    database = open_database(migrated_postgresql_url)
    watch = limit_transactions(database, LONG)
    with database.read() as connection:
        backend_pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    watch.seconds, started = SHORT, time.monotonic()
    os.kill(backend_pid, signal.SIGSTOP)
    try:
        with pytest.raises(DatabaseUnavailable), database.read() as connection:
            connection.execute(text("SELECT 1"))
    finally:
        os.kill(backend_pid, signal.SIGCONT)
        watch.stop()
        database.close()

    assert time.monotonic() - started < LONGEST
