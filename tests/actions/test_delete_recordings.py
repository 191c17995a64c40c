"""Recordings are deleted at the network however busy the slots are; when not, it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from app.actions.audit import audit
from app.actions.delete_recordings import AT_ONCE, delete_recordings
from app.domain.alarms import AlarmKind
from app.phone.sender import Sender, TemporaryFailure
from app.standby.standby import open_standby
from app.store import Database
from app.store.figures import read_figures
from app.store.outbox import NewJob, claim_job, put_jobs
from app.store.recordings import save_recording
from app.store.tables import JobKind, JobRow, JobState, RecordingRow
from tests.a_house import DESK, NIGHT, a_house, later
from tests.actions.a_call import ACall, critical_at_night
from tests.actions.a_network import ANetwork


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url) as database:
        ACall(database, "CA9").arrives()
        yield database


def put_deletions(house: Database, count: int, at: datetime = NIGHT) -> None:
    sids = [f"RE{number}" for number in range(count)]
    jobs = [
        NewJob(JobKind.RECORDING_DELETE, f"recording:{sid}:delete", {"recording": sid}, desk=DESK)
        for sid in sids
    ]
    house.write(partial(put_jobs, jobs=jobs, now=at))
    for sid in sids:
        house.write(partial(save_recording, sid=sid, call_sid="CA9", media=b"RIFF", now=at))


def delete(house: Database, network: ANetwork, seconds: float = 1) -> int:
    return delete_recordings(house, cast(Sender, network), lambda: later(seconds))


def states(house: Database) -> list[JobState]:
    deletions = select(JobRow.state).where(JobRow.kind == JobKind.RECORDING_DELETE)
    with house.read() as connection:
        return list(connection.execute(deletions).scalars())


def test_many_are_deleted_at_once_and_each_is_noted(house: Database) -> None:
    put_deletions(house, AT_ONCE + 2)
    network = ANetwork()
    assert [delete(house, network) for _ in range(3)] == [AT_ONCE, 2, 0]
    assert {str(each["sid"]) for each in network.did("delete")} == {
        f"RE{number}" for number in range(AT_ONCE + 2)
    }
    assert set(states(house)) == {JobState.SENT}
    with house.read() as connection:
        gone = connection.execute(select(RecordingRow.deleted_there_at)).scalars()
        assert set(gone) == {later(1)}


def test_one_that_the_network_does_not_delete_is_tried_again_and_keeps_no_other(
    house: Database,
) -> None:
    put_deletions(house, 3)
    network = ANetwork(refuses=[TemporaryFailure("refused with status 503")])
    assert delete(house, network) == 3
    assert sorted(states(house)) == sorted([JobState.SENT, JobState.SENT, JobState.WAITING])
    assert delete(house, network, seconds=60) == 1
    assert set(states(house)) == {JobState.SENT}


def test_nothing_but_deletions_is_taken_and_what_is_urgent_is_claimed_first(
    house: Database,
) -> None:
    put_deletions(house, 5, at=later(-3600))
    critical_at_night(house)
    claimed = house.write(partial(claim_job, now=later(60), lease=timedelta(seconds=60)))
    assert claimed
    assert claimed.kind is JobKind.SMS
    network = ANetwork()
    assert delete(house, network, seconds=60) == 5
    assert network.did("sms") == []


def test_deletions_that_wait_for_an_hour_are_told_and_are_not_taken_for_messages(
    house: Database, tmp_path: Path
) -> None:
    put_deletions(house, 2)
    standby = open_standby((tmp_path,))

    def raised(minutes: float) -> list[AlarmKind]:
        return [alarm.kind for alarm in audit(house, standby, later(60 * minutes)).raised]

    assert AlarmKind.RECORDINGS_STAY not in raised(59)
    assert AlarmKind.RECORDINGS_STAY in raised(61)
    with house.read() as connection:
        figures = read_figures(connection, later(3660))
    assert (figures.due_since, figures.due_since_of) == (None, {"recording_delete": NIGHT})
    delete(house, ANetwork(), seconds=3700)
    over = audit(house, standby, later(3720)).ended
    assert AlarmKind.RECORDINGS_STAY in [alarm.kind for alarm in over]
