"""`vakt roster absences`: a calendar's address is asked for, and never shown again."""

from __future__ import annotations

import pytest

from app.actions.roster.absence_feeds import WantedFeed, add_feed
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from tests.cli.a_command import vakt
from tests.support.sample_desk import DAY, DESK, sample_database


def test_calendars_are_listed_and_removed_and_one_inside_a_network_is_refused(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        wanted = WantedFeed(DESK, "duty-1", "https://cal.example.org/secret.ics")
        feed = add_feed(database, wanted, Author(command_line("me"), DAY))
        words = ("roster", "absences")
        listed = vakt(monkeypatch, migrated_sqlite_url, *words, "list", DESK).stdout
        assert "cal.example.org" in listed
        assert "secret" not in listed
        add = (*words, "add", DESK, "duty-2")
        inside = "https://127.0.0.1/a.ics\n"
        refused = vakt(monkeypatch, migrated_sqlite_url, *add, typed=inside)
        assert refused.exit_code == 1
        assert "127.0.0.1" not in refused.output
        removed = vakt(monkeypatch, migrated_sqlite_url, *words, "remove", DESK, str(feed.id))
        assert removed.exit_code == 0, removed.output
        again = vakt(monkeypatch, migrated_sqlite_url, *words, "remove", DESK, str(feed.id))
        assert again.exit_code == 1
