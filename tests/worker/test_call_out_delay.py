"""How late a call-out begins: by the worker's own loops, on a clock that the test moves on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import pytest

from app.gateways.sender import Sender
from app.store import Database
from app.voice_prompts import texts
from app.worker.worker import Worker
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import a_message_is_left, no_answer, nobody_answers, the_call_out
from tests.support.fake_gateway import FakeGateway
from tests.support.fast_forward import FastForward, FastForwardClock, FastForwardWakeups
from tests.support.sample_desk import DESK_TOML, NIGHT, folder, sample_database

EVERY_MINUTE = "\n[duty.call_outs]\nevery_minutes = 1\nfor_minutes = 60\n"
PAUSE = MINUTE = timedelta(minutes=1)
LATEST = 0.5  # seconds
SECONDS_BEFORE = 2


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(desk=DESK_TOML + EVERY_MINUTE)) as database:
        yield database


@dataclass
class Network(FakeGateway):
    """A telephone network that notes by the test's clock when it is asked for a call."""

    by: FastForward = field(kw_only=True)
    rang_at: list[datetime] = field(default_factory=list)

    def ring(self, *, to: str, from_: str, call_sid: str, leg: int, seconds: int) -> str:
        self.rang_at.append(self.by.now)
        return FakeGateway.ring(
            self, to=to, from_=from_, call_sid=call_sid, leg=leg, seconds=seconds
        )


@contextmanager
def a_worker(database: Database, start: datetime) -> Iterator[Network]:
    """A whole worker, with all its loops, from this moment on."""
    time = FastForward(start)
    network = Network(by=time)
    of_work = [FastForwardWakeups(by=time) for _ in range(5)]
    jobs, telephone, deletions, call_outs, timetable = of_work
    worker = Worker(
        database,
        cast(Sender, network),
        texts(),
        clock=FastForwardClock(by=time),
        jobs=jobs,
        telephone=telephone,
        deletions=deletions,
        call_outs=call_outs,
        timetable=timetable,
    )
    thread = threading.Thread(target=worker.run, args=(1,))
    thread.start()
    try:
        yield network
    finally:
        worker.stop()
        thread.join()


def seconds_late(network: Network, due: datetime) -> float:
    """Let the time go on until somebody is rung; how long after the ticket was due that was."""
    before = len(network.rang_at)
    while len(network.rang_at) == before:
        assert network.by.now < due + MINUTE, "nobody is rung"
        network.by.go_on()
    return (network.rang_at[-1] - due).total_seconds()


@ONE_DATABASE  # the next one is on both
@pytest.mark.parametrize("part", range(4))
def test_a_call_out_begins_within_half_a_second_of_the_minute_after_the_call(
    database: Database, part: int
) -> None:
    """Whenever between two looks of the worker it becomes due."""
    due = a_message_is_left(database, start=NIGHT + timedelta(seconds=part / 19)) + PAUSE
    with a_worker(database, due - timedelta(seconds=SECONDS_BEFORE + part / 7)) as network:
        assert 0 <= seconds_late(network, due) <= LATEST


@pytest.mark.parametrize("part", range(2))
def test_the_next_one_begins_within_half_a_second_of_its_time(
    database: Database, part: int
) -> None:
    first = a_message_is_left(database, start=NIGHT + timedelta(seconds=part / 19)) + PAUSE
    with a_worker(database, first - timedelta(seconds=SECONDS_BEFORE)) as network:
        seconds_late(network, first)
        due = the_call_out(database).started_at + MINUTE
        nobody_answers(database, network.by.now + timedelta(seconds=3))
        assert 0 <= seconds_late(network, due) <= LATEST


def test_whoever_is_rung_next_in_a_call_out_is_rung_at_once(database: Database) -> None:
    due = a_message_is_left(database) + PAUSE
    with a_worker(database, due - timedelta(seconds=SECONDS_BEFORE)) as network:
        seconds_late(network, due)
        no_answer(database, network.by.now)
        assert 0 <= seconds_late(network, network.by.now) <= LATEST
