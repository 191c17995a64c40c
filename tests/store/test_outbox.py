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
from tests.a_house import NIGHT, an_empty_house, later

LEASE = timedelta(seconds=60)


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with an_empty_house(migrated_url) as database:
        yield database


def put(house: Database, *jobs: NewJob, second: float = 0) -> None:
    house.write(partial(put_jobs, jobs=list(jobs), now=later(second)))


def sms(name: str = "one", after: float = 0) -> NewJob:
    return NewJob(JobKind.SMS, name, {"to": name}, after=timedelta(seconds=after))


def claim(house: Database, second: float = 0) -> Job | None:
    return house.write(partial(claim_job, now=later(second), lease=LEASE))


def claimed(house: Database, second: float = 0) -> Job:
    job = claim(house, second)
    assert job
    return job


def state(house: Database, job: Job) -> tuple[JobState, str | None]:
    with house.read() as connection:
        row = connection.execute(
            select(JobRow.state, JobRow.provider_sid).where(JobRow.id == job.id)
        ).one()
    return row.state, row.provider_sid


def test_the_same_purpose_is_put_in_once(house: Database) -> None:
    put(house, sms(), sms())
    put(house, sms())
    assert claim(house)
    assert claim(house) is None


def test_a_job_is_not_due_before_its_time(house: Database) -> None:
    put(house, sms(after=10))
    assert claim(house, 9.9) is None
    assert claim(house, 10)


def test_somebody_who_is_to_be_rung_comes_before_every_message(house: Database) -> None:
    put(house, sms("first"), second=0)
    put(house, NewJob(JobKind.RECORDING_DELETE, "tidy"), second=0)
    put(house, NewJob(JobKind.CALL, "ring"), second=3)
    kinds = [claimed(house, 5).kind for _ in range(3)]
    assert kinds == [JobKind.CALL, JobKind.SMS, JobKind.RECORDING_DELETE]


def test_a_hundred_jobs_and_eight_takers_and_no_job_twice(house: Database) -> None:
    put(house, *[sms(str(n)) for n in range(100)])

    def take_all(_taker: int) -> list[int]:
        taken = []
        while job := claim(house):
            assert house.write(partial(finish_job, job=job, now=NIGHT))
            taken.append(job.id)
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [job for some in pool.map(take_all, range(8)) for job in some]
    assert len(taken) == len(set(taken)) == 100


def test_a_job_whose_worker_died_is_taken_again_when_the_lease_is_over(house: Database) -> None:
    put(house, sms())
    dead = claimed(house)
    assert claim(house, 59) is None
    again = claimed(house, 60)
    assert (again.id, again.attempts) == (dead.id, 2)


def test_only_the_latest_taker_may_tell_how_it_went(house: Database) -> None:
    put(house, sms())
    slow, quick = claimed(house), claimed(house, 61)
    assert house.write(partial(finish_job, job=quick, now=later(62), provider_sid="SM2"))
    for work in (
        partial(finish_job, job=slow, now=later(63), provider_sid="SM1"),
        partial(fail_job, job=slow, now=later(63), code="1", error="late"),
        partial(drop_job, job=slow, now=later(63), why="late"),
        partial(postpone_job, job=slow, due_at=later(63)),
    ):
        assert not house.write(work)
    assert state(house, quick) == (JobState.SENT, "SM2")
    assert claim(house, 1000) is None


def test_a_postponed_job_waits_and_comes_again(house: Database) -> None:
    put(house, sms())
    job = claimed(house)
    house.write(partial(postpone_job, job=job, due_at=later(30), code="500", error="x" * 9000))
    assert claim(house, 29) is None
    assert claimed(house, 30).attempts == 2


def test_a_failed_job_never_comes_again(house: Database) -> None:
    put(house, sms())
    job = claimed(house)
    house.write(partial(fail_job, job=job, now=NIGHT, code="21614", error="a landline"))
    assert claim(house, 10_000) is None
    assert state(house, job)[0] is JobState.FAILED


def test_a_leg_that_nobody_has_begun_to_place_is_taken_back(house: Database) -> None:
    put(house, NewJob(JobKind.CALL, "leg", call_sid="CA1", leg=1))
    assert house.write(partial(drop_call_job, call_sid="CA1", leg=1, now=NIGHT))
    assert claim(house) is None
    put(house, NewJob(JobKind.CALL, "other", call_sid="CA1", leg=2))
    claimed(house)
    assert not house.write(partial(drop_call_job, call_sid="CA1", leg=2, now=NIGHT))


def test_how_long_the_oldest_job_has_waited_is_known(house: Database) -> None:
    put(house, sms("a", after=5), sms("b", after=1))
    with house.read() as connection:
        assert oldest_due(connection, NIGHT) is None
        assert oldest_due(connection, later(60)) == later(1)
