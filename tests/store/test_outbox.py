"""The outbox: claimed one at a time, by one worker, and noted once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from app.store import Database
from app.store.outbox import (
    Job,
    NewJob,
    claim_job,
    drop_call_job,
    drop_job,
    fail_job,
    finish_job,
    oldest_due,
    postpone_job,
    put_jobs,
)
from app.store.tables import JobKind, JobRow, JobState
from tests.support.sample_desk import NIGHT, blank_database, later

LEASE = timedelta(seconds=60)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with blank_database(migrated_url) as database:
        yield database


def put(database: Database, *jobs: NewJob, second: float = 0) -> None:
    database.write(partial(put_jobs, jobs=list(jobs), now=later(second)))


def sms(name: str = "one", after: float = 0) -> NewJob:
    return NewJob(JobKind.SMS, name, {"to": name}, after=timedelta(seconds=after))


def claim(database: Database, second: float = 0) -> Job | None:
    return database.write(partial(claim_job, now=later(second), lease=LEASE))


def claimed(database: Database, second: float = 0) -> Job:
    job = claim(database, second)
    assert job
    return job


def state(database: Database, job: Job) -> tuple[JobState, str | None]:
    with database.read() as connection:
        row = connection.execute(
            select(JobRow.state, JobRow.provider_sid).where(JobRow.id == job.id)
        ).one()
    return row.state, row.provider_sid


def test_the_same_purpose_is_put_in_once(database: Database) -> None:
    put(database, sms(), sms())
    put(database, sms())
    assert claim(database)
    assert claim(database) is None


def test_a_job_is_not_due_before_its_time(database: Database) -> None:
    put(database, sms(after=10))
    assert claim(database, 9.9) is None
    assert claim(database, 10)


def test_somebody_who_is_to_be_rung_comes_before_every_message(database: Database) -> None:
    put(database, sms("first"), second=0)
    put(database, NewJob(JobKind.RECORDING_DELETE, "tidy"), second=0)
    put(database, NewJob(JobKind.CALL, "ring"), second=3)
    kinds = [claimed(database, 5).kind for _ in range(3)]
    assert kinds == [JobKind.CALL, JobKind.SMS, JobKind.RECORDING_DELETE]


def test_a_hundred_jobs_and_eight_takers_and_no_job_twice(database: Database) -> None:
    put(database, *[sms(str(n)) for n in range(100)])

    def take_all(_taker: int) -> list[int]:
        taken = []
        while job := claim(database):
            assert database.write(partial(finish_job, job=job, now=NIGHT))
            taken.append(job.id)
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [job for some in pool.map(take_all, range(8)) for job in some]
    assert len(taken) == len(set(taken)) == 100


def test_a_job_whose_worker_died_is_taken_again_when_the_lease_is_over(database: Database) -> None:
    put(database, sms())
    dead = claimed(database)
    assert claim(database, 59) is None
    again = claimed(database, 60)
    assert (again.id, again.attempts) == (dead.id, 2)


def test_only_the_latest_taker_may_tell_how_it_went(database: Database) -> None:
    put(database, sms())
    slow, quick = claimed(database), claimed(database, 61)
    assert database.write(partial(finish_job, job=quick, now=later(62), provider_sid="SM2"))
    for work in (
        partial(finish_job, job=slow, now=later(63), provider_sid="SM1"),
        partial(fail_job, job=slow, now=later(63), code="1", error="late"),
        partial(drop_job, job=slow, now=later(63), why="late"),
        partial(postpone_job, job=slow, due_at=later(63)),
    ):
        assert not database.write(work)
    assert state(database, quick) == (JobState.SENT, "SM2")
    assert claim(database, 1000) is None


def test_a_postponed_job_waits_and_comes_again(database: Database) -> None:
    put(database, sms())
    job = claimed(database)
    database.write(partial(postpone_job, job=job, due_at=later(30), code="500", error="x" * 9000))
    assert claim(database, 29) is None
    assert claimed(database, 30).attempts == 2


def test_a_failed_job_never_comes_again(database: Database) -> None:
    put(database, sms())
    job = claimed(database)
    database.write(partial(fail_job, job=job, now=NIGHT, code="21614", error="a landline"))
    assert claim(database, 10_000) is None
    assert state(database, job)[0] is JobState.FAILED


def test_a_leg_that_nobody_has_begun_to_place_is_taken_back(database: Database) -> None:
    put(database, NewJob(JobKind.CALL, "leg", call_sid="CA1", leg=1))
    assert database.write(partial(drop_call_job, call_sid="CA1", leg=1, now=NIGHT))
    assert claim(database) is None
    put(database, NewJob(JobKind.CALL, "other", call_sid="CA1", leg=2))
    claimed(database)
    assert not database.write(partial(drop_call_job, call_sid="CA1", leg=2, now=NIGHT))


def test_how_long_the_oldest_job_has_waited_is_known(database: Database) -> None:
    put(database, sms("a", after=5), sms("b", after=1))
    with database.read() as connection:
        assert oldest_due(connection, NIGHT) is None
        assert oldest_due(connection, later(60)) == later(1)
