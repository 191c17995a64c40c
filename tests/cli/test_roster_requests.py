"""`vakt roster request`: cover and swaps at the command line, as a coordinator handles them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.store import Database
from tests.cli.a_command import vakt
from tests.support.duty_requests import NOW, a_folder
from tests.support.held_clock import set_clock
from tests.support.sample_desk import DESK, sample_database

SHIFT = ("--from", "2026-12-28T08:00", "--to", "2027-01-04T08:00")
THEIRS = ("--their-from", "2027-01-04T08:00", "--their-to", "2027-01-11T08:00")


@pytest.fixture
def database(migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    set_clock(monkeypatch, NOW)
    with sample_database(migrated_sqlite_url, a_folder(start="2026-12-14")) as database:
        yield database


def test_cover_and_a_swap_are_asked_listed_and_answered(
    database: Database, migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = vakt(monkeypatch, migrated_sqlite_url, "roster", "request", *words)
        return done.exit_code, done.output

    asked = run("cover", DESK, "duty-1", *SHIFT, "--ask", "duty-2", "--ask", "duty-3")
    assert asked[0] == 0, asked
    assert "Duty 1" in run("list", DESK)[1]
    assert run("move", DESK, "1", "yes", "--for", "duty-9")[0] == 1
    assert run("move", DESK, "1", "yes", "--for", "duty-3")[0] == 0
    late = run("move", DESK, "1", "no", "--for", "duty-2")
    assert (late[0], "Duty 3" in late[1]) == (1, True)
    assert run("move", DESK, "1", "undo")[0] == 0
    swap = run("swap", DESK, "duty-1", *SHIFT, "--with", "duty-2", *THEIRS)
    assert (swap[0], "Duty 2" in swap[1]) == (0, True)
    assert run("move", DESK, "2", "withdraw")[0] == 0
    assert run("move", DESK, "77", "withdraw")[0] == 1
    assert run("list", "nowhere")[0] == 1
    assert len(run("list", DESK, "--all")[1].splitlines()) == 2
