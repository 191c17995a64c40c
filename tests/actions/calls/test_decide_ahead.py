"""Turns that are decided before they wait for SQLite's one writer, and written by it."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from sqlalchemy import Connection

from app.actions.calls import take_turn as turns
from app.actions.calls.answer import Answer, UnknownCall
from app.actions.calls.decide_turn import decide_turn
from app.actions.calls.take_turn import AHEAD_SECONDS, Ahead, decide_ahead, prepare_turn, take_turn
from app.domain.calls.call import HungUp, RingEnded
from app.domain.calls.turn_request import ClockReading, TurnRequest, callers_turn
from app.domain.hunts.instructions import Ring
from app.store import Database
from app.store.calls import Turn
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import NIGHT, STRANGER, press, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night


def nobody_answered(call: DrivenCall) -> TurnRequest:
    return callers_turn(call.sid, 2, RingEnded("no-answer"), ClockReading(call.now))


def written(database: Database, request: TurnRequest, ahead: Turn | None) -> Answer:
    before = ahead and Ahead(ahead, time.monotonic())
    return database.write(partial(take_turn, request=request, ahead=before))


def taken(database: Database, request: TurnRequest) -> Answer:
    return database.write(prepare_turn(database, request))


def decided(database: Database, request: TurnRequest) -> Turn | None:
    return database.look(partial(decide_ahead, request=request))


@ONE_DATABASE
def test_what_was_decided_is_written_as_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = critical_at_night(database)
    request = nobody_answered(call)
    ahead = decided(database, request)
    monkeypatch.setattr(turns, "decide_turn", None)  # nothing is decided a second time
    answer = written(database, request, ahead)
    assert isinstance(answer.instruction, Ring)
    assert ahead
    assert (answer.held, call.stored) == (ahead.decision.call, ahead.decision.call)


@ONE_DATABASE
def test_a_call_that_has_changed_since_is_decided_anew(database: Database) -> None:
    call = critical_at_night(database)
    request = nobody_answered(call)
    ahead = decided(database, request)
    call.hangs_up()
    assert not isinstance(written(database, request, ahead).instruction, Ring)
    assert call.stored.has_ended


@ONE_DATABASE
def test_a_turn_that_was_taken_since_is_answered_as_it_was(database: Database) -> None:
    call = critical_at_night(database)
    request = nobody_answered(call)
    ahead = decided(database, request)
    first = written(database, request, None)
    again = written(database, request, ahead)
    assert (again.instruction, again.is_repeated) == (first.instruction, True)


def test_what_strangers_may_cause_is_decided_while_others_wait(database: Database) -> None:
    call = DrivenCall(database, caller=STRANGER)
    call.arrives()
    request = callers_turn(call.sid, 1, press("1"), ClockReading(call.now))
    assert decided(database, request) is None
    assert isinstance(taken(database, request).instruction, Ring)


def test_on_sqlite_nothing_is_decided_while_other_writers_wait(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        call = critical_at_night(database)
        monkeypatch.setattr(turns, "decide_turn", None)
        assert isinstance(call.nobody_answers().instruction, Ring)


def while_another_writes(database: Database, seconds: float, request: TurnRequest) -> Answer:
    """Somebody's transaction is open for so long; the turn comes in the midst of it."""
    is_open = Event()

    def writes(_connection: Connection) -> None:
        is_open.set()
        time.sleep(seconds)

    with ThreadPoolExecutor() as another:
        other = another.submit(database.write, writes)
        is_open.wait()
        answer = taken(database, request)
        other.result()
    return answer


def test_what_was_read_too_long_ago_is_read_again(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        call = critical_at_night(database)
        anew: list[object] = []
        monkeypatch.setattr(
            turns, "decide_turn", lambda *how, **more: anew.append(how) or decide_turn(*how, **more)
        )
        answer = while_another_writes(database, AHEAD_SECONDS * 1.5, nobody_answered(call))
        assert isinstance(answer.instruction, Ring)
        assert len(anew) == 1


def test_a_hang_up_that_comes_while_the_call_is_being_stored_is_no_unknown_call(
    migrated_sqlite_url: str,
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        request = callers_turn("CA-new", 1, HungUp(), ClockReading(NIGHT))
        assert decided(database, request) is None
        with pytest.raises(UnknownCall):  # told by whoever sees all that was stored before
            taken(database, request)
