"""The page of now and wall screens: who answers at each desk, and 304 while nothing changes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.actions.overview import live_overview
from app.actions.overview.wall_screens import create_wall_screen
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry
from app.domain.access.actor import command_line
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.roster.entries import EntryKind
from app.store import Database
from app.store.wall_screens import NewWallScreen, remove_wall_screens
from tests.support.counted_statements import counting
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, DUTY_1, another_desk, import_sample_desks
from tests.support.users import a_user, author

POLLS = 50
TELEPHONE = re.compile(r"\+?\d[\d ]{6,}\d")


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def database(app: Flask) -> Database:
    return database_of(app)


@pytest.fixture
def coordinator(app: Flask, database: Database) -> Browser:
    return a_browser(app, a_user(database))


def asked(browser: Browser, path: str, etag: str | None = None) -> TestResponse:
    return browser.get(path, headers={"If-None-Match": etag} if etag else {})


def everybody_is_away(database: Database) -> None:
    from_, to = "2026-01-01 00:00Z", "2036-01-01 00:00Z"
    for person in ("duty-1", "duty-2"):
        values = {"person": person, "from": from_, "to": to}
        absence = EntryRequest(DESK, EntryKind.ABSENCE, values, command_line("me"))
        assert isinstance(add_entry(database, absence, clock.now()), EntryResult)


def test_the_page_tells_of_each_desk_who_answers_and_how_old_it_is(coordinator: Browser) -> None:
    page = coordinator.get("/").get_data(as_text=True)
    assert "<h2>Fjordhjelp</h2>" in page
    assert "I orden" in page
    for words in ("Svarer nå", "Duty 1", "Linjer", "Første tid uten vakt", "Hentet kl. "):
        assert words in page
    assert 'href="/"' in page  # without the script a link fetches it anew
    assert "vakt-desk__numbers" in page


def test_a_roster_of_nobody_is_told_before_everything_else(
    coordinator: Browser, database: Database
) -> None:
    import_sample_desks(database, another_desk(2))
    everybody_is_away(database)
    page = coordinator.get("/now/desks").get_data(as_text=True)
    assert page.index("står på vaktlisten de neste 90 dagene") < page.index("fjordhjelp-2")
    assert "Akutt" in page
    assert "Sett inn noen" in page
    link = html.unescape(re.findall(r'href="(/rosters/[^"]*/change[^"]*)"', page)[0])
    form = coordinator.get(link).get_data(as_text=True)
    assert '<option value="primary" selected>' in form
    assert "Fra" in form


def test_a_page_that_is_asked_for_again_and_again_is_not_sent_again(coordinator: Browser) -> None:
    etag, statuses = None, []
    for _ in range(POLLS + 1):
        answer = asked(coordinator, "/now/desks", etag)
        etag = answer.headers["ETag"]
        statuses.append(answer.status_code)
    assert statuses[0] == 200
    assert statuses.count(304) >= POLLS * 0.95


def a_second_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """After that a process looks anew for the pages that are open."""
    monkeypatch.setattr(live_overview, "GLANCE", timedelta(0))


def test_a_quiet_page_costs_three_statements(
    coordinator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = asked(coordinator, "/now/desks").headers["ETag"]
    a_second_goes_by(monkeypatch)
    with counting() as statements:
        asked(coordinator, "/now/desks", etag)
    assert len(statements) <= 3  # who asks, with which roles, and whether anything has changed


def test_what_has_changed_is_sent(
    coordinator: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = asked(coordinator, "/now/desks").headers["ETag"]
    everybody_is_away(database)
    a_second_goes_by(monkeypatch)
    answer = asked(coordinator, "/now/desks", etag)
    assert answer.status_code == 200
    assert "Akutt" in answer.get_data(as_text=True)


def test_a_reader_sees_the_desks_they_have_a_role_for(app: Flask, database: Database) -> None:
    import_sample_desks(database, another_desk(2))
    everything = a_browser(app, a_user(database, "ola", AccessRole.READER))
    one = a_browser(app, a_user(database, "kai", AccessRole.READER, Scope(desk=f"{DESK}-2")))
    seen, some = (each.get("/now/desks") for each in (everything, one))
    assert seen.get_data(as_text=True).count("<article") == 2
    assert some.get_data(as_text=True).count("<article") == 1
    assert DUTY_1 not in some.get_data(as_text=True)
    assert seen.headers["ETag"] != some.headers["ETag"]


def test_an_installation_without_desks_tells_how_to_begin(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with a_web(settings(migrated_sqlite_url, tmp_path), moved_in=False) as app:
        page = a_browser(app, a_user(database_of(app))).get("/").get_data(as_text=True)
    assert "Det er ingen tjenester her ennå" in page
    assert "vakt desk import" in page


# --- wall screens ----------------------------------------------------------------------


def test_no_screen_is_told_the_address_of_another(app: Flask, database: Database) -> None:
    by = author(clock.now())
    one, other = (
        create_wall_screen(database, NewWallScreen(name), by) for name in ("Hall", "Gang")
    )
    browser = a_browser(app)
    parts = {each: browser.get(f"/wall/{each}/desks").text for each in (one, other)}
    assert one in parts[one]
    assert one not in parts[other]
    assert other in parts[other]


def test_a_wall_screen_shows_no_number_and_tells_nobody_its_address(
    app: Flask, database: Database
) -> None:
    everybody_is_away(database)  # the last resort is a bare number
    secret = create_wall_screen(database, NewWallScreen("Hall", language="nn"), author(clock.now()))
    screen = a_browser(app).get(f"/wall/{secret}")
    assert screen.status_code == 200
    assert screen.headers["Referrer-Policy"] == "no-referrer"
    shown = re.sub(r"<[^>]*>", " ", screen.get_data(as_text=True))
    assert "Fjordhjelp" in shown
    assert "90 dagane" in shown
    assert TELEPHONE.search(shown) is None
    assert "tel:" not in screen.get_data(as_text=True)


def test_a_wall_screen_that_is_revoked_shows_nothing_at_once(
    app: Flask, database: Database
) -> None:
    secret = create_wall_screen(database, NewWallScreen("Hall", (DESK,)), author(clock.now()))
    browser, desks = a_browser(app), f"/wall/{secret}/desks"
    first = asked(browser, desks)
    assert asked(browser, desks, first.headers["ETag"]).status_code in (200, 304)
    database.write(lambda connection: remove_wall_screens(connection, "Hall"))
    for path in (f"/wall/{secret}", desks, "/wall/x", "/wall/æ"):
        gone = asked(browser, path, first.headers["ETag"])
        assert gone.status_code == 404
        assert "Fjordhjelp" not in gone.get_data(as_text=True)


def test_only_the_hash_of_a_wall_screens_address_is_stored(app: Flask, database: Database) -> None:
    secret = create_wall_screen(database, NewWallScreen("Hall"), author(clock.now()))
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM wall_screens").all()
    assert secret not in repr(rows)
