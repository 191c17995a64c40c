"""Webhooks that arrive in the same instant, on several threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from app.domain.calls.call import CallOutcome, RingEnded
from app.domain.hunts.events import LegAnswered, LegPressed
from app.domain.hunts.instructions import Bridge, End, Ring
from app.store import Database
from app.store.call_lists import find_call
from app.store.libpq_cursor import LibpqCursor
from app.store.ticket_lists import list_tickets, ticket_events
from app.store.transaction_timeout import interrupt_connection
from tests.support.sample_desk import DUTY, later, number, press, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night
from tests.support.turns import answer_call, hang_up, take_leg_turn, take_turn

T = TypeVar("T")


def all_at_once(*works: Callable[[], T]) -> list[T]:
    """Do the works on a thread each, let loose together."""
    ready = Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        ready.wait(60)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_one_call_that_arrives_eight_times_is_one_call(database: Database) -> None:
    answers = all_at_once(*[lambda: answer_call(database, "CA1", DUTY, number(), later(0))] * 8)
    assert len({str(answer.instruction) for answer in answers}) == 1
    assert sorted(answer.is_repeated for answer in answers) == [False] + [True] * 7


def test_one_key_that_is_pressed_eight_times_opens_one_ticket(database: Database) -> None:
    DrivenCall(database).arrives()
    answers = all_at_once(*[lambda: take_turn(database, "CA1", 1, press("1"), later(1))] * 8)
    assert len({str(answer.instruction) for answer in answers}) == 1
    assert isinstance(answers[0].instruction, Ring)
    with database.read() as connection:
        assert [ticket.number for ticket in list_tickets(connection)] == [1001]


def test_eight_callers_at_once_get_eight_different_tickets(database: Database) -> None:
    calls = [DrivenCall(database, f"CA{n}") for n in range(8)]
    for call in calls:
        call.arrives()
    all_at_once(*[lambda call=call: call.presses("1") for call in calls])  # type: ignore[misc]
    with database.read() as connection:
        numbers = sorted(ticket.number for ticket in list_tickets(connection))
    assert numbers == list(range(1001, 1009))


@pytest.mark.parametrize("attempt", range(5))
def test_accepting_hanging_up_and_the_end_of_ringing_at_once(
    database: Database, attempt: int
) -> None:
    critical_at_night(database)
    take_leg_turn(database, "CA1", LegAnswered(1, "CB1"), later(5))
    all_at_once(
        lambda: take_leg_turn(database, "CA1", LegPressed(1, "1"), later(6), heard=1),
        lambda: hang_up(database, "CA1", later(6)),
        lambda: take_turn(database, "CA1", 2, RingEnded("canceled"), later(6)),
        lambda: take_leg_turn(database, "CA1", LegPressed(1, "1"), later(6), heard=1),
    )
    with database.read() as connection:
        past = find_call(connection, "CA1")
        kinds = [event.kind for event in ticket_events(connection, 1001)]
        [ticket] = list_tickets(connection)
    assert past
    assert past.line.outcome in {CallOutcome.CONNECTED, CallOutcome.TICKET}
    # Who pressed 1 has taken it, caller or not; unless the ringing had ended and they were told
    # that the call has gone on: then the duty is rung about it.
    is_acknowledged = kinds == ["opened", "acknowledged"]
    assert is_acknowledged or (kinds == ["opened"] and ticket.next_call_out_at is not None)
    assert [turn.key for turn in past.turns].count("hung_up") == 1


def test_of_two_who_accept_at_once_one_is_bridged_and_one_thanked(database: Database) -> None:
    call = critical_at_night(database)
    call.does(RingEnded("no-answer"))
    for leg in (1, 2):
        take_leg_turn(database, "CA1", LegAnswered(leg, f"CB{leg}"), later(5))
    answers = all_at_once(
        lambda: take_leg_turn(database, "CA1", LegPressed(1, "1"), later(6), heard=1),
        lambda: take_leg_turn(database, "CA1", LegPressed(2, "1"), later(6), heard=1),
    )
    assert sorted(type(answer.instruction).__name__ for answer in answers) == [
        Bridge.__name__,
        End.__name__,
    ]


def test_a_turn_is_taken_once_though_the_line_is_cut_before_its_commit_is_confirmed(
    migrated_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = LibpqCursor.commit

    def commit_unheard(cursor: LibpqCursor) -> None:
        monkeypatch.setattr(LibpqCursor, "commit", commit)
        commit(cursor)
        interrupt_connection(cursor.connection)
        cursor.execute("SELECT 1", ())

    with sample_database(migrated_postgresql_url) as database:
        DrivenCall(database).arrives()
        monkeypatch.setattr(LibpqCursor, "commit", commit_unheard)
        answer = take_turn(database, "CA1", 1, press("1"), later(1))
        with database.read() as connection:
            assert [ticket.number for ticket in list_tickets(connection)] == [1001]
    assert answer.is_repeated
    assert isinstance(answer.instruction, Ring)
