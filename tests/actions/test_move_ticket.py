"""A ticket acknowledged, closed or raised by somebody at the desk: once, and nobody is rung on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.actions.move_ticket import Request, move_ticket
from app.actions.rounds import begin_due_rounds
from app.domain.desk import Priority
from app.domain.ticket_moves import (
    Acknowledge,
    Close,
    Move,
    Moved,
    Outcome,
    Refused,
    SetPriority,
    Unchanged,
)
from app.store import Database
from app.store.ticket_lists import Ticket, TicketEvent, find_ticket, ticket_events
from app.store.tickets import Said
from tests.a_house import SUPPORT, a_house, later
from tests.actions.a_call import ACall
from tests.actions.a_round import ROUND_1, a_message_is_left, accepts, the_round


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url) as database:
        yield database


def moves(
    house: Database, move: Move, by: str, now: datetime, note: str = "", **more: Any
) -> Outcome | None:
    said = Said(by, note, "vakt ticket")
    return move_ticket(house, Request(1001, move, said, **more), now)


def ticket(house: Database) -> Ticket:
    with house.read() as connection:
        found = find_ticket(connection, 1001)
    assert found
    return found


def events(house: Database, *kinds: str) -> list[TicketEvent]:
    with house.read() as connection:
        return [each for each in ticket_events(connection, 1001) if each.kind in kinds]


def a_high_case_at_night(house: Database) -> datetime:
    call = ACall(house, line=SUPPORT)
    call.arrives()
    call.presses("2")
    call.hangs_up()
    assert ticket(house).priority is Priority.HIGH
    return call.now


def test_whoever_acknowledges_is_noted_once_and_the_rounds_stop(house: Database) -> None:
    now = a_message_is_left(house) + timedelta(minutes=2)
    assert begin_due_rounds(house, now) == 1

    done = moves(house, Acknowledge(), "Teamleiar", now, "ringer tilbake")
    assert isinstance(done, Moved)
    assert isinstance(moves(house, Acknowledge(), "Teamleiar", now), Unchanged)
    refused = moves(house, Acknowledge(), "Vakt 2", now)

    assert isinstance(refused, Refused)
    assert (refused.by, refused.at) == ("Teamleiar", now)
    assert ticket(house).acknowledged_by == "Teamleiar"
    assert ticket(house).next_round_at is None
    [event] = events(house, "acknowledged")
    assert (event.who, event.facts["note"]) == ("Teamleiar", "ringer tilbake")
    begin_due_rounds(house, now + timedelta(seconds=1))
    assert not the_round(house).ringing, "the telephone that rings stops"
    assert begin_due_rounds(house, now + timedelta(minutes=10)) == 0


def test_what_was_accepted_on_the_telephone_is_not_taken_again(house: Database) -> None:
    now = a_message_is_left(house) + timedelta(minutes=2)
    begin_due_rounds(house, now)
    accepts(house, now, ROUND_1)
    assert isinstance(moves(house, Acknowledge(), "Teamleiar", now), Refused)
    assert isinstance(moves(house, Close(), "Teamleiar", now), Moved)
    assert ticket(house).acknowledged_by == "Duty 1"
    assert (ticket(house).status, ticket(house).closed_by) == ("closed", "Teamleiar")


def test_closing_an_open_ticket_takes_it_too(house: Database) -> None:
    now = a_message_is_left(house) + timedelta(minutes=2)
    moves(house, Close(), "Teamleiar", now, "falsk alarm")
    assert [event.kind for event in events(house, "acknowledged", "closed")] == [
        "acknowledged",
        "closed",
    ]
    assert ticket(house).acknowledged_by == ticket(house).closed_by == "Teamleiar"
    assert begin_due_rounds(house, now + timedelta(minutes=10)) == 0


def test_a_caller_is_not_asked_about_a_case_that_is_closed(house: Database) -> None:
    now = a_message_is_left(house)
    moves(house, Close(), "Teamleiar", now)
    again = ACall(house, "CA2", start=now + timedelta(minutes=5))
    again.arrives()
    assert again.stored.open_case is None


def test_of_many_at_once_one_is_first(house: Database) -> None:
    now = a_message_is_left(house)
    names = [f"Vakt {number}" for number in range(1, 7)]
    with ThreadPoolExecutor(len(names)) as pool:
        done = list(pool.map(lambda name: moves(house, Acknowledge(), name, now), names))
    assert sum(isinstance(each, Moved) for each in done) == 1
    assert sum(isinstance(each, Refused) for each in done) == len(names) - 1
    assert len(events(house, "acknowledged")) == 1


def test_no_ticket_and_another_desks_are_not_there(house: Database) -> None:
    a_message_is_left(house)
    now = later(3600)
    assert moves(house, Close(), "Teamleiar", now, desks=("berg",)) is None
    assert move_ticket(house, Request(4711, Close(), Said("Teamleiar")), now) is None
    assert ticket(house).status == "open"


def test_a_case_made_critical_rings_the_duty_from_then_on(house: Database) -> None:
    a_high_case_at_night(house)
    raised_at = later(3 * 3600)  # longer than the rounds last
    assert begin_due_rounds(house, raised_at) == 0
    moves(house, SetPriority(Priority.CRITICAL), "Teamleiar", raised_at, "alle er ute")

    assert begin_due_rounds(house, raised_at) == 1
    assert the_round(house).ringing
    [event] = events(house, "priority_changed")
    assert (event.facts["was"], event.facts["priority"]) == ("high", "critical")
    assert ticket(house).priority is Priority.CRITICAL


def test_a_case_made_less_urgent_rings_nobody_any_more(house: Database) -> None:
    now = a_message_is_left(house) + timedelta(minutes=2)
    moves(house, SetPriority(Priority.LOW), "Teamleiar", now)
    assert begin_due_rounds(house, now + timedelta(minutes=10)) == 0
    assert ticket(house).next_round_at is None
