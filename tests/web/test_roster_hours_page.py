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
from app.actions.roster.confirm_call_outs import SaidCallOut, confirm_call_out
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from app.domain.time.intervals import Interval
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, another_desk, import_sample_desks
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
    call = critical_at_night(database_of(app), start=now - 3 * HOUR)
    call.somebody_accepts(1)
    call.steps = 25 * 60
    call.talk_ends()
    month = f"{HERE}?month={now - 3 * HOUR:%Y-%m}"
    assert "Ikke bekreftet" in browser.get(month).text

    said = SaidCallOut("CA1", Interval(now - 3 * HOUR, now - HOUR), "Kjørte ut")
    by = Author(command_line("Duty 1"), now)
    confirm_call_out(database_of(app), PersonLink(DESK, "duty-1"), said, by)
    page = browser.get(month).text
    assert "Kjørte ut" in page
    assert "Bekreftet" in page
    assert 'data-kind="number">2,00<' in page
    files = f"{HERE}/{{}}?month={now - 3 * HOUR:%Y-%m}"
    csv = browser.get(files.format("csv"))
    assert "Utkalt, ikke bekreftet" in csv.text
    assert csv.headers["Cache-Control"] == "no-store"
    book = load_workbook(BytesIO(browser.get(files.format("xlsx")).data))
    cells = [cell.value for row in book["Utkallinger"].iter_rows() for cell in row]
    assert "Målt fra" in cells
    assert "Kjørte ut" in cells


def test_odd_months_and_others_rosters_are_not_found(app: Flask, browser: Browser) -> None:
    for month in ("2026-13", "x", "2026-1", "20260101", "9999-01"):
        assert browser.get(f"{HERE}?month={month}").status_code == 404, month
    assert browser.get("/rosters/nothing/hours").status_code == 404
    import_sample_desks(database_of(app), another_desk(1))
    there = Scope(roster=f"{DESK}-1")
    other = a_user(database_of(app), "per", AccessRole.COORDINATOR, there)
    for path in (HERE, f"{HERE}/csv", f"{HERE}/xlsx"):
        assert a_browser(app, other).get(path).status_code == 403
