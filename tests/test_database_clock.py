"""One clock decides when something is due and how old it is: the database's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from app import clock
from app.actions.audit import Audited, audit
from app.database_clock import DatabaseClock
from app.domain.alarms import AlarmKind
from app.domain.decision import Sentence
from app.phone.sender import Sender
from app.standby.standby import open_standby
from app.store import Database
from app.store.heartbeats import beat, last_beat
from app.store.outbox import NewJob, put_jobs
from app.store.tables import HeartbeatRow, JobKind, JobRow, JobState
from app.voice_prompts import texts
from app.web.house import EXTENSION, House
from app.worker import Worker
from tests.a_house import CALLER, DESK, DUTY, a_house
from tests.actions.a_network import ANetwork
from tests.test_worker import wait_until
from tests.web.a_network import a_network, settings

WRONG = (timedelta(seconds=-300), timedelta(seconds=2400))


def wrong_by(ahead: timedelta) -> DatabaseClock:
    return DatabaseClock(own=lambda: clock.now() + ahead)


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url) as database:
        yield database


@contextmanager
def a_worker(house: Database, network: ANetwork, ahead: timedelta) -> Iterator[Worker]:
    worker = Worker(house, cast(Sender, network), texts(), clock=wrong_by(ahead))
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(60)


@pytest.mark.parametrize("ahead", WRONG)
def test_a_worker_whose_clock_is_wrong_sends_at_once_and_drops_nothing(
    house: Database, ahead: timedelta
) -> None:
    network = ANetwork()
    put_three_sms(house)
    with a_worker(house, network, ahead):
        wait_until(lambda: len(network.sent) == 3, seconds=120)
        wait_until(lambda: last(house), seconds=120)
        at, told = cast(datetime, last(house)), ahead_of(house)
        assert abs(at - clock.now()) < timedelta(seconds=60), "it lives by the database's clock"
        assert abs(told - ahead.total_seconds()) < 30
    with house.read() as connection:
        assert set(connection.execute(select(JobRow.state)).scalars()) == {JobState.SENT}


def put_three_sms(house: Database) -> None:
    """SMS to the staff about no ticket: after half an hour they would be dropped."""
    payload: dict[str, object] = {
        "to": CALLER,
        "from": DUTY,
        "sentence": asdict(Sentence("sms_answer_unknown", "nb")),
        "at": clock.now(),
        "time_zone": "Europe/Oslo",
    }
    jobs = [
        NewJob(JobKind.SMS, f"sms-{number}", payload, desk=DESK, person="duty-1")
        for number in range(3)
    ]
    house.write(partial(put_jobs, jobs=jobs, now=clock.now()))


def last(house: Database) -> datetime | None:
    with house.read() as connection:
        return last_beat(connection)


def ahead_of(house: Database) -> float:
    with house.read() as connection:
        return connection.execute(select(HeartbeatRow.ahead_seconds)).scalar_one()


def test_between_two_comparisons_it_is_counted_on_whatever_our_own_clock_does(
    house: Database,
) -> None:
    told = wrong_by(timedelta(days=3))
    assert told.now() > clock.now() + timedelta(days=2), "until it has been compared"
    told.compare(house)
    assert abs(told.now() - clock.now()) < timedelta(seconds=30)
    told.own = lambda: clock.now() - timedelta(days=9)
    assert abs(told.now() - clock.now()) < timedelta(seconds=30)


def test_a_clock_that_differs_by_more_than_two_seconds_is_told_and_when_it_is_right_again(
    house: Database, tmp_path: Path
) -> None:
    standby, now = open_standby((tmp_path,)), clock.now()

    def audited(seconds: float, at: datetime) -> Audited:
        ahead = timedelta(seconds=seconds)
        house.write(partial(beat, worker="north:7", started_at=now, now=at, ahead=ahead))
        return audit(house, standby, at)

    assert audited(1.9, now).raised == ()
    [alarm] = audited(-300, now).raised
    assert (alarm.kind, alarm.subject) == (AlarmKind.CLOCK_WRONG, "north")
    assert dict(alarm.values)["seconds"] == -300
    assert audited(-300, now + timedelta(hours=1)).raised == ()
    over = audited(0, now + timedelta(hours=2)).ended
    assert [each.kind for each in over] == [AlarmKind.CLOCK_WRONG]


def test_what_a_web_host_with_a_wrong_clock_puts_in_is_due_by_the_databases(
    migrated_url: str, tmp_path: Path
) -> None:
    with a_network(settings(migrated_url, tmp_path)) as network:
        here: House = network.client.application.extensions[EXTENSION]
        here.caretaker.stop()
        here.clock.own = lambda: clock.now() + timedelta(minutes=5)
        here.clock.compare(here.database)
        network.arrives()
        network.does(1, Digits="1")
        with here.database.read() as connection:
            dues = list(connection.execute(select(JobRow.created_at)).scalars())
    assert dues
    assert all(abs(due - clock.now()) < timedelta(seconds=60) for due in dues)
