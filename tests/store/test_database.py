"""How the database is opened and written to, on both kinds."""

import sqlite3
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import StatementError

from app import clock
from app.domain.calls.call import Step
from app.store import Database, DatabaseUnavailable, open_database
from app.store.tables import CallRow, CounterRow, HeartbeatRow
from tests.support.sample_desk import NIGHT, blank_database


def test_a_sqlite_database_survives_a_power_cut_and_waits_for_its_turn(
    migrated_sqlite_url: str,
) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 4000}
    with blank_database(migrated_sqlite_url) as database, database.read() as connection:
        for pragma, value in wanted.items():
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_postgresql_statement_gets_four_seconds(migrated_postgresql_url: str) -> None:
    with blank_database(migrated_postgresql_url) as database, database.read() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "4s"


def test_what_fails_half_way_leaves_nothing_behind(migrated_url: str) -> None:
    def half(connection: Connection) -> None:
        connection.execute(insert(CounterRow), {"name": "half", "value": 1})
        raise RuntimeError("the other half")

    with blank_database(migrated_url) as database:
        with pytest.raises(RuntimeError, match="the other half"):
            database.write(half)
        assert _counters(database) == {"ticket"}


def test_an_instant_without_an_offset_is_refused(migrated_url: str) -> None:
    naive = NIGHT.replace(tzinfo=None)
    row = {"worker": "w", "started_at": naive, "beat_at": naive}
    with (
        blank_database(migrated_url) as database,
        pytest.raises(StatementError, match="needs its offset"),
    ):
        database.write(lambda connection: connection.execute(insert(HeartbeatRow), row))


def test_an_instant_comes_back_as_the_same_instant_in_utc(migrated_url: str) -> None:
    oslo = timezone(timedelta(hours=1))
    at = datetime(2026, 11, 21, 23, 10, 5, 123456, tzinfo=oslo)
    row = {"worker": "w", "started_at": at, "beat_at": at}
    with blank_database(migrated_url) as database:
        database.write(lambda connection: connection.execute(insert(HeartbeatRow), row))
        with database.read() as connection:
            found = connection.execute(select(HeartbeatRow.beat_at)).scalar_one()
    assert found == at
    assert found.tzinfo is UTC


def test_a_word_outside_its_closed_set_is_refused(migrated_url: str) -> None:
    row = {"sid": "CA1", "step": "nowhere"}
    with blank_database(migrated_url) as database, pytest.raises(StatementError, match="nowhere"):
        database.write(lambda connection: connection.execute(insert(CallRow), row))
    assert Step.GREETING == "greeting"


def test_a_database_that_is_away_is_told_plainly() -> None:
    database = open_database("postgresql+psycopg://nobody@127.0.0.1:9/vakt")
    with pytest.raises(DatabaseUnavailable):
        database.write(lambda connection: connection.execute(select(CounterRow.name)))
    assert not database.is_well()
    database.close()


def test_a_lost_connection_is_replaced_and_the_work_done_again(
    migrated_postgresql_url: str,
) -> None:
    with blank_database(migrated_postgresql_url) as database:
        assert _counters(database) == {"ticket"}  # a connection waits in the pool
        _cut_all_connections(migrated_postgresql_url)
        database.write(
            lambda connection: connection.execute(insert(CounterRow), {"name": "n", "value": 1})
        )
        assert _counters(database) == {"ticket", "n"}


def test_a_writer_that_waits_too_long_is_told_so(migrated_sqlite_url: str) -> None:
    row = {"name": "n", "value": 1}
    with blank_database(migrated_sqlite_url) as database:
        database.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=50"))
        with closing(sqlite3.connect(str(database.engine.url.database))) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseUnavailable, match="locked"):
                database.write(lambda connection: connection.execute(insert(CounterRow), row))


def test_a_connection_is_kept_for_the_next_writer_and_let_go_after_trouble(
    migrated_url: str,
) -> None:
    def which(connection: Connection) -> int:
        return id(connection.connection.driver_connection)

    def fails(connection: Connection) -> None:
        raise RuntimeError("the other half")

    with blank_database(migrated_url) as database:
        first = database.write(which)
        assert database.write(which) == first
        assert database.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
        with pytest.raises(RuntimeError):
            database.write(fails)
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_whoever_looks_waits_for_no_writer_and_keeps_a_connection_too(migrated_url: str) -> None:
    def count(connection: Connection) -> tuple[int, int]:
        counters = connection.execute(select(func.count()).select_from(CounterRow)).scalar_one()
        return id(connection.connection.driver_connection), counters

    def write_and_look(connection: Connection) -> tuple[int, int]:
        connection.execute(insert(CounterRow), {"name": "n", "value": 1})
        return database.look(count)

    with blank_database(migrated_url) as database:
        looks, before = database.look(count)
        assert database.write(write_and_look) == (looks, before)
        assert database.look(count) == (looks, before + 1)


def _cut_all_connections(url: str) -> None:
    with blank_database(url) as database, database.engine.connect() as connection:
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
        connection.execute(text(f"{others} AND datname = current_database()"))


def _counters(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(select(CounterRow.name)).scalars())


def test_when_every_connection_is_taken_it_is_told_and_not_waited_for(
    migrated_postgresql_url: str,
) -> None:
    with blank_database(migrated_postgresql_url) as database, ExitStack() as taken:
        for _ in range(15):
            taken.enter_context(database.engine.connect())
        began = clock.seconds()
        with pytest.raises(DatabaseUnavailable, match="taken"):
            database.write(lambda connection: connection.execute(select(CounterRow.name)))
        assert clock.seconds() - began < 30
