"""The queue as rows: its order, its pages, its views, what a search finds, who is beside whom."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from app.domain.desks.desk import Priority
from app.domain.numbers import Number, NumberKind
from app.domain.tickets.queue_query import Position, QueueQuery, View
from app.domain.tickets.ticket import Assignee, Closed, Contact, Ticket, Work
from app.domain.workflow.status import Status
from app.store import Database
from app.store.ticket_queue import (
    NOBODY_BESIDE,
    QueueReader,
    count_views,
    list_positions,
    list_queue,
    neighbours,
)
from tests.support.query_plans import statements_of, whole_tables
from tests.support.queued_tickets import a_ticket, put_tickets
from tests.support.sample_desk import DAY, DESK, another_desk, import_sample_desks, sample_database

OTHER = "fjordhjelp-1"
KARI = Work(assignee=Assignee("Kari", "7"))
READER = QueueReader("7", (DESK,), ((DESK, "second_line"),))
OPEN = QueueQuery(View.OPEN)
PagesOf = Callable[[Database, QueueQuery], tuple[list[int], list[int]]]


def paused(**more: object) -> Ticket:
    return a_ticket(due_in=1, status=Status.WAITING, paused_since=DAY, **more)


def closed(subject: str = "", **more: object) -> Ticket:
    return a_ticket(subject, 1, status=Status.CLOSED, closed=Closed("Kari", DAY), **more)


def of_second_line() -> Work:
    return Work(group="second_line")


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url) as database:
        yield database


def numbers(
    database: Database, query: QueueQuery, reader: QueueReader = READER, limit: int = 50
) -> list[int]:
    with database.read() as connection:
        lines = list_queue(connection, query, reader, DAY, limit)
    return [each.ticket.number for each in lines]


def test_what_is_due_first_stands_first_and_then_the_newest(database: Database) -> None:
    put_tickets(database, [a_ticket(), a_ticket(due_in=5), a_ticket(due_in=-2), paused(), closed()])
    assert numbers(database, OPEN) == [1003, 1002, 1004, 1001]
    assert numbers(database, QueueQuery(View.CLOSED)) == [1005]


def test_pages_follow_one_another_both_ways(database: Database, pages_of: PagesOf) -> None:
    some = [a_ticket(due_in=(each * 7) % 5 if each % 3 else None) for each in range(23)]
    put_tickets(database, some)
    forwards, backwards = pages_of(database, OPEN)
    assert sorted(forwards) == list(range(1001, 1024))
    assert forwards == backwards == numbers(database, OPEN)


def test_pages_of_closed_ones_do_too(database: Database, pages_of: PagesOf) -> None:
    put_tickets(database, [closed() for _ in range(9)])
    forwards, backwards = pages_of(database, QueueQuery(View.CLOSED))
    assert forwards == backwards == list(range(1009, 1000, -1))


@pytest.fixture(params=[0, 20], ids=["each desk for itself", "many desks together"])
def pages_of(request: pytest.FixtureRequest) -> PagesOf:
    nowhere = tuple(f"nowhere-{each}" for each in range(request.param))
    return partial(_pages, replace(READER, desks=(DESK, *nowhere)))


def _pages(
    reader: QueueReader, database: Database, query: QueueQuery
) -> tuple[list[int], list[int]]:
    """All pages of four, from the first on, and from the last back."""
    forwards: list[Position] = []
    backwards: list[Position] = []
    with database.read() as connection:
        asked: QueueQuery | None = query
        while asked:
            page = list_positions(connection, asked, reader, DAY, 4)
            forwards += page
            asked = query.at(page[-1]) if page else None
        backwards = [forwards[-1]]
        while page := list_positions(connection, query.until(backwards[0]), reader, DAY, 4):
            backwards = [*page, *backwards]
    return [each.number for each in forwards], [each.number for each in backwards]


def test_each_view_shows_and_counts_its_own(database: Database) -> None:
    put_tickets(
        database,
        [
            a_ticket(work=KARI),
            a_ticket(work=of_second_line()),
            a_ticket(due_in=0.5),
            paused(work=KARI),
            closed(work=KARI),
            a_ticket(status=Status.SOLVED),
        ],
    )
    shown = {view: numbers(database, QueueQuery(view)) for view in View}
    assert shown == {
        View.MINE: [1004, 1001],
        View.GROUP: [1002],
        View.UNASSIGNED: [1003, 1002],
        View.WAITING: [1004],
        View.BREACHING: [1003],
        View.OPEN: [1003, 1006, 1004, 1002, 1001],
        View.CLOSED: [1005],
        View.EVERY: [1003, 1006, 1005, 1004, 1002, 1001],
    }
    with database.read() as connection:
        counts = count_views(connection, READER, "", DAY)
    assert counts == {view: len(found) for view, found in shown.items()}


def test_filters_narrow_a_view(database: Database) -> None:
    put_tickets(
        database,
        [
            a_ticket(priority=Priority.LOW, customer="9001"),
            a_ticket(work=of_second_line(), customer="9002"),
        ],
    )
    assert numbers(database, replace(OPEN, priority=Priority.LOW)) == [1001]
    assert numbers(database, replace(OPEN, group="second_line")) == [1002]
    assert numbers(database, replace(OPEN, customer="9001")) == [1001]
    assert numbers(database, replace(OPEN, customer="9001", priority=Priority.HIGH)) == []


def test_another_desks_tickets_are_neither_shown_nor_found_nor_counted(
    database: Database,
) -> None:
    import_sample_desks(database, another_desk(1))
    theirs = replace(
        a_ticket("Skriveren er treg", due_in=1, work=KARI, customer="9001"), desk=OTHER
    )
    put_tickets(database, [theirs, replace(closed("Skriveren"), desk=OTHER)])
    for query in (*(QueueQuery(view) for view in View), every("skriver"), every("1001")):
        assert numbers(database, query) == []
        assert numbers(database, replace(query, desk=OTHER)) == []
    with database.read() as connection:
        assert set(count_views(connection, READER, "", DAY).values()) == {0}
        assert neighbours(connection, OPEN, READER, 1001, DAY) == NOBODY_BESIDE
    both = QueueReader("7", (DESK, OTHER))
    assert numbers(database, every("skriver"), both) == [1001, 1002]
    assert numbers(database, replace(OPEN, desk=OTHER), both) == [1001]
    assert numbers(database, replace(OPEN, desk=DESK), both) == []


def test_a_big_desk_beside_it_leaves_room_for_what_a_small_one_looks_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.ticket_queue.MOST_HITS", 1)
    import_sample_desks(database, another_desk(1))
    newer = replace(a_ticket("Skriveren er treg", customer="9001"), desk=OTHER)
    put_tickets(database, [a_ticket("Skriveren svarer ikke"), newer])
    assert numbers(database, every("skriver")) == [1001]


def every(text: str) -> QueueQuery:
    return QueueQuery(View.EVERY, text=text)


def test_one_field_finds_by_number_customer_words_and_telephone(database: Database) -> None:
    caller = Contact(Number("+4749009077", NumberKind.MOBILE))
    put_tickets(
        database,
        [
            a_ticket("Skriveren på Østbygda svarer ikke", customer="9001"),
            closed("Utskrift treg", contact=caller),
        ],
    )
    found = {
        text: numbers(database, every(text))
        for text in ("1002", "9001", "SKRIV øst", "skriv treg", "490 09 077", "%", "_", "'", "pc")
    }
    assert found == {
        "1002": [1002], "9001": [1001], "SKRIV øst": [1001], "skriv treg": [],
        "490 09 077": [1002], "%": [], "_": [], "'": [], "pc": [],
    }  # fmt: skip


def test_next_and_previous_hold_when_a_ticket_has_left_its_place(database: Database) -> None:
    put_tickets(database, [a_ticket(due_in=1), a_ticket(due_in=2), a_ticket()])
    place = Position(DAY + timedelta(hours=2), 1002)
    with database.read() as connection:
        beside = neighbours(connection, OPEN.at(place), READER, 1002, DAY)
        now = neighbours(connection, OPEN, READER, 1002, DAY)
        gone = neighbours(connection, OPEN.at(replace(place, number=1)), READER, 1, DAY)
        last = neighbours(connection, OPEN, READER, 1003, DAY)
    assert beside.previous == Position(DAY + timedelta(hours=1), 1001)
    assert beside.next == Position(None, 1003)
    assert now == beside
    assert (gone.previous, gone.next) == (beside.previous, place)
    assert (last.previous, last.next) == (place, None)


def test_no_question_reads_a_whole_table(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        put_tickets(database, [a_ticket("Skriveren er treg", due_in=1), closed()])
        with statements_of(database) as statements, database.read() as connection:
            for view in View:
                list_positions(connection, QueueQuery(view), READER, DAY, 4)
            list_queue(connection, every("skriver treg 49009001"), READER, DAY, 4)
            count_views(connection, READER, "", DAY)
        whole = [step for each in statements.items() for step in whole_tables(database, *each)]
        assert [step for step in whole if "hits" not in step.split(" in ")[0]] == []


def test_a_page_is_read_in_the_order_of_an_index_alone(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        with statements_of(database) as statements, database.read() as connection:
            for view in (View.MINE, View.UNASSIGNED, View.OPEN, View.BREACHING, View.CLOSED):
                list_positions(connection, QueueQuery(view), READER, DAY, 4)
        for statement, parameters in statements.items():
            with database.read() as connection:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
                steps = [str(step[3]) for step in plan if "tickets" in str(step[3])]
            assert all("COVERING INDEX ix_tickets_" in step for step in steps), steps
            assert not any("ORDER BY" in step for step in steps), steps
