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
from app.actions.health.audit import AuditResult, audit
from app.database_clock import DatabaseClock
from app.domain.health.alarms import AlarmKind
from app.domain.texts.message import Message
from app.gateways.sender import Sender
from app.offline.offline_store import open_offline_store
from app.store import Database
from app.store.heartbeats import last_heartbeat, record_heartbeat
from app.store.outbox import NewJob, put_jobs
from app.store.tables import HeartbeatRow, JobKind, JobRow, JobState
from app.voice_prompts import texts
from app.web.services import EXTENSION, WebServices
from app.worker.worker import Worker
from tests.support.fake_gateway import FakeGateway
from tests.support.fake_twilio import fake_twilio, settings
from tests.support.sample_desk import CALLER, DESK, DUTY
from tests.worker.test_worker import wait_until

pytestmark = pytest.mark.real_clock  # the database's is the machine's

WRONG = (timedelta(seconds=-300), timedelta(seconds=2400))


def wrong_by(clock_skew: timedelta) -> DatabaseClock:
    return DatabaseClock(own=lambda: clock.now() + clock_skew)


@contextmanager
def a_worker(database: Database, network: FakeGateway, clock_skew: timedelta) -> Iterator[Worker]:
    worker = Worker(database, cast(Sender, network), texts(), clock=wrong_by(clock_skew))
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(60)


@pytest.mark.parametrize("clock_skew", WRONG)
def test_a_worker_whose_clock_is_wrong_sends_at_once_and_drops_nothing(
    database: Database, clock_skew: timedelta
) -> None:
    network = FakeGateway()
    put_three_sms(database)
    with a_worker(database, network, clock_skew):
        wait_until(lambda: len(network.sent) == 3, seconds=120)
        wait_until(lambda: last(database), seconds=120)
        at, told = cast(datetime, last(database)), ahead_of(database)
        assert abs(at - clock.now()) < timedelta(seconds=60), "it lives by the database's clock"
        assert abs(told - clock_skew.total_seconds()) < 30
    with database.read() as connection:
        assert set(connection.execute(select(JobRow.state)).scalars()) == {JobState.SENT}


def put_three_sms(database: Database) -> None:
    """SMS to the staff about no ticket: after half an hour they would be dropped."""
    payload: dict[str, object] = {
        "to": CALLER,
        "from": DUTY,
        "message": asdict(Message("sms_answer_unknown", "nb")),
        "at": clock.now(),
        "time_zone": "Europe/Oslo",
    }
    jobs = [
        NewJob(JobKind.SMS, f"sms-{number}", payload, desk=DESK, person="duty-1")
        for number in range(3)
    ]
    database.write(partial(put_jobs, jobs=jobs, now=clock.now()))


def last(database: Database) -> datetime | None:
    with database.read() as connection:
        return last_heartbeat(connection)


def ahead_of(database: Database) -> float:
    with database.read() as connection:
        return connection.execute(select(HeartbeatRow.clock_skew_seconds)).scalar_one()


def test_between_two_comparisons_it_is_counted_on_whatever_our_own_clock_does(
    database: Database,
) -> None:
    told = wrong_by(timedelta(days=3))
    assert told.now() > clock.now() + timedelta(days=2), "until it has been compared"
    told.compare(database)
    assert abs(told.now() - clock.now()) < timedelta(seconds=30)
    told.own = lambda: clock.now() - timedelta(days=9)
    assert abs(told.now() - clock.now()) < timedelta(seconds=30)


def test_a_clock_that_differs_by_more_than_two_seconds_is_told_and_when_it_is_right_again(
    database: Database, tmp_path: Path
) -> None:
    offline, now = open_offline_store((tmp_path,)), clock.now()

    def audited(seconds: float, at: datetime) -> AuditResult:
        clock_skew = timedelta(seconds=seconds)
        database.write(
            partial(
                record_heartbeat, worker="north:7", started_at=now, now=at, clock_skew=clock_skew
            )
        )
        return audit(database, offline, at)

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
    with fake_twilio(settings(migrated_url, tmp_path)) as network:
        services: WebServices = network.client.application.extensions[EXTENSION]
        services.offline_sync.stop()
        services.clock.own = lambda: clock.now() + timedelta(minutes=5)
        services.clock.compare(services.database)
        network.arrives()
        network.does(1, Digits="1")
        with services.database.read() as connection:
            dues = list(connection.execute(select(JobRow.created_at)).scalars())
    assert dues
    assert all(abs(due - clock.now()) < timedelta(seconds=60) for due in dues)
