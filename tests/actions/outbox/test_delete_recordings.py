"""Recordings are deleted at the network however busy the slots are; when not, it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from app.actions.health.audit import audit
from app.actions.outbox.delete_recordings import AT_ONCE, delete_recordings
from app.domain.health.alarms import AlarmKind
from app.gateways.send_failures import TemporaryFailure
from app.gateways.sender import Sender
from app.offline.offline_store import open_offline_store
from app.store import Database
from app.store.figures import read_figures
from app.store.outbox import NewJob, claim_job, put_jobs
from app.store.recordings import save_recording
from app.store.tables import JobKind, JobRow, JobState, RecordingRow
from tests.support.backends import ONE_DATABASE
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import DESK, NIGHT, later, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url) as database:
        DrivenCall(database, "CA9").arrives()
        yield database


def put_deletions(database: Database, count: int, at: datetime = NIGHT) -> None:
    sids = [f"RE{number}" for number in range(count)]
    jobs = [
        NewJob(JobKind.RECORDING_DELETE, f"recording:{sid}:delete", {"recording": sid}, desk=DESK)
        for sid in sids
    ]
    database.write(partial(put_jobs, jobs=jobs, now=at))
    for sid in sids:
        database.write(partial(save_recording, sid=sid, call_sid="CA9", media=b"RIFF", now=at))


def delete(database: Database, network: FakeGateway, seconds: float = 1) -> int:
    return delete_recordings(database, cast(Sender, network), lambda: later(seconds))


def states(database: Database) -> list[JobState]:
    deletions = select(JobRow.state).where(JobRow.kind == JobKind.RECORDING_DELETE)
    with database.read() as connection:
        return list(connection.execute(deletions).scalars())


def test_many_are_deleted_at_once_and_each_is_noted(database: Database) -> None:
    put_deletions(database, AT_ONCE + 2)
    network = FakeGateway()
    assert [delete(database, network) for _ in range(3)] == [AT_ONCE, 2, 0]
    assert {str(each["sid"]) for each in network.did("delete")} == {
        f"RE{number}" for number in range(AT_ONCE + 2)
    }
    assert set(states(database)) == {JobState.SENT}
    with database.read() as connection:
        gone = connection.execute(select(RecordingRow.deleted_at_provider_at)).scalars()
        assert set(gone) == {later(1)}


def test_one_that_the_network_does_not_delete_is_tried_again_and_keeps_no_other(
    database: Database,
) -> None:
    put_deletions(database, 3)
    network = FakeGateway(refuses=[TemporaryFailure("refused with status 503")])
    assert delete(database, network) == 3
    assert sorted(states(database)) == sorted([JobState.SENT, JobState.SENT, JobState.WAITING])
    assert delete(database, network, seconds=60) == 1
    assert set(states(database)) == {JobState.SENT}


@ONE_DATABASE
def test_nothing_but_deletions_is_taken_and_what_is_urgent_is_claimed_first(
    database: Database,
) -> None:
    put_deletions(database, 5, at=later(-3600))
    critical_at_night(database)
    claimed = database.write(partial(claim_job, now=later(60), lease=timedelta(seconds=60)))
    assert claimed
    assert claimed.kind is JobKind.SMS
    network = FakeGateway()
    assert delete(database, network, seconds=60) == 5
    assert network.did("sms") == []


@ONE_DATABASE
def test_deletions_that_wait_for_an_hour_are_told_and_are_not_taken_for_messages(
    database: Database, tmp_path: Path
) -> None:
    put_deletions(database, 2)
    offline = open_offline_store((tmp_path,))

    def raised(minutes: float) -> list[AlarmKind]:
        return [alarm.kind for alarm in audit(database, offline, later(60 * minutes)).raised]

    assert AlarmKind.RECORDINGS_STAY not in raised(59)
    assert AlarmKind.RECORDINGS_STAY in raised(61)
    with database.read() as connection:
        figures = read_figures(connection, later(3660))
    assert (figures.due_since, figures.due_since_of) == (None, {"recording_delete": NIGHT})
    delete(database, FakeGateway(), seconds=3700)
    over = audit(database, offline, later(3720)).ended
    assert AlarmKind.RECORDINGS_STAY in [alarm.kind for alarm in over]
