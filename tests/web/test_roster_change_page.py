"""A coordinator changes the roster: sees the difference first, and loses nothing to a colleague."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.actions.roster.entries import EntryScope, list_entries
from app.domain.access.permissions import AccessRole
from app.domain.roster.entries import EntryKind, RosterEntry
from tests.domain.time.wall_clock import OSLO
from tests.support.changed_roster import put
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK
from tests.support.users import a_user

ADDRESS = f"/rosters/{DESK}/change"
YEAR = (clock.now() + timedelta(days=60)).astimezone(OSLO).year
SWAP = {
    "kind": "override",
    "who": "duty-2",
    "role": "primary",
    "instead_of": "duty-1",
    "since": f"1. mars {YEAR + 1} kl 8",
    "until": f"2. mars {YEAR + 1} kl 8",
    "why": "Som avtalt",
}
ILL = {
    "kind": "absence",
    "who": "duty-1",
    "since": f"1. mars {YEAR + 1} kl 15.25",
    "until": f"2. mars {YEAR + 1} kl 8",
}


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return a_browser(app, a_user(database_of(app), role=AccessRole.COORDINATOR))


def entries(app: Flask) -> tuple[RosterEntry, ...]:
    found = list_entries(database_of(app), DESK, EntryScope.ALL, clock.now())
    return getattr(found, "entries", ())


def hidden(answer: TestResponse) -> dict[str, str]:
    """What the page of the second step sends once more."""
    assert answer.status_code in (200, 409), answer.text
    fields = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', answer.text)
    return {name: value.replace("&#43;", "+") for name, value in fields}


def test_the_form_is_filled_in_by_its_address(browser: Browser) -> None:
    query = "from=2027-03-01T08:00%2B01:00&to=2027-03-08T08:00%2B01:00&role=primary"
    form = browser.get(f"{ADDRESS}?{query}&instead_of=duty-1").text
    assert 'value="01.03.2027 08.00"' in form
    assert '<option value="primary" selected>' in form
    assert '<option value="duty-1" selected>' in form
    assert "Duty 2:" in form, "who could, with their hours"
    absence = browser.get(f"{ADDRESS}?{query}&instead_of=duty-1&kind=absence").text
    assert 'value="duty-1" checked' in absence


def test_the_difference_is_told_before_anything_is_saved(app: Flask, browser: Browser) -> None:
    told = browser.post(ADDRESS, SWAP)
    assert "Duty 2 er hovedvakt i stedet for Duty 1 fra" in told.text
    assert f"dag 1. mars {YEAR + 1} kl. 08.00" in told.text, "the time in words"
    assert "24,0 timer, 1 vakt" in told.text, "hours of each before and after"
    assert "Bare én kan ringes" in told.text, "the backup is lost"
    assert "noen kan ringes i hele vakttiden" in told.text
    assert "Gi beskjed til Duty 1" in told.text
    assert entries(app) == ()


def test_a_change_at_short_notice_asks_who_agrees(browser: Browser) -> None:
    since = clock.now() + timedelta(days=2)
    until = since + timedelta(days=8)  # somebody's week begins in it, whoever has this one
    soon = {**SWAP, "instead_of": "", "since": since.isoformat(), "until": until.isoformat()}
    told = browser.post(ADDRESS, soon).text
    assert "Endringen gjelder fra under 14 dager fra nå" in told
    assert "Spør Duty 1" in told
    assert "Duty 1 er spurt og har sagt ja" in told
    assert "under 14 dager" not in browser.post(ADDRESS, SWAP).text


def test_who_has_said_yes_stands_in_the_row_and_nobody_has_to_be_asked(
    app: Flask, browser: Browser
) -> None:
    since = clock.now() + timedelta(days=2)
    until = since + timedelta(days=8)
    soon = {**SWAP, "instead_of": "", "since": since.isoformat(), "until": until.isoformat()}
    checked = hidden(browser.post(ADDRESS, soon))
    saved = browser.post(ADDRESS, {**checked, "step": "save", "agreed": "duty-2"})
    shown = browser.get(saved.headers["Location"]).text
    assert "Spurt og sagt ja: Duty 2." in shown
    assert "Ikke spurt: Duty 1." in shown


def test_what_has_been_is_corrected_with_a_reason_and_marked(app: Flask, browser: Browser) -> None:
    since, until = clock.now() - timedelta(days=2), clock.now() + timedelta(hours=1)
    past = {**SWAP, "since": since.isoformat(), "until": until.isoformat()}
    told = browser.post(ADDRESS, past).text
    assert "Dette er en retting av tid som er gått" in told
    for step in ("check", "save"):
        unsaid = browser.post(ADDRESS, {**past, "why": "", "step": step})
        assert unsaid.status_code == 422
        assert "Skriv hvorfor" in unsaid.text
    saved = browser.post(ADDRESS, {**past, "step": "save"})
    assert "Retting" in browser.get(saved.headers["Location"]).text
    assert [each.is_correction for each in entries(app)] == [True]


def test_saving_leads_to_the_timeline_with_undo(app: Flask, browser: Browser) -> None:
    checked = browser.post(ADDRESS, SWAP)
    saved = browser.post(ADDRESS, {**hidden(checked), "step": "save"})
    assert saved.status_code == 303, saved.text
    shown = browser.get(saved.headers["Location"]).text
    assert "Dette er lagret" in shown
    assert "Angre" in shown
    [entry] = entries(app)
    assert (entry.author.name, entry.dated.note) == ("Kari Vik", "Som avtalt")
    again = browser.post(ADDRESS, {**hidden(checked), "step": "save"})
    assert again.status_code == 303, "pressed twice is saved once"
    assert len(entries(app)) == 1


def test_an_absence_tells_the_gap_that_it_opens_and_the_stand_in_closes_it(
    app: Flask, browser: Browser
) -> None:
    put(database_of(app), EntryKind.ABSENCE, "duty-2", (1, 0), (800, 0))
    ill = browser.post(ADDRESS, ILL)
    assert "Åpner hull: ingen kan ringes" in ill.text
    assert "etter endringen er det 1 hull" in ill.text


def test_what_changes_nothing_says_so_with_the_reason(browser: Browser) -> None:
    told = browser.post(ADDRESS, {**SWAP, "who": "duty-1", "instead_of": ""}).text
    assert "Endrer ingenting" in told
    assert "har alt vakt" in told or "Merk:" in told


def test_what_is_wrong_is_told_and_everything_typed_is_still_there(browser: Browser) -> None:
    wrong = {**SWAP, "since": "engang", "until": "", "why": "Fordi"}
    told = browser.post(ADDRESS, wrong)
    assert told.status_code == 422
    assert 'value="engang"' in told.text
    assert 'value="Fordi"' in told.text
    assert 'href="#field-since"' in told.text
    assert 'href="#field-until"' in told.text
    nobody = browser.post(ADDRESS, {**SWAP, "who": "duty-9"})
    assert nobody.status_code == 422
    backwards = {**SWAP, "until": f"1. mars {YEAR + 1} kl 7"}
    assert browser.post(ADDRESS, backwards).status_code == 422


def test_the_night_on_which_the_clock_goes_back_asks_which_of_two(browser: Browser) -> None:
    night = {**SWAP, "since": "25.10.2026 02:30", "until": "25.10.2026 08:00"}
    asked = browser.post(ADDRESS, night)
    assert asked.status_code == 422
    assert "field-since_answer-1" in asked.text
    second = browser.post(ADDRESS, {**night, "since_answer": "second"})
    assert hidden(second)["since"] == "2026-10-25T01:30:00+00:00"


def test_going_back_to_the_form_keeps_what_was_typed(browser: Browser) -> None:
    checked = browser.post(ADDRESS, SWAP)
    back = browser.post(ADDRESS, {**hidden(checked), "step": "edit"})
    assert back.status_code == 200
    assert 'value="Som avtalt"' in back.text
    assert f'value="01.03.{YEAR + 1} 08.00"' in back.text
    assert 'value="duty-2" checked' in back.text


def test_whoever_saves_second_sees_theirs_the_others_and_both_and_loses_nothing(
    app: Flask, browser: Browser
) -> None:
    checked = browser.post(ADDRESS, SWAP)
    put(database_of(app), EntryKind.ABSENCE, "duty-2", (1, 0), (800, 0), note="Syk")
    second = browser.post(ADDRESS, {**hidden(checked), "step": "save"})
    assert second.status_code == 409
    assert "Noen andre har endret vaktlisten imens" in second.text
    assert "Duty 2 er borte fra" in second.text
    assert "lagt inn av Anne Vik" in second.text
    assert "Din endring" in second.text
    assert "Begge deler sammen" in second.text
    assert "Åpner hull" in second.text, "with both together"
    assert len(entries(app)) == 1
    saved = browser.post(ADDRESS, {**hidden(second), "step": "save"})
    assert saved.status_code == 303
    assert len(entries(app)) == 2
