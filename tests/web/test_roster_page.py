"""A coordinator looks at the roster: who is on duty, why, what was changed, and where nobody is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.actions.desks.import_desks import import_desks
from app.domain.access.audit import AuditKind
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.roster.entries import EntryKind
from app.store.audit import AuditFilter, list_audit_events
from tests.support.changed_roster import put, put_absences
from tests.support.fake_twilio import a_web, settings
from tests.support.imported_desks import put_desks
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, DESK_TOML, ROSTER_TOML, edit, folder
from tests.support.users import a_user

ADDRESS = f"/rosters/{DESK}"


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return a_browser(app, a_user(database_of(app), role=AccessRole.COORDINATOR))


def test_the_list_leads_to_each_roster(browser: Browser) -> None:
    listed = browser.get("/rosters").text
    assert f'<a class="ds-link" href="{ADDRESS}">Fjordhjelp</a>' in listed
    assert "Dekket" in listed
    assert '<a href="/rosters" aria-current="page">Vaktlister</a>' in listed


def test_who_may_see_another_roster_only_does_not_see_this_one(app: Flask) -> None:
    other = DESK_TOML.replace("902", "912").replace("901", "911")
    plan = ROSTER_TOML.replace("fjordhjelp", "other")
    roster = folder("other", desk=other.replace("fjordhjelp", "other"), roster=plan)
    put_desks(database_of(app), (folder(), roster), edit())
    elsewhere = a_user(database_of(app), "ola", AccessRole.READER, Scope(roster="other"))
    browser = a_browser(app, elsewhere)
    listed = browser.get("/rosters").text
    assert 'href="/rosters/other"' in listed
    assert f'href="{ADDRESS}"' not in listed
    assert browser.get(ADDRESS).status_code == 403
    assert browser.get("/rosters/other").status_code == 200


def test_each_shift_is_a_link_with_a_full_name(browser: Browser) -> None:
    text = browser.get(f"{ADDRESS}?view=week&from=2026-12-09").text
    assert "uke 50, 7. desember til 13. desember 2026</h2>" in text
    shift = "Duty 1, hovedvakt, fra man. 7. des. 2026 kl. 08.00 til man. 14. des. 2026 kl. 08.00"
    assert f'aria-label="{shift}"' in text
    change = "change?from=2026-12-07T08%3A00%2B01%3A00&amp;to=2026-12-14T08%3A00%2B01%3A00"
    assert f"{ADDRESS}/{change}&amp;role=primary&amp;instead_of=duty-1" in text
    assert f'href="{ADDRESS}?view=week&amp;from=2026-12-14"' in text, "the next week"
    assert '<td data-label="Hvem"><strong>Duty 1</strong></td>' in text, "the same as a table"


def test_a_reader_is_led_to_the_table_and_changes_nothing(app: Flask) -> None:
    reader = a_browser(app, a_user(database_of(app), role=AccessRole.READER))
    text = reader.get(ADDRESS).text
    assert 'href="#row-1"' in text
    assert "/change" not in text
    assert "Ta tilbake" not in text


def test_an_address_that_asks_for_what_is_not_there_shows_this_month(browser: Browser) -> None:
    for query in ("view=decade", "from=i+morgen", "from=9999-12-31", "added=x", "withdrawn=77"):
        assert browser.get(f"{ADDRESS}?{query}").status_code == 200, query
    assert browser.get("/rosters/none").status_code == 404


def test_a_gap_is_worded_and_leads_to_the_filled_form(app: Flask, browser: Browser) -> None:
    for person in ("duty-1", "duty-2"):
        put(database_of(app), EntryKind.ABSENCE, person, (1, 0), (9, 0))
    text = browser.get(ADDRESS).text
    assert "de neste 90 dagene kan ingen på vakt ringes" in text
    assert "Ingen kan ringes for Fjordhjelp fra" in text
    assert "Finn noen" in text
    assert "Ingen har vakt" in browser.get("/rosters").text


def test_a_change_is_taken_back_with_what_that_changes_and_stands_in_the_trail(
    app: Flask, browser: Browser
) -> None:
    put(database_of(app), EntryKind.ABSENCE, "duty-1", (1, 0), (9, 0), note="Ferie")
    listed = browser.get(ADDRESS).text
    assert "Duty 1 er borte fra" in listed
    assert "Lagt inn av Anne Vik" in listed
    assert "Grunn: Ferie" in listed
    form = {"view": "week", "from": "2026-12-07"}
    done = browser.post(f"{ADDRESS}/entries/1/withdraw", form)
    assert done.status_code == 303
    told = browser.get(done.headers["Location"]).text
    assert "Dette er tatt tilbake" in told
    assert "Ingen bytter og ingen fravær" in told
    assert "uke 50" in told, "the week that was looked at"
    assert browser.post(f"{ADDRESS}/entries/1/withdraw", form).status_code == 303, "once more"
    with database_of(app).read() as connection:
        [added] = list_audit_events(connection, AuditFilter(kind=AuditKind.ENTRY_ADDED))
        [gone] = list_audit_events(connection, AuditFilter(kind=AuditKind.ENTRY_WITHDRAWN))
    assert added.event.after["note"] == "Ferie"
    assert gone.event.actor.name == "Kari Vik"
    assert gone.event.before["duty_person"] == "Duty 1"
    administrator = a_user(database_of(app), "siri", AccessRole.ADMINISTRATOR)
    trail = a_browser(app, administrator).get("/audit").text
    assert "Tok en endring i vaktlisten tilbake" in trail
    assert f'href="{ADDRESS}"' in trail
    assert re.search(r"Fra: \w+\. \d+\. \S+ 20\d\d kl\. \d\d\.\d\d", trail), "as people write it"


def test_only_the_next_fifty_changes_are_listed_unless_all_are_asked_for(
    app: Flask, browser: Browser
) -> None:
    put_absences(database_of(app), "duty-1", 60)
    assert browser.get(ADDRESS).text.count("Ta tilbake</button>") == 50
    assert "Vis alle 60" in browser.get(ADDRESS).text
    assert browser.get(f"{ADDRESS}?changes=all").text.count("Ta tilbake</button>") == 60


def test_what_has_been_is_drawn_as_it_was_routed(app: Flask, browser: Browser) -> None:
    now = clock.now()
    turns = 'role = "primary"\nkind = "weekly"\nhandover = "08:00"\nhandover_day = "monday"\n'
    members = 'start = 2024-01-01\nmembers = ["duty-1"]'
    assert turns + members in ROSTER_TOML
    swapped = ROSTER_TOML.replace(turns + members, turns + members.replace("duty-1", "duty-2"))
    import_desks(database_of(app), (folder(roster=swapped),), edit(now))
    before, after = (
        browser.get(f"{ADDRESS}?view=week&from={now + timedelta(weeks=n):%Y-%m-%d}").text
        for n in (-1, 1)
    )
    assert "Duty 1, hovedvakt, fra" in before
    assert "Duty 2, hovedvakt, fra" not in before
    assert "Duty 2, hovedvakt, fra" in after
