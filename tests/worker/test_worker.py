"""The worker: does what is due, tells that it lives, goes home politely."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import update

from app import clock
from app.gateways.twilio.sender import Sender
from app.store import Database, open_database
from app.store.heartbeats import last_heartbeat
from app.store.outbox import oldest_due
from app.store.tables import JobRow
from app.voice_prompts import texts
from app.worker import Worker
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import NIGHT, later, sample_database
from tests.support.stored_call import critical_at_night


def wait_until(is_so: object, seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < give_up, "it never came to be"
        time.sleep(0.02)


def last_saturday_night() -> datetime:
    """In the past, and not so long ago that the worker would forget the numbers."""
    week = timedelta(weeks=1)
    return NIGHT + (clock.now() - NIGHT) // week * week


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
        wait_until(lambda: len(network.sent) == 3 and beat_of(database))
        worker.stop()
        thread.join(20)
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
    thread.join(20)
    assert not thread.is_alive()
    away.close()


PROGRAM = """
import sys
from app.store import open_database
from app.voice_prompts import texts
from app.worker import Worker
from tests.support.fake_gateway import ANetwork
worker = Worker(open_database(sys.argv[1]), ANetwork(), texts())
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
