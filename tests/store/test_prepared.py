"""A prepared statement means what the same statement means when SQLAlchemy executes it."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import Connection, bindparam, event, func, select, text, update
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InternalError,
    NotSupportedError,
    StatementError,
)

from app.store import Database
from app.store.libpq_cursor import LibpqCursor
from app.store.prepared import Prepared
from app.store.tables import CounterRow, HeartbeatRow
from app.store.transaction_timeout import interrupt_connection
from app.store.upsert import insert_new, insert_once, insert_row, upsert_all
from tests.support.sample_desk import NIGHT, blank_database, later

BEAT = Prepared(select(HeartbeatRow.beat_at).where(HeartbeatRow.worker == bindparam("worker")))
NAMED = Prepared(
    select(CounterRow.name, CounterRow.value)
    .where(CounterRow.name.in_(("a", "b")), CounterRow.value > bindparam("more"))
    .order_by(CounterRow.name)
)
_counting = (
    update(CounterRow)
    .where(CounterRow.name == bindparam("this"))
    .values(value=CounterRow.value + 1)
)
COUNT = Prepared(_counting)
COUNT_UP = Prepared(_counting.returning(CounterRow.value))

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
WITHIN = 60.0  # seconds


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with blank_database(migrated_url) as database:
        yield database


def a_row(name: str, value: int = 1) -> dict[str, object]:
    return {"name": name, "value": value}


def values_of(connection: Connection) -> list[int]:
    values = select(CounterRow.value).where(CounterRow.name.in_(("a", "b")))
    return list(connection.execute(values.order_by(CounterRow.name)).scalars())


def test_values_go_through_their_columns_types_both_ways(database: Database) -> None:
    row = {"worker": "w", "started_at": NIGHT, "beat_at": later(0.123456)}
    database.write(lambda connection: insert_row(connection, HeartbeatRow, row))
    with database.read() as connection:
        assert BEAT.scalar(connection, {"worker": "w"}) == later(0.123456)
        assert BEAT.scalar(connection, {"worker": "w"}).utcoffset() == timedelta(0)
        assert BEAT.first(connection, {"worker": "another"}) is None


def test_a_naive_instant_and_a_missing_value_are_refused(database: Database) -> None:
    row = {"worker": "w", "started_at": NIGHT.replace(tzinfo=None), "beat_at": NIGHT}
    with pytest.raises(StatementError, match="needs its offset"):
        database.write(lambda connection: insert_row(connection, HeartbeatRow, row))
    with database.read() as connection, pytest.raises(StatementError, match="worker"):
        BEAT.all(connection, {})


def test_a_list_of_its_own_and_a_given_value_stand_side_by_side(database: Database) -> None:
    rows = [a_row("a"), a_row("b", 2), a_row("c", 3)]
    database.write(lambda connection: insert_new(connection, CounterRow, rows))
    with database.read() as connection:
        assert [tuple(row) for row in NAMED.all(connection, {"more": 0})] == [("a", 1), ("b", 2)]
        assert [row.name for row in NAMED.all(connection, {"more": 1})] == ["b"]


def test_a_change_gives_its_rows_back(database: Database) -> None:
    database.write(lambda connection: insert_row(connection, CounterRow, a_row("a", 41)))
    assert database.write(lambda connection: COUNT_UP.scalar(connection, {"this": "a"})) == 42
    assert database.write(lambda connection: COUNT_UP.scalar(connection, {"this": "b"})) is None


def test_rows_that_are_there_are_passed_over_or_changed(database: Database) -> None:
    many = [a_row(f"n{number:02}", number) for number in range(45)]
    with database.engine.connect() as connection, connection.begin():
        assert insert_once(connection, CounterRow, a_row("n03", 99))
        assert not insert_once(connection, CounterRow, a_row("n03", 98))
        insert_new(connection, CounterRow, many)
        upsert_all(connection, CounterRow, ("name",), ("value",), [a_row("n04", 5), a_row("new")])
        rows = connection.execute(select(CounterRow.name, CounterRow.value))
        stored = {row.name: row.value for row in rows}
    assert (stored["n03"], stored["n04"], stored["new"], stored["n44"]) == (99, 5, 1, 44)


def test_errors_are_told_as_sqlalchemy_tells_them(database: Database) -> None:
    def twice(name: str) -> None:
        database.write(lambda connection: insert_row(connection, CounterRow, a_row(name)))

    twice("a")
    with pytest.raises(IntegrityError):
        twice("a")
    twice("b")


def test_what_is_queued_is_stored_and_seen_by_whatever_comes_next(database: Database) -> None:
    def work(connection: Connection) -> tuple[object, ...]:
        insert_row(connection, CounterRow, a_row("a", 41))
        by_ours = COUNT_UP.scalar(connection, {"this": "a"})
        COUNT.queue(connection, {"this": "a"})
        insert_row(connection, CounterRow, a_row("b"))
        by_sqlalchemy = values_of(connection)
        COUNT.queue(connection, {"this": "b"})
        return by_ours, by_sqlalchemy

    assert database.write(work) == (42, [43, 1])
    with database.read() as connection:
        assert values_of(connection) == [43, 2]


def test_what_is_queued_is_forgotten_with_its_transaction(database: Database) -> None:
    with database.engine.connect() as connection:
        transaction = connection.begin()
        insert_row(connection, CounterRow, a_row("a", 1))
        transaction.rollback()
        with connection.begin():
            insert_row(connection, CounterRow, a_row("b", 2))
        with connection.begin():
            assert values_of(connection) == [2]


def test_what_is_written_without_a_transaction_waits_for_nobody_elses(
    migrated_postgresql_url: str,
) -> None:
    with blank_database(migrated_postgresql_url) as database:
        with database.engine.connect() as connection:
            insert_row(connection, CounterRow, a_row("a"))
        database.write(lambda connection: insert_row(connection, CounterRow, a_row("b", 2)))
        with database.read() as connection:
            assert values_of(connection) == [2]


def test_a_connection_goes_on_after_a_commit_that_failed(migrated_postgresql_url: str) -> None:
    with (
        blank_database(migrated_postgresql_url) as database,
        database.engine.connect() as connection,
    ):
        with connection.begin():
            insert_row(connection, CounterRow, a_row("a"))
        with pytest.raises(IntegrityError), connection.begin():
            insert_row(connection, CounterRow, a_row("a"))
        with connection.begin():
            assert values_of(connection) == [1]


def test_what_was_rolled_back_is_never_taken_for_stored(migrated_postgresql_url: str) -> None:
    def work(connection: Connection) -> None:
        insert_row(connection, CounterRow, a_row("a"))
        with suppress(DataError):
            insert_once(connection, CounterRow, a_row("b", 2**70))

    with blank_database(migrated_postgresql_url) as database:
        with pytest.raises(InternalError, match="rolled_back"):
            database.write(work)
        database.write(lambda connection: insert_row(connection, CounterRow, a_row("b", 2)))
        with database.read() as connection:
            assert values_of(connection) == [2]


def test_a_connection_on_which_answers_are_left_is_closed(
    migrated_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: LibpqCursor) -> None:
        raise KeyboardInterrupt

    with blank_database(migrated_postgresql_url) as database:
        database.write(lambda connection: insert_row(connection, CounterRow, a_row("a")))
        with database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver
            monkeypatch.setattr(LibpqCursor, "_next_result", stop)
            with pytest.raises(KeyboardInterrupt), connection.begin():
                insert_new(connection, CounterRow, [a_row(f"n{at:02}") for at in range(30)])
            assert driver.closed


def test_letters_are_stored_as_they_are_whatever_the_environment_says(
    migrated_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    length = select(func.length(CounterRow.name)).where(CounterRow.name == "blåbær")
    with blank_database(migrated_postgresql_url) as database:
        database.write(lambda connection: insert_row(connection, CounterRow, a_row("blåbær")))
        with database.read() as connection:
            assert connection.execute(length).scalar() == 6


def test_what_another_one_has_stored_meanwhile_is_met_with_a_second_try(
    migrated_postgresql_url: str,
) -> None:
    tries: list[bool] = []

    def work(connection: Connection) -> object:
        tries.append(True)
        if COUNT_UP.scalar(connection, {"this": "a"}) is None:
            other.write(lambda beside: insert_row(beside, CounterRow, a_row("a", 7)))
            insert_row(connection, CounterRow, a_row("a"))
        return values_of(connection)

    with blank_database(migrated_postgresql_url) as database:
        other = Database(database.engine)
        assert database.write(work) == [8]
        other.close()
    assert len(tries) == 2


def test_a_sign_that_the_server_takes_for_the_end_of_a_text_is_refused(
    migrated_postgresql_url: str,
) -> None:
    with blank_database(migrated_postgresql_url) as database, pytest.raises(DataError):
        database.write(lambda connection: insert_row(connection, CounterRow, a_row("a\0b")))


def test_a_connection_that_was_cut_is_noticed_and_replaced(migrated_postgresql_url: str) -> None:
    with blank_database(migrated_postgresql_url) as database:
        database.write(lambda connection: insert_row(connection, CounterRow, a_row("a", 1)))
        with blank_database(migrated_postgresql_url) as other, other.read() as connection:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            connection.execute(text(f"{cut} {others}"))
        assert database.write(lambda connection: COUNT_UP.scalar(connection, {"this": "a"})) == 2


def test_a_line_that_was_cut_in_the_middle_is_noticed_and_replaced(
    migrated_postgresql_url: str,
) -> None:
    with blank_database(migrated_postgresql_url) as database:
        tries: list[bool] = []

        def work(connection: Connection) -> object:
            insert_once(connection, CounterRow, a_row("a", 1))
            tries.append(True)
            if len(tries) == 1:
                interrupt_connection(connection.connection.driver_connection)
            return COUNT_UP.scalar(connection, {"this": "a"})

        assert database.write(work) == 2
        assert len(tries) == 2


def wait_for_a_waiter(database: Database) -> None:
    """Return once somebody waits for a lock in this database; those of others do not count."""
    give_up = time.monotonic() + WITHIN
    with database.engine.connect() as watcher:
        while not watcher.execute(WAITING).scalar():
            assert time.monotonic() < give_up, "nobody waits for a lock"
            watcher.rollback()  # the next look begins a transaction, and sees what is now
            time.sleep(0.01)


def test_whoever_waits_for_a_row_lets_the_other_threads_work(migrated_postgresql_url: str) -> None:
    counted: list[object] = []

    def count(connection: Connection) -> None:
        counted.append(COUNT_UP.scalar(connection, {"this": "a"}))

    with blank_database(migrated_postgresql_url) as database:
        database.write(lambda connection: insert_row(connection, CounterRow, a_row("a", 1)))
        other = Thread(target=database.write, args=(count,))
        with database.engine.connect() as holder, holder.begin():
            count(holder)
            other.start()
            wait_for_a_waiter(database)
        other.join()
    assert counted == [2, 3]


def test_a_statement_lost_while_it_waits_is_not_committed_beside_the_retry(
    migrated_postgresql_url: str,
) -> None:
    lines: list[object] = []

    def work(connection: Connection) -> None:
        lines.append(connection.connection.driver_connection)
        insert_row(connection, CounterRow, a_row("b", len(lines)))
        COUNT.queue(connection, {"this": "a"})

    with (
        blank_database(migrated_postgresql_url) as database,
        blank_database(migrated_postgresql_url) as other,
    ):
        database.write(lambda connection: insert_row(connection, CounterRow, a_row("a", 1)))
        writing = Thread(target=database.write, args=(work,))
        with other.engine.connect() as holder, holder.begin():
            COUNT.run(holder, {"this": "a"})
            writing.start()
            wait_for_a_waiter(other)
            interrupt_connection(lines[0])
        writing.join()
        with database.read() as connection:
            assert values_of(connection) == [3, 2]


def test_what_is_prepared_outlives_a_transaction_that_was_rolled_back(
    migrated_postgresql_url: str,
) -> None:
    with blank_database(migrated_postgresql_url) as database:
        insert = text("INSERT INTO counters VALUES (:name, 1)")
        with database.engine.connect() as connection:
            for number in range(9):  # psycopg prepares what has been executed five times
                connection.execute(insert, {"name": f"n{number}"})
            for number in range(9):
                assert COUNT_UP.scalar(connection, {"this": f"n{number}"}) == 2
            connection.rollback()
            assert COUNT_UP.scalar(connection, {"this": "n1"}) is None
            connection.execute(insert, {"name": "n1"})
            assert COUNT_UP.scalar(connection, {"this": "n1"}) == 2


def test_a_statement_is_prepared_anew_when_its_table_has_changed(
    migrated_postgresql_url: str,
) -> None:
    with blank_database(migrated_postgresql_url) as database:
        change = text("ALTER TABLE counters ALTER COLUMN value TYPE numeric")
        with database.engine.connect() as connection:
            with connection.begin():
                insert_row(connection, CounterRow, a_row("a", 1))
                assert COUNT_UP.scalar(connection, {"this": "a"}) == 2
            with connection.begin():
                connection.execute(change)
            with pytest.raises(NotSupportedError), connection.begin():
                COUNT_UP.scalar(connection, {"this": "a"})
            with connection.begin():
                assert COUNT_UP.scalar(connection, {"this": "a"}) == 3


def test_writes_go_on_when_a_column_was_changed_that_several_connections_have_prepared(
    migrated_postgresql_url: str,
) -> None:
    def twice(connection: Connection) -> object:
        return NAMED.all(connection, {"more": 0}) and database.write(once)

    def once(connection: Connection) -> object:
        return NAMED.scalar(connection, {"more": 0})

    with blank_database(migrated_postgresql_url) as database:
        database.write(lambda connection: insert_row(connection, CounterRow, a_row("a")))
        assert database.write(twice) == "a"
        with database.engine.connect() as connection, connection.begin():
            connection.execute(text("ALTER TABLE counters ALTER COLUMN name TYPE varchar(99)"))
        assert database.write(once) == "a"


def test_who_listens_to_statements_hears_of_these_too(database: Database) -> None:
    heard: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    with database.read() as connection:
        BEAT.all(connection, {"worker": "w"})
    assert [statement for statement in heard if "heartbeats" in statement]
