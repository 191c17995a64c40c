"""Ticket numbers: digits, from 1001, and never one twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, delete

from app.store import Database
from app.store.tables import TicketEventRow, TicketRow
from app.store.tickets import draw_ticket_number
from tests.support.stored_call import critical_at_night


def test_a_number_is_not_given_again_when_its_ticket_is_deleted(database: Database) -> None:
    critical_at_night(database)

    def clear(connection: Connection) -> None:
        connection.execute(delete(TicketEventRow))
        connection.execute(delete(TicketRow))

    database.write(clear)
    critical_at_night(database, "CA2")
    with database.read() as connection:
        assert connection.execute(TicketRow.__table__.select()).one().number == 1002


def test_a_hundred_numbers_on_eight_threads_are_a_hundred_numbers(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: database.write(draw_ticket_number), range(100)))
    assert sorted(numbers) == list(range(1001, 1101))


def test_a_number_drawn_in_a_transaction_that_failed_belongs_to_nobody(database: Database) -> None:
    def fail(connection: Connection) -> None:
        draw_ticket_number(connection)
        raise RuntimeError("after drawing")

    with pytest.raises(RuntimeError, match="after drawing"):
        database.write(fail)
    assert database.write(draw_ticket_number) >= 1001
