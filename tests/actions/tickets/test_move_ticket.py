"""A ticket acknowledged, closed or raised by somebody at the desk: once, and nobody is rung on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.tickets.move_ticket import SetPriority, TicketChange, move_ticket
from app.domain.desks.desk import Priority
from app.domain.tickets.events import TicketEvent
from app.domain.tickets.moves import Refused, Unchanged
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.ticket import Ticket
from app.store import Database
from app.store.ticket_lists import find_ticket, ticket_events
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import CALL_OUT_1, a_message_is_left, accepts, the_call_out
from tests.support.desk_moves import ACKNOWLEDGE, CLOSE, asked
from tests.support.sample_desk import SUPPORT, later
from tests.support.stored_call import DrivenCall


def moves(
    database: Database,
    change: TicketChange,
    by: str,
    now: datetime,
    note: str = "",
    **more: Any,
) -> Outcome | Unchanged | Refused | None:
    return move_ticket(database, asked(1001, change, by, note, **more), now)


def ticket(database: Database) -> Ticket:
    with database.read() as connection:
        found = find_ticket(connection, 1001)
    assert found
    return found


def events(database: Database, *kinds: str) -> list[TicketEvent]:
    with database.read() as connection:
        return [each for each in ticket_events(connection, 1001) if each.kind in kinds]


def a_high_case_at_night(database: Database) -> datetime:
    call = DrivenCall(database, line=SUPPORT)
    call.arrives()
    call.presses("2")
    call.hangs_up()
    assert ticket(database).priority is Priority.HIGH
    return call.now


def test_whoever_acknowledges_is_noted_once_and_the_rounds_stop(database: Database) -> None:
    now = a_message_is_left(database) + timedelta(minutes=2)
    assert begin_due_call_outs(database, now) == 1

    done = moves(database, ACKNOWLEDGE, "Teamleiar", now, "ringer tilbake")
    assert isinstance(done, Outcome)
    assert isinstance(moves(database, ACKNOWLEDGE, "Teamleiar", now), Unchanged)
    refused = moves(database, ACKNOWLEDGE, "Vakt 2", now)

    assert isinstance(refused, Refused)
    assert (refused.by, refused.at) == ("Teamleiar", now)
    assert ticket(database).acknowledged_by == "Teamleiar"
    assert ticket(database).next_call_out_at is None
    [event] = events(database, "acknowledged")
    assert (event.who, event.facts["note"]) == ("Teamleiar", "ringer tilbake")
    begin_due_call_outs(database, now + timedelta(seconds=1))
    assert not the_call_out(database).ringing, "the telephone that rings stops"
    assert begin_due_call_outs(database, now + timedelta(minutes=10)) == 0


@ONE_DATABASE
def test_what_was_accepted_on_the_telephone_is_not_taken_again(database: Database) -> None:
    now = a_message_is_left(database) + timedelta(minutes=2)
    begin_due_call_outs(database, now)
    accepts(database, now, CALL_OUT_1)
    assert isinstance(moves(database, ACKNOWLEDGE, "Teamleiar", now), Refused)
    assert isinstance(moves(database, CLOSE, "Teamleiar", now), Outcome)
    assert ticket(database).acknowledged_by == "Duty 1"
    assert (ticket(database).status, ticket(database).closed_by) == ("closed", "Teamleiar")


@ONE_DATABASE
def test_closing_an_open_ticket_takes_it_too(database: Database) -> None:
    now = a_message_is_left(database) + timedelta(minutes=2)
    moves(database, CLOSE, "Teamleiar", now, "falsk alarm")
    assert [event.kind for event in events(database, "acknowledged", "closed")] == [
        "acknowledged",
        "closed",
    ]
    assert ticket(database).acknowledged_by == ticket(database).closed_by == "Teamleiar"
    assert begin_due_call_outs(database, now + timedelta(minutes=10)) == 0


@ONE_DATABASE
def test_a_caller_is_not_asked_about_a_case_that_is_closed(database: Database) -> None:
    now = a_message_is_left(database)
    moves(database, CLOSE, "Teamleiar", now)
    again = DrivenCall(database, "CA2", start=now + timedelta(minutes=5))
    again.arrives()
    assert again.stored.recent_ticket is None


def test_of_many_at_once_one_is_first(database: Database) -> None:
    now = a_message_is_left(database)
    names = [f"Vakt {number}" for number in range(1, 7)]
    with ThreadPoolExecutor(len(names)) as pool:
        done = list(pool.map(lambda name: moves(database, ACKNOWLEDGE, name, now), names))
    assert sum(isinstance(each, Outcome) for each in done) == 1
    assert sum(isinstance(each, Refused) for each in done) == len(names) - 1
    assert len(events(database, "acknowledged")) == 1


@ONE_DATABASE
def test_no_ticket_and_another_desks_are_not_there(database: Database) -> None:
    a_message_is_left(database)
    now = later(3600)
    assert moves(database, CLOSE, "Teamleiar", now, desks=("berg",)) is None
    assert move_ticket(database, asked(4711, CLOSE), now) is None
    assert ticket(database).status == "open"


@ONE_DATABASE
def test_a_case_made_critical_rings_the_duty_from_then_on(database: Database) -> None:
    a_high_case_at_night(database)
    raised_at = later(3 * 3600)  # longer than the call-outs last
    assert begin_due_call_outs(database, raised_at) == 0
    moves(database, SetPriority(Priority.CRITICAL), "Teamleiar", raised_at, "alle er ute")

    assert begin_due_call_outs(database, raised_at) == 1
    assert the_call_out(database).ringing
    [event] = events(database, "priority_changed")
    assert (event.facts["was"], event.facts["priority"]) == ("high", "critical")
    assert ticket(database).priority is Priority.CRITICAL


@ONE_DATABASE
def test_a_case_made_less_urgent_rings_nobody_any_more(database: Database) -> None:
    now = a_message_is_left(database) + timedelta(minutes=2)
    moves(database, SetPriority(Priority.LOW), "Teamleiar", now)
    assert begin_due_call_outs(database, now + timedelta(minutes=10)) == 0
    assert ticket(database).next_call_out_at is None
