"""A coordinator reads a month's hours, with what was measured and confirmed, and takes it home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook

from app import clock
from app.actions.desks.import_desks import import_desks
from app.actions.roster.confirm_call_outs import SaidCallOut, confirm_call_out
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from app.domain.roster.entries import EntryKind
from app.domain.time.intervals import Interval
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import (
    CUSTOMERS_CSV,
    DESK,
    DESK_TOML,
    ROSTER_TOML,
    another_desk,
    edit,
    folder,
    import_sample_desks,
    last_evening,
)
from tests.support.stored_call import critical_at_night
from tests.support.users import a_user

HERE = f"/rosters/{DESK}/hours"
HOUR = timedelta(hours=1)


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return a_browser(app, a_user(database_of(app), "liv", AccessRole.COORDINATOR))


def test_what_was_measured_stands_beside_what_was_confirmed(app: Flask, browser: Browser) -> None:
    assert "Ingen ble kalt ut denne måneden." in browser.get(f"{HERE}?month=2026-01").text
    now = clock.now()
    start = last_evening(now)
    call = critical_at_night(database_of(app), start=start)
    call.somebody_accepts(1)
    call.steps = 25 * 60
    call.talk_ends()
    month = f"{HERE}?month={start:%Y-%m}"
    assert "Ikke bekreftet" in browser.get(month).text

    said = SaidCallOut("CA1", Interval(start, start + 2 * HOUR), "Kjørte ut")
    by = Author(command_line("Duty 1"), now)
    confirm_call_out(database_of(app), PersonLink(DESK, "duty-1"), said, by)
    page = browser.get(month).text
    assert "Kjørte ut" in page
    assert "Bekreftet" in page
    assert 'data-kind="number">2,00<' in page
    files = f"{HERE}/{{}}?month={start:%Y-%m}"
    csv = browser.get(files.format("csv"))
    assert "Utkalt, ikke bekreftet" in csv.text
    assert csv.headers["Cache-Control"] == "no-store"
    book = load_workbook(BytesIO(browser.get(files.format("xlsx")).data))
    cells = [cell.value for row in book["Utkallinger"].iter_rows() for cell in row]
    assert "Målt fra" in cells
    assert "Kjørte ut" in cells


def test_corrections_stand_on_the_page_and_in_the_workbook(app: Flask, browser: Browser) -> None:
    now = clock.now()
    start = last_evening(now)
    month = f"month={start:%Y-%m}"
    assert "Rettinger" not in browser.get(f"{HERE}?{month}").text
    values = {
        "person": "duty-2",
        "role": "primary",
        "from": f"{start:%Y-%m-%dT20:00}",
        "to": f"{start:%Y-%m-%dT21:00}",
        "note": "Byttet på telefon",
    }
    done = add_entry(
        database_of(app),
        EntryRequest(DESK, EntryKind.OVERRIDE, dict(values), command_line("Liv")),
        now,
    )
    assert isinstance(done, EntryResult)
    page = browser.get(f"{HERE}?{month}").text
    assert "Rettinger" in page
    assert "Byttet på telefon" in page
    book = load_workbook(BytesIO(browser.get(f"{HERE}/xlsx?{month}").data))
    cells = [cell.value for row in book["Rettinger"].iter_rows() for cell in row]
    assert {"Duty 2", "Byttet på telefon", "Liv"} <= set(cells)


def test_odd_months_and_others_rosters_are_not_found(app: Flask, browser: Browser) -> None:
    for month in ("2026-13", "x", "2026-1", "20260101", "9999-01"):
        assert browser.get(f"{HERE}?month={month}").status_code == 404, month
    assert browser.get("/rosters/nothing/hours").status_code == 404
    import_sample_desks(database_of(app), another_desk(1))
    there = Scope(roster=f"{DESK}-1")
    other = a_user(database_of(app), "per", AccessRole.COORDINATOR, there)
    for path in (HERE, f"{HERE}/csv", f"{HERE}/xlsx"):
        assert a_browser(app, other).get(path).status_code == 403


def test_a_desk_that_is_called_like_a_roster_shows_its_coordinator_nobody_elses_hours(
    app: Flask,
) -> None:
    """The desk `fjordhjelp` moves to another roster, and another desk takes the roster's id."""

    def renumbered(text: str) -> str:
        return text.replace("+472000", "+472002").replace("+474900", "+474902")

    moved = folder(
        desk=DESK_TOML.replace(f'roster = "{DESK}"', f'roster = "{DESK}-2"'),
        roster=ROSTER_TOML.replace(f'id = "{DESK}"', f'id = "{DESK}-2"', 1),
    )
    import_desks(database_of(app), [moved], edit(clock.now()))
    other = folder(
        "annan",
        desk=renumbered(DESK_TOML).replace("Fjordhjelp", "Annan"),
        roster=renumbered(ROSTER_TOML).replace("Duty ", "Annan "),
        customers=CUSTOMERS_CSV.splitlines()[0] + "\n",
    )
    import_desks(database_of(app), [other], edit(clock.now()))
    of_roster = a_user(database_of(app), "per", AccessRole.COORDINATOR, Scope(roster=DESK))
    per = a_browser(app, of_roster)
    assert per.get(f"/rosters/{DESK}-2/hours").status_code == 403
    page, csv = per.get(HERE), per.get(f"{HERE}/csv")
    assert (page.status_code, csv.status_code) == (200, 200)
    for text in (page.text, csv.text):
        assert "Annan 1" in text
        assert "Duty 1" not in text
