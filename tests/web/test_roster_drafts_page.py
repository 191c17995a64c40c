"""A coordinator plans next Christmas from this one, on a page, before anybody sees it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from app import clock
from app.domain.access.permissions import AccessRole
from app.domain.roster.entries import EntryKind
from tests.support.changed_roster import put
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import a_browser, database_of
from tests.support.sample_desk import DESK
from tests.support.users import a_user

DRAFTS = f"/rosters/{DESK}/drafts"


def test_a_period_is_copied_seen_applied_and_undone(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        database = database_of(app)
        browser = a_browser(app, a_user(database, role=AccessRole.COORDINATOR))
        reader = a_browser(app, a_user(database, "ola", role=AccessRole.READER))
        put(database, EntryKind.OVERRIDE, "duty-2", (2, 8), (3, 8), role="primary")
        first, last, target = (
            f"{clock.now() + timedelta(days=each):%d.%m.%Y}" for each in (1, 7, 36)
        )
        form = {"first": first, "last": last, "target": target, "alignment": "weekday"}
        for wrong in (
            {"first": "engang"},
            {"alignment": "x"},
            {"last": "1.1.2001"},
            {"target": ""},
        ):
            assert browser.post(DRAFTS, {**form, **wrong}).status_code == 422, wrong
        made = browser.post(DRAFTS, {**form, "name": "Som denne uken"})
        assert made.status_code == 303, made.text
        address = made.headers["Location"]
        seen = browser.get(address).text
        assert "Kladd: Som denne uken" in seen
        assert "Den gjelder ikke før den tas i bruk. Da legges 1 av 1 vakt inn" in seen
        assert "Duty 2, hovedvakt: fra" in seen
        assert reader.get(address).status_code == 403
        [version] = re.findall(r'name="version" value="([^"]+)"', seen)
        late = browser.post(address, {"act": "apply", "version": "0"})
        assert late.status_code == 409
        assert "Ingenting er gjort" in late.text
        assert browser.post(address, {"act": "burn"}).status_code == 422
        applied = browser.post(address, {"act": "apply", "version": version})
        assert applied.status_code == 303
        done = browser.get(address).text
        assert "På vaktlisten står 1 av 1 vakt fra den" in done
        assert "Hvis du angrer" in done
        assert browser.post(address, {"act": "undo", "version": version}).status_code == 409
        [version] = re.findall(r'name="version" value="([^"]+)"', done)
        browser.post(address, {"act": "undo", "version": version})
        assert "Alt som kom av den, er tatt tilbake" in browser.get(address).text
        assert "Som denne uken" in browser.get(DRAFTS).text
