"""Ticket numbers: digits, from 1001, and never one twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, delete

from app.store import Database
from app.store.tables import TicketEventRow, TicketRow
from app.store.tickets import draw_ticket_number
from tests.a_house import a_house
from tests.actions.a_call import critical_at_night


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url) as database:
        yield database


def test_a_number_is_not_given_again_when_its_ticket_is_deleted(house: Database) -> None:
    critical_at_night(house)

    def clear(connection: Connection) -> None:
        connection.execute(delete(TicketEventRow))
        connection.execute(delete(TicketRow))

    house.write(clear)
    critical_at_night(house, "CA2")
    with house.read() as connection:
        assert connection.execute(TicketRow.__table__.select()).one().number == 1002


def test_a_hundred_numbers_on_eight_threads_are_a_hundred_numbers(house: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: house.write(draw_ticket_number), range(100)))
    assert sorted(numbers) == list(range(1001, 1101))


def test_a_number_drawn_in_a_transaction_that_failed_belongs_to_nobody(house: Database) -> None:
    def fail(connection: Connection) -> None:
        draw_ticket_number(connection)
        raise RuntimeError("after drawing")

    with pytest.raises(RuntimeError, match="after drawing"):
        house.write(fail)
    assert house.write(draw_ticket_number) >= 1001
