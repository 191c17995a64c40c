"""The worker: does what is due, tells that it lives, goes home politely."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import event, update

from app import clock
from app.database_clock import DatabaseClock
from app.gateways.sender import Sender
from app.store import Database, open_database
from app.store.due_work import DueLook
from app.store.heartbeats import last_heartbeat
from app.store.outbox import oldest_due
from app.store.tables import JobRow
from app.voice_prompts import texts
from app.worker.worker import SLOTS, UNASKED_SECONDS, Worker
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import NIGHT, later, sample_database
from tests.support.stored_call import critical_at_night

pytestmark = pytest.mark.real_clock


def wait_until(is_so: object, seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < give_up, "it never came to be"
        time.sleep(0.02)


def last_saturday_night() -> datetime:
    """In the past, and not so long ago that the worker would forget the numbers."""
    week = timedelta(weeks=1)
    return NIGHT + (clock.now() - NIGHT) // week * week


def that_night() -> DatabaseClock:
    """Some minutes later: the duty hours that the call fell in have not ended."""
    return cast(DatabaseClock, SimpleNamespace(is_compared=True, now=lambda: later(600)))


def beat_of(database: Database) -> object:
    with database.read() as connection:
        return last_heartbeat(connection)


def test_it_sends_what_is_due_and_stops_when_told(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        critical_at_night(database, start=last_saturday_night())
        database.write(lambda rows: rows.execute(update(JobRow).values(created_at=clock.now())))
        network = FakeGateway()
        worker = Worker(database, cast(Sender, network), texts())
        thread = threading.Thread(target=worker.run)
        thread.start()
        wait_until(lambda: len(network.sent) >= 3 and beat_of(database))  # a call-out may follow
        worker.stop()
        thread.join(60)
        assert not thread.is_alive()
        assert beat_of(database) is None
        with database.read() as connection:
            assert oldest_due(connection, later(0)) is None


def test_a_database_that_is_away_does_not_end_it() -> None:
    away = open_database("postgresql+psycopg://nobody@127.0.0.1:9/vakt")
    worker = Worker(away, cast(Sender, FakeGateway()), texts())
    thread = threading.Thread(target=worker.run)
    thread.start()
    time.sleep(0.5)
    assert thread.is_alive()
    worker.stop()
    thread.join(60)
    assert not thread.is_alive()
    away.close()


def test_a_desk_that_cannot_be_recomputed_keeps_no_ticket_from_being_escalated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stuck(*_: object) -> int:
        raise OverflowError("date value out of range")

    monkeypatch.setattr("app.worker.worker.recompute_next_targets", stuck)
    monkeypatch.setattr("app.worker.worker.review_due_targets", lambda *_: 2)
    monkeypatch.setattr("app.worker.worker.DatabaseClock.compare", lambda *_: None)
    worker = Worker(cast(Database, None), cast(Sender, FakeGateway()), texts())
    assert worker._review_targets() == 2


def test_an_idle_worker_asks_one_question_and_lets_all_others_sleep(migrated_url: str) -> None:
    asked: Counter[str] = Counter()

    def note(*_: object) -> None:
        asked[threading.current_thread().name.rstrip("0123456789")] += 1

    with sample_database(migrated_url) as database:
        event.listen(database.engine, "before_cursor_execute", note)
        worker = Worker(database, cast(Sender, FakeGateway()), texts())
        thread = threading.Thread(target=worker.run)
        began = time.monotonic()
        thread.start()
        wait_until(lambda: asked["due"] >= 15)
        took = time.monotonic() - began
        worker.stop()
        thread.join(60)
    each = 1 + took / UNASKED_SECONDS  # once at its start, and seldom again
    assert asked["slot-"] <= 2 * SLOTS * each  # SQLite's BEGIN is one too
    assert asked["slot-telephone"] <= 2 * each
    assert asked["call-outs"] <= 4 * each
    assert asked["delete"] <= 2 * each


def test_who_has_something_to_do_is_woken_by_the_look(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        worker = Worker(database, cast(Sender, FakeGateway()), texts())
        look = DueLook(database)
        worker.wake_for_due_work(look)
        assert [worker.jobs.wanted, worker.telephone.wanted] == [0, 0]
        critical_at_night(database, start=last_saturday_night())
        worker.wake_for_due_work(look)
        assert [worker.jobs.wanted, worker.telephone.wanted] == [3, 1]
        look.close()


def test_a_call_out_that_was_begun_rings_without_waiting_for_the_look(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        critical_at_night(database).hangs_up()
        worker = Worker(database, cast(Sender, FakeGateway()), texts(), clock=that_night())
        assert worker.begin_call_outs() == 1
        assert worker.telephone.wanted == 1
        worker.telephone.wait(0)
        assert worker.begin_call_outs() == 0, "one at a time"
        assert worker.telephone.wanted == 0


PROGRAM = """
import sys
from app.store import open_database
from app.voice_prompts import texts
from app.worker.worker import Worker
from tests.support.fake_gateway import FakeGateway
worker = Worker(open_database(sys.argv[1]), FakeGateway(), texts())
worker.stop_on_signals()
worker.run()
print("went home")
"""


def test_a_polite_signal_lets_it_go_home(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, migrated_sqlite_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": "."},
        )
        wait_until(lambda: beat_of(database))
        program.send_signal(signal.SIGTERM)
        said, _ = program.communicate(timeout=60)
        assert program.returncode == 0
        assert "went home" in said
        assert beat_of(database) is None
