"""`vakt roster pin`: an operator sees who has one, unlocks it, and takes it away."""

import pytest

from app import clock
from app.actions.access.pins import PinTry, set_pin, whose_pin
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.access.users import PersonLink
from tests.cli.a_command import vakt
from tests.support.sample_desk import DESK, DUTY_1, sample_database


def test_a_locked_one_is_listed_unlocked_and_removed(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pin(*words: str) -> tuple[int, str]:
        done = vakt(monkeypatch, migrated_sqlite_url, "roster", "pin", *words)
        return done.exit_code, done.output

    now = clock.now()
    with sample_database(migrated_sqlite_url) as database:
        assert "Nobody on the roster has a PIN" in pin("list", DESK)[1]
        set_pin(database, PersonLink(DESK, "duty-1"), "7294", Author(command_line("me"), now))
        for _ in range(5):
            whose_pin(database, PinTry("6172", DUTY_1, DESK, ("duty-1",), now))
    assert "locked until" in pin("list", DESK)[1]
    assert pin("unlock", DESK, "duty-1") == (0, "The PIN of “duty-1” works again.\n")
    assert pin("unlock", DESK, "duty-1")[0] == 1
    assert "locked until" not in pin("list", DESK)[1]
    assert pin("remove", DESK, "duty-1")[0] == 0
    assert pin("remove", DESK, "duty-1")[0] == 1
    assert pin("list", "nowhere")[0] == 1
