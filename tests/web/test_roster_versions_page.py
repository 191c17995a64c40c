"""A coordinator looks up who changed what in a roster, and compares any two versions."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from app.domain.access.permissions import AccessRole
from app.domain.roster.entries import EntryKind
from tests.support.changed_roster import put
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import a_browser, database_of
from tests.support.sample_desk import DESK
from tests.support.users import a_user


def links(page: str, text: str) -> list[str]:
    return [unescape(each) for each in re.findall(rf'href="([^"]+)"[^>]*>{text}<', page)]


def test_who_changed_what_is_found_and_compared(migrated_sqlite_url: str, tmp_path: Path) -> None:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        database = database_of(app)
        browser = a_browser(app, a_user(database, role=AccessRole.COORDINATOR))
        put(database, EntryKind.ABSENCE, "duty-1", (1, 0), (2, 0), note="Kurs")
        put(database, EntryKind.ABSENCE, "duty-2", (3, 0), (4, 0))
        roster = browser.get(f"/rosters/{DESK}").text
        assert f'href="/rosters/{DESK}/versions"' in roster
        listed = browser.get(f"/rosters/{DESK}/versions").text
        assert listed.count("Anne Vik") == 2
        assert "Lagt inn: Duty 1 er borte fra" in listed
        assert "Grunn: Kurs" in listed
        assert "Dokumentet, versjon 1" in listed
        newest = browser.get(links(listed, "Hva ble endret")[0]).text
        assert "Lagt inn: Duty 2 er borte" in newest
        assert "Duty 1 er borte" not in newest, "one change and no other"
        choosing = browser.get(links(listed, "Sammenlign")[-1]).text
        assert "Velg versjonen som skal sammenlignes" in choosing
        both = browser.get(links(choosing, "Sammenlign med denne")[0]).text
        assert both.count("er borte fra") == 2
        assert "Den samme i begge." in both, "the text of the document"
        nonsense = ("from=x", "from=2001-01-01T00:00Z", "from=2026-11-18T09:00", "")
        for query in nonsense:
            answer = browser.get(f"/rosters/{DESK}/versions/difference?{query}")
            assert answer.status_code == 404, query
        assert browser.get(f"/rosters/{DESK}/versions?before=x&with=y").status_code == 200
        reader = a_browser(app, a_user(database, "ola", role=AccessRole.READER))
        assert f'href="/rosters/{DESK}/versions"' not in reader.get(f"/rosters/{DESK}").text
