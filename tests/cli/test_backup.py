"""`vakt backup` and `vakt restore`, as somebody types them after a bad night."""

from pathlib import Path

import pytest

from tests.actions.backup.test_restore import a_busy_night
from tests.cli.a_command import vakt
from tests.support.sample_desk import sample_database


def test_a_house_moves_into_a_new_database(
    migrated_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        a_busy_night(database)
    file, new = tmp_path / "vakt.zip", f"sqlite:///{tmp_path}/new/vakt.db"

    made = vakt(monkeypatch, migrated_sqlite_url, "backup", str(file))
    assert made.exit_code == 0, made.output
    assert "read back and checked" in made.output
    assert vakt(monkeypatch, migrated_sqlite_url, "backup", str(file)).exit_code == 1

    done = vakt(monkeypatch, new, "restore", str(file), "--after", "7000")
    assert done.exit_code == 0, done.output
    assert "Closed: 1 call that was in progress then." in done.output
    assert "The next ticket is 7001" in done.output

    again = vakt(monkeypatch, new, "restore", str(file))
    assert again.exit_code == 1
    assert "not empty" in again.output
