"""Calls of strangers in the very same instant: none finds the room that another has taken."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import Connection, event, select, text

from app.domain.calls.call import Step
from app.domain.desks.desk import Ceilings
from app.store import Database
from app.store.snapshot import lock_roster_of
from app.store.tables import LegRow, TicketRow
from tests.end_to_end.processes import wait_until
from tests.support.sample_desk import CALLER, DESK, DUTY_1, LAST_RESORT, later, sample_database
from tests.support.stored_call import DrivenCall

LIMIT = Ceilings().stranger_wakes_per_hour
WITHHELD_CALLER = "anonymous"
UNKNOWN_NUMBERS = [f"+47490098{count:02}" for count in range(8)]


@pytest.fixture
def patient_database(migrated_postgresql_url: str) -> Iterator[Database]:
    """However busy this machine is, no statement that waits for another is given up."""
    with sample_database(migrated_postgresql_url) as database:
        database.engine.dispose()
        event.listen(database.engine, "connect", _wait_for_ever)
        yield database


def _wait_for_ever(connection: object, _: object) -> None:
    connection.execute("SET statement_timeout = 0")  # type: ignore[attr-defined]
    connection.commit()  # type: ignore[attr-defined]


def at_the_menu(database: Database, callers: list[str]) -> list[DrivenCall]:
    """Callers who have not yet said that it is critical; the clock of each is behind the last's."""
    calls = [
        DrivenCall(database, f"CA{count}", caller=caller, start=later(-count))
        for count, caller in enumerate(callers)
    ]
    for call in calls:
        call.arrives()
    return calls


def press_together(calls: list[DrivenCall]) -> None:
    ready = Barrier(len(calls))

    def press(call: DrivenCall) -> None:
        ready.wait(60)
        call.presses("1")

    with ThreadPoolExecutor(len(calls)) as pool:
        list(pool.map(press, calls))


def rung(database: Database) -> Counter[str]:
    with database.read() as connection:
        return Counter(connection.execute(select(LegRow.person)).scalars())


def tickets(database: Database) -> int:
    with database.read() as connection:
        return len(connection.execute(select(TicketRow.number)).all())


def test_of_eight_strangers_at_once_only_so_many_ring_one_person(database: Database) -> None:
    calls = at_the_menu(database, UNKNOWN_NUMBERS)
    press_together(calls)
    left = len(calls) - 2 * LIMIT
    assert rung(database) == {"duty-1": LIMIT, "duty-2": LIMIT, LAST_RESORT: left}
    assert tickets(database) == len(calls)


def test_withheld_numbers_that_call_at_once_have_one_ticket(database: Database) -> None:
    press_together(at_the_menu(database, [WITHHELD_CALLER] * 6))
    assert tickets(database) == 1
    assert rung(database) == {"duty-1": LIMIT, "duty-2": LIMIT}


def test_two_who_both_found_room_are_counted_once_more_when_it_is_their_turn(
    patient_database: Database,
) -> None:
    before = at_the_menu(patient_database, UNKNOWN_NUMBERS[2 : 2 + LIMIT - 1])
    for call in before:
        call.presses("1")
        call.hangs_up()
    two = [DrivenCall(patient_database, f"CB{each}", caller=each) for each in UNKNOWN_NUMBERS[:2]]
    for call in two:
        call.arrives()
    with ThreadPoolExecutor(2) as pool:

        def let_both_wait(connection: Connection) -> list[Future[object]]:
            lock_roster_of(connection, DESK)
            pressed: list[Future[object]] = [pool.submit(call.presses, "1") for call in two]
            wait_until(
                partial(_are_waiting, patient_database, len(two)), "both wait for the roster"
            )
            return pressed

        for pressed in patient_database.write(let_both_wait):
            pressed.result()
    assert rung(patient_database) == {"duty-1": LIMIT, "duty-2": 1}


def test_a_known_customer_waits_for_no_stranger(migrated_postgresql_url: str) -> None:
    with sample_database(migrated_postgresql_url) as database:
        [customer] = at_the_menu(database, [CALLER])

        def customer_calls(connection: Connection) -> None:
            lock_roster_of(connection, DESK)
            customer.presses("1")

        database.write(customer_calls)
        assert customer.stored.step is Step.DUTY_RINGS
        assert [leg.callee.number for leg in customer.stored.ringing] == [DUTY_1]


def _are_waiting(database: Database, count: int) -> bool:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database()"
    )
    with database.read() as connection:
        return connection.execute(waiting).scalar() == count
