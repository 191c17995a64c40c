"""Lists page by page, and only what the reader may see."""

from collections.abc import Iterator

import pytest

from app.store import Database
from app.store.call_lists import find_call, list_calls
from app.store.ticket_lists import TicketFilter, find_ticket, list_tickets
from tests.support.sample_desk import DESK, later, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url) as database:
        for n in range(5):
            critical_at_night(
                database, f"CA{n}", caller=f"+474900909{n}", start=later(10 * (n // 2))
            )
        DrivenCall(database, "CA9", "+4720000999", start=later(-60)).arrives()
        yield database


def test_tickets_come_newest_first_and_page_by_page(database: Database) -> None:
    with database.read() as connection:
        first = list_tickets(connection, TicketFilter(limit=2))
        second = list_tickets(connection, TicketFilter(limit=2, below=first[-1].number))
        third = list_tickets(connection, TicketFilter(limit=2, below=second[-1].number))
    assert [t.number for t in (*first, *second, *third)] == [1005, 1004, 1003, 1002, 1001]


def test_calls_that_began_in_the_same_second_are_neither_lost_nor_doubled(
    database: Database,
) -> None:
    seen: list[str] = []
    with database.read() as connection:
        page = list_calls(connection, limit=2)
        while page:
            seen += [call.sid for call in page]
            page = list_calls(connection, before=(page[-1].started_at, page[-1].sid), limit=2)
    assert seen == ["CA4", "CA3", "CA2", "CA1", "CA0", "CA9"]


def test_a_reader_of_one_desk_learns_nothing_of_another(database: Database) -> None:
    with database.read() as connection:
        assert len(list_calls(connection, [DESK])) == 5
        assert len(list_calls(connection)) == 6
        for nothing in (
            list_calls(connection, ["other"]),
            list_calls(connection, []),
            list_tickets(connection, TicketFilter(desks=["other"])),
            find_call(connection, "CA1", ["other"]),
            find_call(connection, "CA9", [DESK]),
            find_ticket(connection, 1001, ["other"]),
        ):
            assert not nothing
        assert find_call(connection, "CA1", [DESK])
        assert find_ticket(connection, 1001, [DESK])


def test_a_ticket_is_found_by_its_call(database: Database) -> None:
    with database.read() as connection:
        assert [t.number for t in list_tickets(connection, TicketFilter(call_sid="CA3"))] == [1004]


def test_a_page_is_never_longer_than_it_may_be(database: Database) -> None:
    with database.read() as connection:
        assert len(list_tickets(connection, TicketFilter(limit=10**9))) == 5
        assert len(list_tickets(connection, TicketFilter(limit=-1))) == 1
