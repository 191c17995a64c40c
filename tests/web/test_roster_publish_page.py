"""A coordinator publishes the roster on its page, and everybody sees the border."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from app import clock
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import a_browser, database_of
from tests.support.sample_desk import DESK
from tests.support.users import a_user

ADDRESS = f"/rosters/{DESK}/publish"
NOT_YET = "Ikke publisert ennå"


def test_the_border_is_told_drawn_and_undone(migrated_sqlite_url: str, tmp_path: Path) -> None:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        database = database_of(app)
        browser = a_browser(app, a_user(database, role=AccessRole.COORDINATOR))
        link = PersonLink(DESK, "duty-1")
        duty = a_user(database, "grete", AccessRole.DUTY_PERSON, Scope(roster=DESK), link)
        theirs = a_browser(app, duty)
        assert NOT_YET not in theirs.get("/my-duty").text
        day = (clock.now() + timedelta(days=9)).strftime("%d.%m.%Y")
        told = browser.post(ADDRESS, {"day": day})
        assert told.status_code == 200
        assert "Første gang denne vaktlisten publiseres" in told.text
        assert "Har ikke valgt å få beskjed" not in told.text, "they have these shifts already"
        hidden = dict(re.findall(r'name="(day|seen)" value="([^"]*)"', told.text))
        saved = browser.post(ADDRESS, {**hidden, "step": "save"})
        assert saved.status_code == 303, saved.text
        assert "Vaktlisten er publisert til og med" in browser.get(saved.headers["Location"]).text
        further = (clock.now() + timedelta(days=40)).strftime("%d.%m.%Y")
        told = browser.post(ADDRESS, {"day": further})
        assert "Har ikke valgt å få beskjed" in told.text
        assert "Duty 1: " in told.text
        year = browser.get(f"/rosters/{DESK}?view=year&from={clock.now():%Y}-12-31").text
        assert "Publisert til og med" in year
        month = f"{clock.now() + timedelta(days=60):%Y-%m-01}"
        later = theirs.get(f"/rosters/{DESK}?from={month}").text
        assert "vakt-unpublished" in later
        assert NOT_YET in later
        assert "ikke publisert ennå" in later, "in each shift's own name"
        assert NOT_YET in theirs.get("/my-duty").text
        for wrong in ("", "i fjor", "1.1.2001", day):
            assert browser.post(ADDRESS, {"day": wrong}).status_code == 422, wrong
        page = browser.get(ADDRESS).text
        [number] = re.findall(r'name="number" value="(\d+)"', page)
        assert browser.post(f"{ADDRESS}/undo", {"number": "x"}).status_code == 409
        undone = browser.post(f"{ADDRESS}/undo", {"number": number})
        assert undone.status_code == 303
        assert "Publiseringen er angret" in browser.get(undone.headers["Location"]).text
        assert browser.post(f"{ADDRESS}/undo", {"number": number}).status_code == 404
        assert NOT_YET not in theirs.get("/my-duty").text
