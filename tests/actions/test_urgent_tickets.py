"""A ticket that may wake the duty under its agreement does not sleep, whatever its level."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.actions.move_ticket import Request, move_ticket
from app.actions.rounds import begin_due_rounds
from app.domain.call import Recorded
from app.domain.desk import Priority
from app.domain.ticket_moves import SetPriority
from app.store import Database
from app.store.figures import read_figures
from app.store.ticket_lists import Ticket, TicketFilter, list_tickets
from app.store.tickets import Said
from tests.a_house import DESK_TOML, NIGHT, SUPPORT, a_house, folder
from tests.actions.a_call import ACall

HEALTH = """
[agreements.standard]
wakes = ["critical", "high"]
name = "Standard"
"""
WAKES_FOR_HIGH = DESK_TOML.replace('\n[agreements.standard]\nname = "Standard"\n', HEALTH)
LATER = NIGHT + timedelta(hours=1)


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url, folder(desk=WAKES_FOR_HIGH)) as database:
        yield database


def leaves_a_message(house: Database, key: str) -> None:
    """A caller at night chooses a priority, nobody answers, and they speak after the tone."""
    call = ACall(house, line=SUPPORT)
    call.arrives()
    call.presses(key)
    for _ in range(4):  # three numbers of the duty, and the last resort
        if call.stored.ringing:
            call.nobody_answers()
    call.does(Recorded(20, "RE00000000000000000000000000000001"))


def ticket(house: Database, **asked: bool) -> list[Ticket]:
    with house.read() as connection:
        return list(list_tickets(connection, TicketFilter(**asked)))


def test_a_high_one_is_rung_about_again_and_counts_as_unanswered(house: Database) -> None:
    leaves_a_message(house, "2")

    [found] = ticket(house, unanswered=True)
    assert (found.priority, found.is_urgent) == (Priority.HIGH, True)
    assert begin_due_rounds(house, LATER) == 1
    with house.read() as connection:
        assert sum(read_figures(connection, LATER).unaccepted.values()) == 1


def test_a_medium_one_waits_for_the_morning(house: Database) -> None:
    leaves_a_message(house, "3")

    assert ticket(house, unanswered=True) == []
    assert begin_due_rounds(house, LATER) == 0


def test_one_that_is_raised_to_high_is_rung_about(house: Database) -> None:
    leaves_a_message(house, "3")
    [found] = ticket(house)

    said = Said("Teamleiar", "the surgery has called", "command")
    request = Request(found.number, SetPriority(Priority.HIGH), said)
    assert move_ticket(house, request, LATER)

    assert [each.number for each in ticket(house, unanswered=True)] == [found.number]
    assert begin_due_rounds(house, LATER + timedelta(minutes=1)) == 1


def test_one_that_is_lowered_sleeps_again(house: Database) -> None:
    leaves_a_message(house, "2")
    [found] = ticket(house)

    request = Request(found.number, SetPriority(Priority.LOW), Said("Teamleiar"))
    assert move_ticket(house, request, LATER)

    assert ticket(house, unanswered=True) == []
    assert begin_due_rounds(house, LATER + timedelta(minutes=1)) == 0
