"""`vakt roster calendar`: an address for a calendar program, shown once, and taken away at once."""

from __future__ import annotations

import pytest

from app import clock
from app.actions.roster.calendars import open_calendar
from tests.cli.a_command import vakt
from tests.support.sample_desk import DESK, sample_database


def test_an_address_is_made_listed_and_revoked(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(*words: str) -> str:
        result = vakt(monkeypatch, migrated_sqlite_url, "roster", "calendar", *words)
        assert result.exit_code == 0, result.output
        return result.stdout

    monkeypatch.setenv("PUBLIC_URL", "https://vakt.example.org")
    with sample_database(migrated_sqlite_url) as database:
        address, link = typed("add", DESK, "--person", "duty-1").split()
        assert link == address.replace("https:", "webcal:")
        secret = address.removeprefix("https://vakt.example.org/ical/").removesuffix(".ics")
        opened = open_calendar(database, secret, clock.now())
        assert opened
        assert (opened.calendar.person, opened.calendar.language) == ("duty-1", "nb")
        listed = typed("list", DESK)
        assert "Duty 1" in listed
        assert secret not in listed
        typed("revoke", DESK, str(opened.calendar.id))
        assert open_calendar(database, secret, clock.now()) is None
        refused = vakt(
            monkeypatch, migrated_sqlite_url, "roster", "calendar", "add", DESK, "--person", "x"
        )
        assert refused.exit_code == 1
        assert "duty-2" in refused.stderr
