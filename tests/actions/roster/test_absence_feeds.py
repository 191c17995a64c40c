"""Absences from a calendar: read by the worker, kept when it cannot be read, taken away with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.actions.health.audit import audit
from app.actions.roster.absence_feeds import (
    WantedFeed,
    add_feed,
    list_feeds,
    read_next_feed,
    remove_feed,
    try_feed,
)
from app.actions.roster.entries import EntryList, EntryScope, list_entries
from app.domain.access.actor import command_line
from app.domain.access.audit import AuditKind, Author
from app.domain.health.alarms import AlarmKind
from app.domain.message_refs import MessageError
from app.domain.roster.absence_feed import FeedFailed, FeedTrouble
from app.domain.roster.on_duty import on_duty
from app.offline.offline_store import open_offline_store
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from tests.domain.roster.test_absence_events import HOLIDAY, file
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DESK, sample_database

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
LATER = timedelta(minutes=20)
IN_THE_HOLIDAY = datetime(2026, 10, 14, 1, tzinfo=UTC)
URL = "webcal://cal.example.org/secret.ics"
NO_FILES = open_offline_store(())
BY = Author(command_line("me"), NOW)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url) as database:
        add_feed(database, WantedFeed(DESK, "duty-1", URL), BY)
        yield database


def tells(*events: str) -> object:
    return lambda url: file(*events)


def fails(trouble: FeedTrouble) -> object:
    def fetch(url: str) -> bytes:
        raise FeedFailed(trouble)

    return fetch


def read(database: Database, fetch: object, at: datetime = NOW) -> bool:
    return read_next_feed(database, fetch, at)  # type: ignore[arg-type]


def absences(database: Database) -> list[tuple[str, str, str]]:
    found = list_entries(database, DESK, EntryScope.IN_FORCE, NOW)
    assert isinstance(found, EntryList)
    return [(each.dated.person, each.author.name, each.dated.note) for each in found.entries]


def rung(database: Database, at: datetime = IN_THE_HOLIDAY) -> list[str]:
    roster, _ = list_feeds(database, DESK)
    return [each.person.id for each in on_duty(roster, at).ringing if each.person]


@ONE_DATABASE
def test_who_is_away_by_their_calendar_is_not_rung_and_the_calendar_is_the_author(
    database: Database,
) -> None:
    assert rung(database) == ["duty-1", "duty-2"]
    assert read(database, tells(f"{HOLIDAY}\nSUMMARY:Tannlege")) is True
    assert rung(database) == ["duty-2"]
    assert absences(database) == [("duty-1", "iCal cal.example.org", "")]  # not what it is called
    assert read(database, tells(HOLIDAY)) is False  # not due before a quarter of an hour


@ONE_DATABASE
@pytest.mark.parametrize("trouble", [FeedTrouble.UNREACHABLE, FeedTrouble.TOO_LARGE])
def test_a_calendar_that_cannot_be_fetched_changes_nothing_and_is_told_of(
    database: Database, trouble: FeedTrouble
) -> None:
    read(database, tells(HOLIDAY))
    read(database, fails(trouble), NOW + LATER)
    read(database, fails(trouble), NOW + 2 * LATER)
    assert rung(database) == ["duty-2"]
    _, (feed,) = list_feeds(database, DESK)
    assert (feed.read_at, feed.failing_since, feed.trouble) == (NOW, NOW + LATER, trouble)
    read(database, tells(HOLIDAY), NOW + 3 * LATER)
    _, (feed,) = list_feeds(database, DESK)
    assert (feed.failing_since, feed.trouble) == (None, None)


@ONE_DATABASE
def test_the_contacts_are_told_after_three_hours_and_when_it_is_over(database: Database) -> None:
    def alarms(at: datetime) -> list[AlarmKind]:
        result = audit(database, NO_FILES, at)
        found = (*result.raised, *result.ended)
        return [each.kind for each in found if each.kind is AlarmKind.CALENDAR_NOT_READ]

    read(database, fails(FeedTrouble.REFUSED))
    assert alarms(NOW + timedelta(hours=2)) == []
    assert alarms(NOW + timedelta(hours=4)) == [AlarmKind.CALENDAR_NOT_READ]
    read(database, tells(), NOW + timedelta(hours=5))
    assert alarms(NOW + timedelta(hours=5, minutes=1)) == [AlarmKind.CALENDAR_NOT_READ]


def test_a_calendar_that_is_none_any_more_changes_nothing(database: Database) -> None:
    read(database, tells(HOLIDAY))
    read(database, lambda url: b"<html>Log in</html>", NOW + LATER)
    assert rung(database) == ["duty-2"]
    _, (feed,) = list_feeds(database, DESK)
    assert feed.trouble is FeedTrouble.NOT_A_CALENDAR


@ONE_DATABASE
def test_a_holiday_that_is_moved_or_given_up_moves_or_goes(database: Database) -> None:
    read(database, tells(HOLIDAY))
    read(database, tells("DTSTART;VALUE=DATE:20261015\nDTEND;VALUE=DATE:20261017"), NOW + LATER)
    assert rung(database) == ["duty-1", "duty-2"]
    assert len(absences(database)) == 1
    read(database, tells(), NOW + 2 * LATER)
    assert absences(database) == []


def test_a_calendar_that_is_removed_takes_its_absences_along(database: Database) -> None:
    read(database, tells(HOLIDAY))
    _, (feed,) = list_feeds(database, DESK)
    remove_feed(database, DESK, feed.id, BY)
    assert (rung(database), absences(database)) == (["duty-1", "duty-2"], [])
    assert read(database, tells(HOLIDAY), NOW + LATER) is False
    with database.read() as connection:
        told = [each.event for each in list_audit_events(connection, AuditFilter())]
    assert [each.kind for each in told] == [
        AuditKind.ABSENCE_FEED_REMOVED,
        AuditKind.ABSENCE_FEED_ADDED,
    ]
    assert told[1].after == {"person": "duty-1", "host": "cal.example.org"}


@ONE_DATABASE
def test_what_would_be_read_is_told_before_and_what_cannot_be_is_refused(
    database: Database,
) -> None:
    wanted = WantedFeed(DESK, "duty-2", URL)
    assert len(try_feed(database, wanted, tells(HOLIDAY), NOW)) == 1  # type: ignore[arg-type]
    assert absences(database) == []
    for bad in (
        WantedFeed(DESK, "nobody", URL),
        WantedFeed("nowhere", "duty-1", URL),
        WantedFeed(DESK, "duty-1", "http://cal.example.org"),
    ):
        with pytest.raises(MessageError):
            add_feed(database, bad, BY)
    with pytest.raises(MessageError):
        try_feed(database, wanted, fails(FeedTrouble.REFUSED), NOW)  # type: ignore[arg-type]
