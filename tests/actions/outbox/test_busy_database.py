"""A database that is held by somebody else costs a job time, never the job."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar, cast

import pytest
from sqlalchemy import Connection, Row, select

from app.actions.messages.take_sms import take_recording
from app.actions.outbox.outbox_worker import do_next_job
from app.gateways.sender import Sender
from app.store import Database, DatabaseUnavailable
from app.store.database import sqlite_file
from app.store.recordings import load_recording
from app.store.tables import JobKind, JobRow, JobState
from app.store.ticket_lists import ticket_events
from app.voice_prompts import texts
from tests.support.fake_gateway import FakeGateway, InterruptedGateway
from tests.support.sample_desk import DAY, DESK_TOML, SUPPORT, folder, later, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night

T = TypeVar("T")
HELD_AT_MOST = 60.0  # seconds, where nobody is refused: the test fails then


@dataclass(frozen=True)
class RefusalNoted(Database):
    """The same database; whoever holds it learns when a write has given up."""

    refused: threading.Event = field(default_factory=threading.Event)

    def write(self, work: Callable[[Connection], T]) -> T:
        try:
            return super().write(work)
        except DatabaseUnavailable:
            self.refused.set()
            raise


@dataclass
class HeldDatabase:
    """Somebody else's transaction that lets nobody write until one write has been refused."""

    database: RefusalNoted
    threads: list[threading.Thread] = field(default_factory=list)

    def hold(self) -> None:
        held = threading.Event()
        thread = threading.Thread(target=self._hold, args=(held,))
        thread.start()
        self.threads.append(thread)
        assert held.wait(HELD_AT_MOST)

    def _hold(self, held: threading.Event) -> None:
        with self._lock():
            held.set()
            self.database.refused.wait(HELD_AT_MOST)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        if self.database.is_sqlite:
            file = sqlite_file(self.database.engine.url.render_as_string(hide_password=False))
            assert file
            other = sqlite3.connect(file, isolation_level=None, timeout=30)
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
            other.close()
            return
        with self.database.engine.connect() as connection, connection.begin() as transaction:
            connection.exec_driver_sql("LOCK TABLE outbox, recordings IN ACCESS EXCLUSIVE MODE")
            yield
            transaction.rollback()


@dataclass(frozen=True)
class UnreadableFor(Database):
    """The same database; so many reads find it away."""

    reads: list[None] = field(default_factory=list)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        if self.reads:
            self.reads.pop()
            raise DatabaseUnavailable("canceling statement due to statement timeout")
        with super().read() as connection:
            yield connection


@pytest.fixture
def database(migrated_url: str) -> Iterator[RefusalNoted]:
    with sample_database(migrated_url) as database:
        yield RefusalNoted(database.engine, most_kept=0)


@pytest.fixture
def held(database: RefusalNoted) -> Iterator[HeldDatabase]:
    holder = HeldDatabase(database)
    yield holder
    for thread in holder.threads:
        thread.join()


def jobs(database: Database, kind: JobKind) -> list[Row[tuple[str, int, str | None]]]:
    with database.read() as connection:
        found = select(JobRow.state, JobRow.attempts, JobRow.error).where(JobRow.kind == kind)
        return list(connection.execute(found.order_by(JobRow.id)))


def work(database: Database, network: FakeGateway, *, seconds: float) -> None:
    while do_next_job(database, cast(Sender, network), texts(), later(seconds)):
        pass


def test_a_recording_whose_storing_meets_a_held_database_is_stored_afterwards(
    database: Database, held: HeldDatabase
) -> None:
    critical_at_night(database)
    work(database, FakeGateway(), seconds=10)
    take_recording(database, "CA1", "RE1", "completed", later(20))
    network = InterruptedGateway(recordings={"RE1": b"RIFF-sound"}, meanwhile=held.hold)

    assert do_next_job(database, cast(Sender, network), texts(), later(21))
    [fetch] = jobs(database, JobKind.RECORDING_FETCH)
    assert (fetch.state, fetch.attempts) == (JobState.WAITING, 0), "no try was lost"

    network.meanwhile = lambda: None
    work(database, network, seconds=60)
    with database.read() as connection:
        assert load_recording(connection, "RE1")
        assert "recording_lost" not in [event.kind for event in ticket_events(connection, 1001)]
    [fetch] = jobs(database, JobKind.RECORDING_FETCH)
    assert (fetch.state, fetch.attempts) == (JobState.SENT, 1)


def test_an_sms_that_was_sent_while_the_database_was_held_is_not_sent_again(
    database: Database, held: HeldDatabase
) -> None:
    critical_at_night(database)
    network = InterruptedGateway(meanwhile=held.hold)
    assert do_next_job(database, cast(Sender, network), texts(), later(10))

    assert len(network.sent) == 1
    states = [row.state for row in jobs(database, JobKind.SMS)]
    assert sorted(states) == sorted([JobState.SENT, JobState.WAITING, JobState.WAITING])
    network.meanwhile = lambda: None
    work(database, network, seconds=200)
    assert len(network.sent) == 3


def test_a_leg_whose_call_cannot_be_read_for_a_moment_is_rung_all_the_same(
    migrated_url: str,
) -> None:
    at_once = DESK_TOML.replace('order = "in_order"', 'order = "at_once"')
    with sample_database(migrated_url, folder(desk=at_once)) as database:
        call = DrivenCall(database, line=SUPPORT, start=DAY)
        call.arrives()
        call.presses("2")
        busy = UnreadableFor(database.engine, most_kept=0, reads=[None] * 6)
        network = FakeGateway()
        now = call.now
        while network.did("ring") == [] and now < later(20, DAY):
            while do_next_job(busy, cast(Sender, network), texts(), now):
                pass
            now = later((now - DAY).total_seconds() + 2, DAY)
        assert len(network.did("ring")) == 2
        assert {row.state for row in jobs(database, JobKind.CALL)} == {JobState.SENT}
        assert {row.attempts for row in jobs(database, JobKind.CALL)} == {1}


def test_a_fault_of_ours_is_tried_again(database: Database) -> None:
    critical_at_night(database)
    spoilt = JobRow.__table__.update().where(JobRow.person == "duty-1")  # type: ignore[attr-defined]
    unreadable = '{"to":"x","from":"y","message":{"key":"nobody_wrote_this"}}'
    database.write(lambda rows: rows.execute(spoilt.values(payload=unreadable)))

    work(database, FakeGateway(), seconds=10)
    [broken] = [row for row in jobs(database, JobKind.SMS) if row.error]
    assert (broken.state, broken.attempts) == (JobState.WAITING, 1), "the next release may mend it"
