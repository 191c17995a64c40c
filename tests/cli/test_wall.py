"""`vakt wall`: an address for a screen on a wall, shown once, and taken away at once."""

from __future__ import annotations

import pytest

from app import clock
from app.actions.overview.wall_screens import open_wall_screen
from app.domain.access.audit import AuditKind
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from tests.cli.a_command import vakt
from tests.support.sample_desk import DESK, sample_database


def test_an_address_is_made_listed_and_revoked(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(*words: str) -> str:
        result = vakt(monkeypatch, migrated_sqlite_url, "wall", *words)
        assert result.exit_code == 0, result.output
        return result.stdout

    monkeypatch.setenv("PUBLIC_URL", "https://vakt.example.org")
    with sample_database(migrated_sqlite_url) as database:
        address = typed("add", "Hall", "--desk", DESK, "--language", "nn").strip()
        base, _, secret = address.rpartition("/")
        assert base == "https://vakt.example.org/wall"
        screen = open_wall_screen(database, secret, clock.now())
        assert screen
        assert (screen.name, screen.desks, screen.language) == ("Hall", (DESK,), "nn")
        listed = typed("list")
        assert "Hall" in listed
        assert secret not in listed
        typed("revoke", "Hall")
        assert open_wall_screen(database, secret, clock.now()) is None
        with database.read() as connection:
            gone, made = list_audit_events(connection, AuditFilter(limit=2))
        assert (made.event.kind, made.event.after["desk"]) == (AuditKind.WALL_SCREEN_ADDED, [DESK])
        assert (gone.event.kind, gone.event.subject.id) == (AuditKind.WALL_SCREENS_REVOKED, "Hall")
        assert secret not in repr(made)


def test_an_unknown_desk_or_screen_is_refused(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        for words in (("add", "Hall", "--desk", "nowhere"), ("revoke", "Hall")):
            assert vakt(monkeypatch, migrated_sqlite_url, "wall", *words).exit_code == 1
        assert none_is_there(database)


def none_is_there(database: Database) -> bool:
    with database.read() as connection:
        return not connection.exec_driver_sql("SELECT id FROM wall_screens").all()
