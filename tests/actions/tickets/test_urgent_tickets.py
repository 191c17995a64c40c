"""A ticket that may wake the duty under its agreement does not sleep, whatever its level."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.tickets.move_ticket import SetPriority, move_ticket
from app.domain.calls.call import Recorded
from app.domain.desks.desk import Priority
from app.domain.tickets.ticket import Ticket
from app.store import Database
from app.store.figures import read_figures
from app.store.ticket_lists import TicketFilter, list_tickets
from tests.support.backends import ONE_DATABASE
from tests.support.desk_moves import asked
from tests.support.sample_desk import DESK_TOML, NIGHT, SUPPORT, folder, sample_database
from tests.support.stored_call import DrivenCall

HEALTH = """
[agreements.standard]
wakes = ["critical", "high"]
name = "Standard"
"""
WAKES_FOR_HIGH = DESK_TOML.replace('\n[agreements.standard]\nname = "Standard"\n', HEALTH)
LATER = NIGHT + timedelta(hours=1)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(desk=WAKES_FOR_HIGH)) as database:
        yield database


def leaves_a_message(database: Database, key: str) -> None:
    """A caller at night chooses a priority, nobody answers, and they speak after the tone."""
    call = DrivenCall(database, line=SUPPORT)
    call.arrives()
    call.presses(key)
    for _ in range(4):  # three numbers of the duty, and the last resort
        if call.stored.ringing:
            call.nobody_answers()
    call.does(Recorded(20, "RE00000000000000000000000000000001"))


def ticket(database: Database, **asked: bool) -> list[Ticket]:
    with database.read() as connection:
        return list(list_tickets(connection, TicketFilter(**asked)))


@ONE_DATABASE
def test_a_high_one_is_rung_about_again_and_counts_as_unanswered(database: Database) -> None:
    leaves_a_message(database, "2")

    [found] = ticket(database, unacknowledged=True)
    assert (found.priority, found.is_urgent) == (Priority.HIGH, True)
    assert begin_due_call_outs(database, LATER) == 1
    with database.read() as connection:
        assert sum(read_figures(connection, LATER).unacknowledged.values()) == 1


def test_a_medium_one_waits_for_the_morning(database: Database) -> None:
    leaves_a_message(database, "3")

    assert ticket(database, unacknowledged=True) == []
    assert begin_due_call_outs(database, LATER) == 0


@ONE_DATABASE
def test_one_that_is_raised_to_high_is_rung_about(database: Database) -> None:
    leaves_a_message(database, "3")
    [found] = ticket(database)

    raised = SetPriority(Priority.HIGH)
    request = asked(found.number, raised, note="the surgery has called")
    assert move_ticket(database, request, LATER)

    assert [each.number for each in ticket(database, unacknowledged=True)] == [found.number]
    assert begin_due_call_outs(database, LATER + timedelta(minutes=1)) == 1


@ONE_DATABASE
def test_one_that_is_lowered_sleeps_again(database: Database) -> None:
    leaves_a_message(database, "2")
    [found] = ticket(database)

    request = asked(found.number, SetPriority(Priority.LOW))
    assert move_ticket(database, request, LATER)

    assert ticket(database, unacknowledged=True) == []
    assert begin_due_call_outs(database, LATER + timedelta(minutes=1)) == 0
