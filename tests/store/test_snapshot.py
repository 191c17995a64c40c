"""The World of one turn: just the facts that matter to this caller, in few statements."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from app.domain.calls.call import Call, Pressed
from app.domain.config.folder_reader import read_folder
from app.store import Database
from app.store.documents import UnreadableVersion
from app.store.snapshot import read_world, take_snapshot
from app.store.tables import DeskVersionRow
from tests.support.sample_desk import (
    CALLER,
    DAY,
    DESK,
    DESK_TOML,
    DUTY,
    NIGHT,
    STRANGER,
    SUPPORT,
    folder,
    import_sample_desks,
    number,
)
from tests.support.shipped_desks import folder_files
from tests.support.stored_call import DrivenCall, critical_at_night


def test_a_known_number_finds_its_customer_and_nobody_else(database: Database) -> None:
    with database.read() as connection:
        world = read_world(connection, SUPPORT, number(CALLER), DAY)
    assert world.desk
    assert world.line
    assert world.roster
    assert (world.desk.id, world.line.number, world.roster.id) == (DESK, SUPPORT, DESK)
    assert [customer.number for customer in world.customers] == ["9001"]


def test_a_keyed_customer_number_finds_its_customer(database: Database) -> None:
    with database.read() as connection:
        world = read_world(connection, SUPPORT, number(STRANGER), DAY, digits="9002")
    assert [customer.name for customer in world.customers] == ["Teknisk eining"]


def test_who_was_found_once_stays_known_in_later_turns(database: Database) -> None:
    call = Call("CA1", SUPPORT, number(STRANGER), DAY, desk=DESK, customer="9002")
    with database.read() as connection:
        snapshot = take_snapshot(connection, call, Pressed("1"), DAY, DAY)
    assert [customer.number for customer in snapshot.world.customers] == ["9002"]


def test_a_number_that_no_desk_has_gives_an_empty_world(database: Database) -> None:
    with database.read() as connection:
        world = read_world(connection, "+4720000999", number(), DAY)
    assert (world.desk, world.customers) == (None, ())


def test_the_rings_of_the_last_hour_are_counted(database: Database) -> None:
    call = critical_at_night(database)
    call.nobody_answers()
    with database.read() as connection:
        for minutes, rings in ((1, 2), (59, 2), (61, 0)):
            world = read_world(connection, SUPPORT, number(), NIGHT + timedelta(minutes=minutes))
            assert world.rings_this_hour == rings


def test_a_line_of_any_desk_is_known_as_such_when_it_calls(database: Database) -> None:
    others = read_folder(folder_files("brukarstotte"), "brukarstotte")
    import_sample_desks(database, others)
    assert others.desk
    their_line = others.desk.lines[0].number
    with database.read() as connection:
        told = {
            caller: read_world(connection, SUPPORT, number(caller), DAY).caller_is_line
            for caller in (their_line, DUTY, CALLER, STRANGER, "anonymous", "+266696687")
        }
    assert [caller for caller, is_line in told.items() if is_line] == [their_line, DUTY]


def test_a_new_version_is_seen_on_the_next_turn(database: Database) -> None:
    import_sample_desks(
        database, folder(desk=DESK_TOML.replace('name = "Fjordhjelp"', 'name = "Fjorden"'))
    )
    with database.read() as connection:
        world = read_world(connection, SUPPORT, number(), DAY)
    assert world.desk
    assert world.desk.name == "Fjorden"


def test_a_version_that_this_release_cannot_read_is_told_and_not_guessed(
    database: Database,
) -> None:
    changed = update(DeskVersionRow).values(text="name = ", sha="other")
    database.write(lambda connection: connection.execute(changed))
    with database.read() as connection, pytest.raises(UnreadableVersion, match=DESK):
        read_world(connection, SUPPORT, number(), DAY)


def statements_of(database: Database, turn: Callable[[], object]) -> list[str]:
    heard: list[str] = []

    def note(*told: object) -> None:
        heard.append(" ".join(str(told[2]).split()))

    event.listen(database.engine, "before_cursor_execute", note)
    turn()
    event.remove(database.engine, "before_cursor_execute", note)
    return [each for each in heard if not each.startswith("BEGIN")]


def test_a_turn_takes_few_statements(database: Database) -> None:
    call = critical_at_night(database)
    # call, live documents, customers; then call, turn, and the legs in one
    assert len(statements_of(database, call.nobody_answers)) == 6 + _looks_again(database)


def test_a_pressed_key_that_opens_a_ticket_and_rings_takes_ten_statements(
    database: Database,
) -> None:
    call = DrivenCall(database)
    call.arrives()
    statements = statements_of(database, lambda: call.presses("1"))
    # call, live documents, customers; a number, the call, the turn, its legs, the ticket with when
    # it is looked at, what happened to it, and all jobs
    assert len(statements) == 10 + _looks_again(database), statements


def _looks_again(database: Database) -> int:
    """What was decided before the one writer's lock is written when the call is still the same."""
    return 1 if database.is_sqlite else 0


def test_of_a_call_only_what_has_changed_is_written(database: Database) -> None:
    call = critical_at_night(database)
    statements = statements_of(database, call.nobody_answers)
    (written,) = (each for each in statements if each.startswith("UPDATE calls"))
    assert all(name in written for name in ("step", "turn", "state"))
    assert not any(name in written for name in ("outcome", "ticket", "talking", "rate_limited"))
