"""The figures that /metrics tells: counted from the rows, the same on both databases."""

from datetime import timedelta
from functools import partial

import pytest

from app.domain.desks.desk import Priority
from app.domain.tickets.ticket import Acknowledged, Source, Ticket
from app.store import Database
from app.store.call_outs import count_call_out, look_at_ticket
from app.store.figures import WITHIN, read_figures
from app.store.tables import JobRow
from app.store.tickets import Provenance, add_ticket
from tests.support.sample_desk import DESK, NIGHT, later, sample_database
from tests.support.stored_call import critical_at_night


def opened(database: Database, number: int, priority: Priority, taken_after: float | None) -> None:
    """A ticket, and after how many seconds somebody took it."""
    taken = None if taken_after is None else NIGHT + timedelta(seconds=taken_after)
    ticket = Ticket(
        DESK,
        Source.CALL,
        priority,
        NIGHT,
        number,
        is_urgent=priority is Priority.CRITICAL,
        acknowledged=Acknowledged("Duty 1", taken) if taken else None,
    )
    database.write(lambda connection: add_ticket(connection, ticket, Provenance()))


def test_acceptance_is_counted_in_seconds_from_opening_by_priority(database: Database) -> None:
    for number, seconds in enumerate((14.5, 15, 15.5, 100, 90_000), 2001):
        opened(database, number, Priority.CRITICAL, seconds)
    opened(database, 2010, Priority.HIGH, 45)
    opened(database, 2011, Priority.CRITICAL, None)
    with database.read() as connection:
        found = read_figures(connection, later(0))

    critical, high, medium, _ = found.acknowledged
    assert WITHIN[:4] == (15, 30, 60, 120)
    assert critical.within == (2, 3, 3, 4, 4, 4, 4, 4, 4)
    assert critical.count == 5
    assert critical.seconds == pytest.approx(90_145, abs=0.1)
    assert (high.count, high.within[:3]) == (1, (0, 0, 1))
    assert medium.count == 0
    assert found.unacknowledged == {DESK: 1}
    assert (found.in_call_outs, found.call_outs) == ({DESK: 0}, 0)


def test_rounds_are_counted_and_so_are_the_tickets_that_they_are_about(database: Database) -> None:
    for number in (2001, 2002):
        opened(database, number, Priority.CRITICAL, None)
    database.write(partial(look_at_ticket, ticket=2001, at=later(60)))
    database.write(partial(count_call_out, ticket=2002, which=12))
    with database.read() as connection:
        found = read_figures(connection, later(0))
    assert (found.unacknowledged, found.in_call_outs, found.call_outs) == ({DESK: 2}, {DESK: 1}, 12)


def test_the_outbox_tells_what_waits_and_since_when(database: Database) -> None:
    critical_at_night(database)
    with database.read() as connection:
        found = read_figures(connection, later(60))
    assert found.waiting["sms"] == 3
    assert (found.due_since, found.due_since_of) == (later(2), {"sms": later(2)})
    assert found.given_up["sms"] == 0
    given_up = JobRow.__table__.update().values(state="failed", due_at=None)  # type: ignore[attr-defined]
    database.write(lambda connection: connection.execute(given_up))
    with database.read() as connection:
        found = read_figures(connection, later(60))
    assert (found.waiting["sms"], found.given_up["sms"], found.due_since) == (0, 3, None)


def test_an_empty_house_has_figures_too(migrated_url: str) -> None:
    with sample_database(migrated_url) as database, database.read() as connection:
        found = read_figures(connection, later(0))
    assert set(found.outcomes.values()) == set(found.alarms.values()) == {0}
    assert (found.beat_at, found.due_since) == (None, None)
