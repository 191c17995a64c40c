"""A calendar's address: what a program gets there, when it gets it anew, and when no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar
from werkzeug.test import TestResponse

from app import clock
from app.actions.roster.calendars import WantedCalendar, create_calendar, revoke_calendar
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry, withdraw_entry
from app.domain.access.actor import command_line
from app.domain.access.audit import AuditKind, Author
from app.domain.message_refs import MessageError
from app.domain.roster.entries import EntryKind
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.roster_calendars import list_roster_calendars
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import database_of
from tests.support.sample_desk import DESK, import_sample_desks

ME = command_line("me")


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        import_sample_desks(database_of(app))
        yield app


@pytest.fixture
def database(app: Flask) -> Database:
    return database_of(app)


def author() -> Author:
    return Author(ME, clock.now())


def address(database: Database, person: str | None = None, language: str | None = None) -> str:
    wanted = WantedCalendar(DESK, person, language)
    return f"/ical/{create_calendar(database, wanted, author())}.ics"


def fetched(app: Flask, path: str, etag: str | None = None, method: str = "GET") -> TestResponse:
    headers = {"If-None-Match": etag} if etag else {}
    return app.test_client().open(path, method=method, headers=headers)


def summaries(response: TestResponse) -> set[str]:
    events = Calendar.from_ical(response.data).walk("VEVENT")
    return {str(each["SUMMARY"]) for each in events if each["STATUS"] != "CANCELLED"}


def away(database: Database) -> int:
    values = {"person": "duty-2", "from": "2026-01-01 00:00Z", "to": "2036-01-01 00:00Z"}
    done = add_entry(database, EntryRequest(DESK, EntryKind.ABSENCE, dict(values), ME), clock.now())
    assert isinstance(done, EntryResult)
    assert done.entry
    return done.entry.id


def test_everybodys_calendar_and_ones_own(app: Flask, database: Database) -> None:
    of_all = fetched(app, address(database))
    assert of_all.status_code == 200
    assert of_all.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in of_all.headers
    assert summaries(of_all) == {"Duty 1 (hovedvakt)", "Duty 2 (bakvakt)"}
    own = fetched(app, address(database, "duty-2", "nn"))
    assert summaries(own) == {"Vakt: Fjordhjelp (bakvakt)"}
    assert b"X-WR-CALNAME:Vakt: Duty 2" in own.data


def test_a_program_gets_it_anew_only_where_it_has_changed(app: Flask, database: Database) -> None:
    path = address(database)
    etag = fetched(app, path).headers["ETag"]
    head = fetched(app, path, method="HEAD")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", etag)
    assert fetched(app, path, etag).status_code == 304
    entry = away(database)
    changed = fetched(app, path, etag)
    assert changed.status_code == 200
    assert summaries(changed) == {"Duty 1 (hovedvakt)"}
    assert b"SEQUENCE:2\r\n" in changed.data
    assert b"STATUS:CANCELLED" in changed.data  # it stood there just before
    withdraw_entry(database, DESK, entry, ME, clock.now())
    again = fetched(app, path, changed.headers["ETag"])
    assert b"SEQUENCE:3\r\n" in again.data
    assert b"STATUS:CANCELLED" not in again.data


def test_a_revoked_address_is_one_that_never_was(app: Flask, database: Database) -> None:
    path = address(database, "duty-1")
    assert fetched(app, path).status_code == 200
    with database.read() as connection:
        (calendar,) = list_roster_calendars(connection, DESK)
        rows = connection.exec_driver_sql("SELECT * FROM roster_calendars").all()
    assert calendar.last_used_at
    assert path[6:-4] not in repr(rows)
    revoke_calendar(database, DESK, calendar.id, author())
    for gone in (path, "/ical/x.ics", "/ical/å.ics"):
        assert fetched(app, gone).status_code == 404
    with database.read() as connection:
        told = [each.event for each in list_audit_events(connection, AuditFilter())]
    assert [each.kind for each in told] == [AuditKind.CALENDAR_REVOKED, AuditKind.CALENDAR_ADDED]
    assert told[1].after == {"calendar": calendar.id, "person": "duty-1"}


def test_an_unknown_desk_person_or_calendar_is_refused_in_words(database: Database) -> None:
    for wanted in (WantedCalendar("nowhere"), WantedCalendar(DESK, "nobody")):
        with pytest.raises(MessageError):
            create_calendar(database, wanted, author())
    with pytest.raises(MessageError):
        revoke_calendar(database, DESK, 9, author())
