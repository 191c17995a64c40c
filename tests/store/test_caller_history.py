"""What a caller's number has been about before: read once, when the call arrives, by its moment."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, event, insert, update

from app.domain.calls.call import Arrived, Call, Pressed, Step
from app.domain.desks.desk import Priority
from app.domain.hunts.effects import JoinTicket
from app.domain.hunts.world import NO_HISTORY, CallerHistory
from app.domain.tickets.opening import NewTicket, open_ticket
from app.domain.tickets.ticket import Source
from app.store import Database
from app.store.call_lists import find_call
from app.store.caller_history import load_caller_history
from app.store.desks import find_desk
from app.store.snapshot import take_snapshot
from app.store.tables import BlockedNumberRow, TicketRow
from app.store.ticket_lists import TicketFilter, find_ticket, list_tickets, ticket_events
from app.store.tickets import Provenance, add_ticket
from tests.support.sample_desk import (
    CALLER,
    DESK,
    DUTY,
    DUTY_1,
    DUTY_2,
    NIGHT,
    STRANGER,
    SUPPORT,
    later,
    number,
)
from tests.support.stored_call import DrivenCall, critical_at_night

MINUTE = timedelta(minutes=1)


def earlier(
    database: Database, at: datetime, caller: str = CALLER, desk: str = DESK
) -> CallerHistory:
    with database.read() as connection:
        return load_caller_history(connection, desk, caller, "CA-now", at)


def block(database: Database, until: datetime | None, digits: str = CALLER) -> None:
    row = {"desk": DESK, "digits": digits, "reason": "a robot", "until": until}
    add = insert(BlockedNumberRow).values(**row, author="Teamleiar", at=NIGHT)
    database.write(lambda connection: connection.execute(add))


def test_a_first_call_has_nothing_before_it(database: Database) -> None:
    assert earlier(database, NIGHT) == NO_HISTORY


def test_the_case_of_a_moment_ago_is_known_with_whoever_took_it(database: Database) -> None:
    call = critical_at_night(database)
    call.nobody_answers()
    call.nobody_answers()
    call.somebody_accepts(3)
    case = earlier(database, NIGHT + 5 * MINUTE).recent_ticket
    assert case
    assert (case.number, case.priority, case.calls) == (1001, Priority.CRITICAL, 1)
    assert (case.customer, case.agreement) == ("9001", "standard")
    assert case.acknowledged
    assert (case.acknowledged.person, case.acknowledged.on_number) == ("duty-2", DUTY_2)


def reported_in_portal(
    database: Database, level: Priority = Priority.CRITICAL, customer: str = "9001"
) -> None:
    """By somebody of the customer's, who wrote no telephone number."""
    new = NewTicket(Source.PORTAL, level, subject="The journal is down", customer=customer)

    def store(connection: Connection) -> None:
        live = find_desk(connection, DESK)
        assert live
        ticket = replace(open_ticket(new, live.desk, NIGHT).ticket, number=1001)
        add_ticket(connection, ticket, Provenance())

    database.write(store)


def test_who_reports_a_critical_case_in_the_portal_and_calls_joins_it(database: Database) -> None:
    reported_in_portal(database)
    assert earlier(database, NIGHT + 31 * MINUTE) == NO_HISTORY
    assert earlier(database, NIGHT + 29 * MINUTE, STRANGER) == NO_HISTORY
    call = DrivenCall(database, start=NIGHT + 10 * MINUTE)
    call.arrives()
    assert call.stored.step is Step.SAME_TICKET
    call.presses("1")
    with database.read() as connection:
        joined = find_ticket(connection, 1001)
        [ticket] = list_tickets(connection, TicketFilter(desks=(DESK,)))
    assert joined
    assert (ticket.number, joined.calls) == (1001, 1)


@pytest.mark.parametrize(
    ("level", "customer"), [(Priority.HIGH, "9001"), (Priority.CRITICAL, "9002")]
)
def test_of_less_urgent_cases_and_other_customers_nobody_is_asked(
    database: Database, level: Priority, customer: str
) -> None:
    reported_in_portal(database, level, customer)
    assert earlier(database, NIGHT + MINUTE) == NO_HISTORY


def test_a_case_that_nobody_has_taken_names_nobody(database: Database) -> None:
    critical_at_night(database)
    case = earlier(database, NIGHT + MINUTE).recent_ticket
    assert case
    assert case.acknowledged is None


def test_a_case_is_asked_about_for_sixty_minutes_by_the_moment_of_the_call(
    database: Database,
) -> None:
    critical_at_night(database)
    opened = later(2)
    ages = {-1: False, 0: True, 59: True, 60: False, 24 * 60: False}
    found = {
        age: earlier(database, opened + age * MINUTE).recent_ticket is not None for age in ages
    }
    assert found == ages


def test_the_newest_of_several_cases_is_the_one(database: Database) -> None:
    critical_at_night(database)
    second = DrivenCall(database, "CA2", start=later(60))
    second.arrives()
    second.presses("5", "1")
    case = earlier(database, later(120)).recent_ticket
    assert case
    assert case.number == 1002


@pytest.mark.parametrize("caller", [STRANGER, ""])
def test_others_and_who_withholds_the_number_are_asked_nothing(
    database: Database, caller: str
) -> None:
    critical_at_night(database)
    critical_at_night(database, "CA2", caller="anonymous")
    assert earlier(database, later(60), caller) == NO_HISTORY


def test_who_withholds_the_number_is_only_asked_about_while_the_desk_is_closed_to_them(
    database: Database,
) -> None:
    block(database, later(3600), "")
    assert earlier(database, later(60), "") == CallerHistory(blocked=True)
    assert earlier(database, later(60), STRANGER) == NO_HISTORY
    assert earlier(database, later(3700), "") == NO_HISTORY


def test_a_solved_case_is_over(database: Database) -> None:
    critical_at_night(database)
    database.write(lambda connection: connection.execute(update(TicketRow).values(status="solved")))
    found = earlier(database, later(60))
    assert (found.recent_ticket, found.has_open_critical) == (None, False)


def test_an_open_critical_ticket_counts_however_old(database: Database) -> None:
    critical_at_night(database)
    month_later = earlier(database, NIGHT + timedelta(days=30))
    assert (month_later.recent_ticket, month_later.has_open_critical) == (None, True)
    assert not earlier(database, NIGHT + timedelta(days=30), desk="other").has_open_critical


def test_calls_of_the_last_hour_are_counted_but_those_held_off_are_not(database: Database) -> None:
    for count in range(3):
        DrivenCall(database, f"CA{count}", SUPPORT, STRANGER, start=later(60 * count)).arrives()
    assert [earlier(database, later(s), STRANGER).calls_this_hour for s in (200, 3605, 9000)] == [
        3,
        2,
        0,
    ]
    block(database, None, STRANGER)
    screened = DrivenCall(database, "CA9", SUPPORT, STRANGER, start=later(200)).arrives()
    assert screened.held.step is Step.SCREENED
    assert earlier(database, later(300), STRANGER).calls_this_hour == 3


@pytest.mark.parametrize(
    ("until", "blocked"), [(None, True), (NIGHT + MINUTE, True), (NIGHT, False)]
)
def test_a_block_holds_until_it_expires(
    database: Database, until: datetime | None, blocked: bool
) -> None:
    block(database, until)
    assert earlier(database, NIGHT).blocked is blocked


def test_only_a_call_that_arrives_asks_for_it(database: Database) -> None:
    critical_at_night(database)
    call = Call("CA2", DUTY, number(), later(60), desk=DESK)
    statements: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(*args: object) -> None:
        statements.append(str(args[2]))

    with database.read() as connection:
        arrived = take_snapshot(connection, call, Arrived(), later(60), later(60))
        of_arrival = [each for each in statements if each.startswith("SELECT")]
        statements.clear()
        pressed = take_snapshot(connection, call, Pressed("1"), later(62), later(62))
        of_key = [each for each in statements if each.startswith("SELECT")]
    event.remove(database.engine, "before_cursor_execute", note)
    assert arrived.world.earlier.recent_ticket
    assert pressed.world.earlier == NO_HISTORY
    assert len(of_arrival) == len(of_key) + 2, "what was before, and the case"


def test_a_call_that_joins_is_counted_on_the_ticket_and_names_it(database: Database) -> None:
    first = critical_at_night(database)
    first.somebody_accepts(1)
    first.hangs_up()
    again = DrivenCall(database, "CA2", start=later(300))
    assert again.arrives().held.step is Step.SAME_TICKET
    answer = again.presses("1")
    assert answer.held.ticket
    assert (answer.held.ticket.number, answer.held.joined) == (1001, 2)
    with database.read() as connection:
        ticket = find_ticket(connection, 1001)
        of_call = list_tickets(connection, TicketFilter(call_sid="CA2"))
        kinds = [each.kind for each in ticket_events(connection, 1001)]
        past = find_call(connection, "CA2")
    assert ticket
    assert (ticket.calls, ticket.call_sid) == (2, "CA1")
    assert [each.number for each in of_call] == [1001]
    assert kinds == ["opened", "acknowledged", "called_again"]
    assert past
    assert past.line.ticket == 1001
    assert past.turns[0].earlier.recent_ticket == past.call.recent_ticket
    assert any(isinstance(part, JoinTicket) for part in past.turns[1].trace)
    assert [leg.number for leg in past.legs] == [DUTY_1]


def test_the_third_call_knows_that_it_is_the_third(database: Database) -> None:
    critical_at_night(database)
    for sid, minutes in (("CA2", 5), ("CA3", 10)):
        again = DrivenCall(database, sid, start=later(60 * minutes))
        again.arrives()
        answer = again.presses("1")
    assert answer.held.ticket
    assert answer.held.joined == 3
