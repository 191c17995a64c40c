"""`vakt backup` and `vakt restore`, as somebody types them after a bad night."""

from pathlib import Path

import pytest

from tests.a_house import a_house
from tests.actions.test_restore import a_busy_night
from tests.commands.a_command import vakt


def test_a_house_moves_into_a_new_database(
    migrated_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_house(migrated_sqlite_url) as house:
        a_busy_night(house)
    file, new = tmp_path / "vakt.zip", f"sqlite:///{tmp_path}/new/vakt.db"

    made = vakt(monkeypatch, migrated_sqlite_url, "backup", str(file))
    assert made.exit_code == 0, made.output
    assert "read through once more" in made.output
    assert vakt(monkeypatch, migrated_sqlite_url, "backup", str(file)).exit_code == 1

    done = vakt(monkeypatch, new, "restore", str(file), "--after", "7000")
    assert done.exit_code == 0, done.output
    assert "Closed: 1 calls" in done.output
    assert "The next ticket is 7001" in done.output

    again = vakt(monkeypatch, new, "restore", str(file))
    assert again.exit_code == 1
    assert "not empty" in again.output
