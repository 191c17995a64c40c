"""What a caller's number has been about before: read once, when the call arrives, by its moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, insert, update

from app.domain.call import Arrived, Call, Place, Pressed
from app.domain.decision import JoinTicket
from app.domain.desk import Priority
from app.domain.world import NOTHING, Earlier
from app.store import Database
from app.store.call_lists import find_call
from app.store.earlier import load_earlier
from app.store.snapshot import take_snapshot
from app.store.tables import BlockedNumberRow, TicketRow
from app.store.ticket_lists import TicketFilter, find_ticket, list_tickets, ticket_events
from tests.a_house import (
    CALLER,
    DESK,
    DUTY,
    DUTY_1,
    DUTY_2,
    NIGHT,
    STRANGER,
    SUPPORT,
    a_house,
    later,
    number,
)
from tests.actions.a_call import ACall, critical_at_night

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url) as database:
        yield database


def earlier(house: Database, at: datetime, caller: str = CALLER, desk: str = DESK) -> Earlier:
    with house.read() as connection:
        return load_earlier(connection, desk, caller, "CA-now", at)


def block(house: Database, until: datetime | None, digits: str = CALLER) -> None:
    row = {"desk": DESK, "digits": digits, "reason": "a robot", "until": until}
    add = insert(BlockedNumberRow).values(**row, author="Teamleiar", at=NIGHT)
    house.write(lambda connection: connection.execute(add))


def test_a_first_call_has_nothing_before_it(house: Database) -> None:
    assert earlier(house, NIGHT) == NOTHING


def test_the_case_of_a_moment_ago_is_known_with_whoever_took_it(house: Database) -> None:
    call = critical_at_night(house)
    call.nobody_answers()
    call.nobody_answers()
    call.somebody_accepts(3)
    case = earlier(house, NIGHT + 5 * MINUTE).open_case
    assert case
    assert (case.number, case.priority, case.calls) == (1001, Priority.CRITICAL, 1)
    assert (case.customer, case.agreement) == ("9001", "standard")
    assert (case.accepted_by, case.accepted_on) == ("duty-2", DUTY_2)


def test_a_case_that_nobody_has_taken_names_nobody(house: Database) -> None:
    critical_at_night(house)
    case = earlier(house, NIGHT + MINUTE).open_case
    assert case
    assert (case.accepted_by, case.accepted_on) == (None, "")


def test_a_case_is_asked_about_for_sixty_minutes_by_the_moment_of_the_call(
    house: Database,
) -> None:
    critical_at_night(house)
    opened = later(2)
    ages = {-1: False, 0: True, 59: True, 60: False, 24 * 60: False}
    found = {age: earlier(house, opened + age * MINUTE).open_case is not None for age in ages}
    assert found == ages


def test_the_newest_of_several_cases_is_the_one(house: Database) -> None:
    critical_at_night(house)
    second = ACall(house, "CA2", start=later(60))
    second.arrives()
    second.presses("5", "1")
    case = earlier(house, later(120)).open_case
    assert case
    assert case.number == 1002


@pytest.mark.parametrize("caller", [STRANGER, ""])
def test_others_and_who_withholds_the_number_are_asked_nothing(
    house: Database, caller: str
) -> None:
    critical_at_night(house)
    critical_at_night(house, "CA2", caller="anonymous")
    assert earlier(house, later(60), caller) == NOTHING


def test_who_withholds_the_number_is_only_asked_about_while_the_desk_is_closed_to_them(
    house: Database,
) -> None:
    block(house, later(3600), "")
    assert earlier(house, later(60), "") == Earlier(blocked=True)
    assert earlier(house, later(60), STRANGER) == NOTHING
    assert earlier(house, later(3700), "") == NOTHING


def test_a_solved_case_is_over(house: Database) -> None:
    critical_at_night(house)
    house.write(lambda connection: connection.execute(update(TicketRow).values(status="solved")))
    found = earlier(house, later(60))
    assert (found.open_case, found.has_open_critical) == (None, False)


def test_an_open_critical_ticket_counts_however_old(house: Database) -> None:
    critical_at_night(house)
    month_later = earlier(house, NIGHT + timedelta(days=30))
    assert (month_later.open_case, month_later.has_open_critical) == (None, True)
    assert not earlier(house, NIGHT + timedelta(days=30), desk="other").has_open_critical


def test_calls_of_the_last_hour_are_counted_but_those_held_off_are_not(house: Database) -> None:
    for count in range(3):
        ACall(house, f"CA{count}", SUPPORT, STRANGER, start=later(60 * count)).arrives()
    assert [earlier(house, later(s), STRANGER).calls_this_hour for s in (200, 3605, 9000)] == [
        3,
        2,
        0,
    ]
    block(house, None, STRANGER)
    held_off = ACall(house, "CA9", SUPPORT, STRANGER, start=later(200)).arrives()
    assert held_off.call.place is Place.HELD_OFF
    assert earlier(house, later(300), STRANGER).calls_this_hour == 3


@pytest.mark.parametrize(
    ("until", "blocked"), [(None, True), (NIGHT + MINUTE, True), (NIGHT, False)]
)
def test_a_block_holds_until_it_expires(
    house: Database, until: datetime | None, blocked: bool
) -> None:
    block(house, until)
    assert earlier(house, NIGHT).blocked is blocked


def test_only_a_call_that_arrives_asks_for_it(house: Database) -> None:
    critical_at_night(house)
    call = Call("CA2", DUTY, number(), later(60), desk=DESK)
    statements: list[str] = []

    @event.listens_for(house.engine, "before_cursor_execute")
    def note(*args: object) -> None:
        statements.append(str(args[2]))

    with house.read() as connection:
        arrived = take_snapshot(connection, call, Arrived(), later(60), later(60))
        of_arrival = [each for each in statements if each.startswith("SELECT")]
        statements.clear()
        pressed = take_snapshot(connection, call, Pressed("1"), later(62), later(62))
        of_key = [each for each in statements if each.startswith("SELECT")]
    event.remove(house.engine, "before_cursor_execute", note)
    assert arrived.world.earlier.open_case
    assert pressed.world.earlier == NOTHING
    assert len(of_arrival) == len(of_key) + 2, "what was before, and the case"


def test_a_call_that_joins_is_counted_on_the_ticket_and_names_it(house: Database) -> None:
    first = critical_at_night(house)
    first.somebody_accepts(1)
    first.hangs_up()
    again = ACall(house, "CA2", start=later(300))
    assert again.arrives().call.place is Place.SAME_CASE
    answer = again.presses("1")
    assert answer.call.ticket
    assert (answer.call.ticket.number, answer.call.ticket.joined) == (1001, 2)
    with house.read() as connection:
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
    assert past.turns[0].earlier.open_case == past.call.open_case
    assert any(isinstance(part, JoinTicket) for part in past.turns[1].story)
    assert [leg.number for leg in past.legs] == [DUTY_1]


def test_the_third_call_knows_that_it_is_the_third(house: Database) -> None:
    critical_at_night(house)
    for sid, minutes in (("CA2", 5), ("CA3", 10)):
        again = ACall(house, sid, start=later(60 * minutes))
        again.arrives()
        answer = again.presses("1")
    assert answer.call.ticket
    assert answer.call.ticket.joined == 3
