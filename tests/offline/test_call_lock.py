"""Two web processes, and only one of them has found the database again: a call has one state."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.actions.calls.journal_import import import_journal
from app.actions.calls.turn_service import TurnService
from app.domain.calls.call import RingEnded
from app.domain.hunts.events import LegChanged
from app.offline.breaker import Breaker
from app.offline.call_lock import call_lock
from tests.end_to_end.processes import wait_until
from tests.offline.outage import Outage, an_outage
from tests.support.sample_desk import CALLER, DUTY, NIGHT, later, number, press, sample_database
from tests.support.turns import answer_call, take_leg_turn, take_turn

ENOUGH = 0.3  # seconds, for a turn that does not wait


@pytest.fixture
def outage(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Outage]:
    with sample_database(migrated_sqlite_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


@contextmanager
def somebody_writes(outage: Outage) -> Iterator[None]:
    file = str(outage.database.engine.url.database)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield
        other.execute("rollback")


def test_what_two_processes_are_told_of_a_call_at_once_is_taken_one_after_the_other(
    outage: Outage,
) -> None:
    there = TurnService(outage.database, outage.offline, Breaker())
    without = TurnService(outage.database, outage.offline, Breaker())
    without.breaker.trip(NIGHT + timedelta(hours=1))
    answer_call(there, "CA1", DUTY, number(CALLER), later(0))
    take_turn(there, "CA1", 1, press("1"), later(5))

    told = threading.Thread(
        target=take_leg_turn,
        args=(there, "CA1", LegChanged(1, "no-answer", "CA1-leg1"), later(30)),
    )
    went_on = threading.Thread(
        target=take_turn, args=(without, "CA1", 2, RingEnded("no-answer"), later(30))
    )
    with somebody_writes(outage):
        told.start()
        wait_until(lambda: is_writing(outage), "the first one waits for the database")
        went_on.start()
        went_on.join(ENOUGH)
    told.join()
    went_on.join()
    import_journal(outage.database, outage.offline)
    third = take_turn(without, "CA1", 3, RingEnded("no-answer"), later(60))
    fourth = take_turn(there, "CA1", 4, RingEnded("no-answer"), later(90))

    assert (third.turn, fourth.turn) == (3, 4), "neither was told an old answer again"
    rung = [leg.callee.number for leg in fourth.held.legs]
    assert len(rung) == len(set(rung)) == 4, "everybody was rung, and nobody twice"


def is_writing(outage: Outage) -> bool:
    return not outage.database._kept  # the connection that the turns before have left


def test_who_waits_too_long_for_a_turn_goes_on_alone(tmp_path: Path) -> None:
    with call_lock((tmp_path,), "CA1"), call_lock((tmp_path,), "CA1", waits=0.05):
        pass


def test_where_no_file_can_be_made_turns_are_taken_all_the_same(tmp_path: Path) -> None:
    (file := tmp_path / "a file, and no folder").touch()
    with call_lock((file,), "CA1"):
        pass
