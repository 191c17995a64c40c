"""By the link in their SMS, or on their own page, somebody confirms a shift; none is forged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.actions.roster.confirm_shifts import shifts_to_confirm
from app.domain.access.audit import AuditKind
from app.domain.access.users import PersonLink
from app.domain.roster.entries import EntryKind
from app.domain.roster.shift_confirmations import AskedShift
from app.gateways.shift_links import ShiftLinks
from app.store.audit import AuditFilter, list_audit_events
from tests.support.asked_shifts import put_shift_to_confirm
from tests.support.changed_roster import put
from tests.support.fake_twilio import PUBLIC, a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK
from tests.support.users import a_user
from tests.web.test_my_duty import of_person

WHOSE = PersonLink(DESK, "duty-1")
LINKS = ShiftLinks("of the tests", PUBLIC)


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        put_shift_to_confirm(database_of(app), WHOSE)
        yield app


@pytest.fixture
def anybody(app: Flask) -> Browser:
    return a_browser(app)


def asked(app: Flask) -> AskedShift:
    [one] = shifts_to_confirm(database_of(app), WHOSE, clock.now())
    return one


def test_opening_the_link_changes_nothing_and_the_button_confirms(
    app: Flask, anybody: Browser
) -> None:
    path = LINKS.path(asked(app))
    page = anybody.get(path).text
    assert "Bekreft at du tar vakten" in page
    assert "Jeg tar vakten" in page
    assert asked(app).confirmed_at is None
    for _ in range(2):
        done = anybody.post(path)
        assert (done.status_code, done.headers["Location"]) == (303, path)
    page = anybody.get(path).text
    assert "Vakten ble bekreftet" in page
    assert "Jeg tar vakten" not in page
    assert asked(app).confirmed_at


def test_a_link_that_was_not_made_here_is_of_no_shift(app: Flask, anybody: Browser) -> None:
    one = asked(app)
    for forged in (
        f"/c/{one.id}.aaaaaaaaaaaaaaaa",
        LINKS.path(replace(one, person="duty-2")),
        LINKS.path(replace(one, id=99)),
        ShiftLinks("another key", PUBLIC).path(one),
    ):
        for no in (anybody.get(forged), anybody.post(forged)):
            assert no.status_code == 404
            assert "Lenken til vakten virker ikke" in no.text
    assert asked(app).confirmed_at is None


def test_who_has_the_shift_no_more_reads_so(app: Flask, anybody: Browser) -> None:
    path = LINKS.path(asked(app))
    put(database_of(app), EntryKind.ABSENCE, "duty-1", (-10, 0), (100, 0))
    anybody.post(path)
    page = anybody.get(path).text
    assert "en annen har den nå" in page
    assert "Jeg tar vakten" not in page


def test_it_is_confirmed_on_their_own_page_and_only_theirs(app: Flask) -> None:
    one = asked(app)
    other = of_person(app, "ola", "duty-2")
    assert "Bekreft at du tar vakten" not in other.get("/my-duty").text
    assert other.post(f"/my-duty/shifts/{one.id}/confirm").status_code == 303
    assert asked(app).confirmed_at is None
    browser = of_person(app, "kari", "duty-1")
    assert "Bekreft at du tar vakten" in browser.get("/my-duty").text
    browser.post(f"/my-duty/shifts/{one.id}/confirm")
    page = browser.get("/my-duty").text
    assert "Bekreft at du tar vakten" not in page
    assert "Bekreftet" in page


def test_a_coordinator_confirms_for_who_has_said_yes(app: Flask) -> None:
    one, here = asked(app), f"/rosters/{DESK}"
    coordinator = a_browser(app, a_user(database_of(app), "anne"))
    page = coordinator.get(here).text
    assert "Ikke bekreftet. Andre får beskjed" in page
    assert "Bekreft for Duty 1" in page
    path = f"{here}/shifts/{one.id}/confirm"
    coordinator.post(path, {"person": "duty-2"})
    assert asked(app).confirmed_at is None, "it is another one's"
    assert coordinator.post(path, {"person": "duty-1"}).status_code == 303
    page = coordinator.get(here).text
    assert "Bekreft for Duty 1" not in page
    assert "Bekreftet " in page
    with database_of(app).read() as connection:
        [told] = list_audit_events(connection, AuditFilter(kind=AuditKind.SHIFT_CONFIRMED, limit=9))
    assert told.event.actor.name == "Anne Vik"
    reader = of_person(app, "kari", "duty-1")
    assert "Bekreftelse av vakter" not in reader.get(here).text
