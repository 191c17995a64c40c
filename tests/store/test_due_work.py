"""What a worker sees when it looks: all that is due, of whomever, and nothing that is not yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from app.actions.callouts.call_outs import begin_due_call_outs
from app.store import Database, DatabaseUnavailable, open_database
from app.store.due_work import JOBS_COUNTED, DueLook, DueWork
from app.store.outbox import NewJob, put_jobs
from app.store.tables import JobKind
from tests.support.call_out_steps import a_message_is_left, no_answer, the_call_out
from tests.support.sample_desk import NIGHT, blank_database, sample_database

SECOND = timedelta(seconds=1)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with blank_database(migrated_url) as database:
        yield database


def put(database: Database, *kinds: JobKind, after: timedelta = timedelta(0)) -> None:
    jobs = [NewJob(kind, f"{kind}-{count}", after=after) for count, kind in enumerate(kinds)]
    database.write(partial(put_jobs, jobs=jobs, now=NIGHT))


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (JobKind.CALL, DueWork(jobs=1, telephone=True)),
        (JobKind.SMS, DueWork(jobs=1, telephone=True)),
        (JobKind.TICKET_MAIL, DueWork(jobs=1)),
        (JobKind.RECORDING_DELETE, DueWork(jobs=1, deletions=True)),
    ],
)
def test_a_job_is_seen_when_it_is_due_by_a_look_that_was_there_before(
    database: Database, kind: JobKind, due: DueWork
) -> None:
    look = DueLook(database)
    assert look.look(NIGHT) == DueWork()
    put(database, kind, after=SECOND)
    assert look.look(NIGHT) == DueWork()
    assert look.look(NIGHT + SECOND) == due
    look.close()


def test_of_many_jobs_no_more_are_counted_than_a_worker_can_do(database: Database) -> None:
    put(database, *[JobKind.SMS] * (JOBS_COUNTED + 2))
    look = DueLook(database)
    assert look.look(NIGHT).jobs == JOBS_COUNTED
    look.close()


def test_a_ticket_is_seen_when_it_is_to_be_looked_at(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        ended = a_message_is_left(database)
        assert begin_due_call_outs(database, ended) == 0, "it is seen when the first one is due"
        look = DueLook(database)
        assert not look.look(ended).call_outs
        assert look.look(ended + timedelta(hours=1)).call_outs
        look.close()


def test_a_call_out_that_goes_on_is_seen_until_it_has_ended(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        begun = a_message_is_left(database) + timedelta(minutes=2)
        begin_due_call_outs(database, begun)
        look = DueLook(database)
        assert look.look(begun).call_outs
        while the_call_out(database).ringing:
            no_answer(database, begun)
        begin_due_call_outs(
            database, begun
        )  # it is seen that it has ended, and when the next one is due
        assert not look.look(begun).call_outs
        look.close()


def test_a_lost_connection_is_told_once_and_opened_again(database: Database) -> None:
    look = DueLook(database)
    look.look(NIGHT)
    assert look._kept
    driver = look._kept.connection.driver_connection
    assert driver
    driver.close()
    with pytest.raises(DatabaseUnavailable):
        look.look(NIGHT)
    assert look.look(NIGHT) == DueWork()
    look.close()


def test_a_database_that_is_away_is_told_as_such() -> None:
    away = open_database("postgresql+psycopg://nobody@127.0.0.1:9/vakt")
    with pytest.raises(DatabaseUnavailable):
        DueLook(away).look(NIGHT)


def test_a_look_holds_nothing_between_two_looks(migrated_sqlite_url: str) -> None:
    with blank_database(migrated_sqlite_url) as database:
        look = DueLook(database)
        look.look(NIGHT)
        put(database, JobKind.SMS)
        with database.read() as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        assert busy == 0
        look.close()
