"""`vakt report targets`: a month's figures in the terminal and as files."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cli.a_command import vakt
from tests.support.sample_desk import DESK, sample_database
from tests.support.target_desk import a_folder


def test_a_month_of_targets_is_told_and_written_to_files(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with sample_database(migrated_sqlite_url, a_folder()):
        pass

    def run(*words: str) -> tuple[int, str]:
        done = vakt(monkeypatch, migrated_sqlite_url, *words)
        return done.exit_code, done.output

    new = ("--priority", "high", "--subject", "x", "--as", "Teamleiar")
    assert run("ticket", "open", "--desk", DESK, *new)[0] == 0
    csv, book = tmp_path / "targets.csv", tmp_path / "targets.xlsx"
    code, told = run("report", "targets", DESK, "--csv", str(csv), "--xlsx", str(book))
    assert code == 0
    assert "Standard" in told
    assert csv.read_text("utf-8-sig").splitlines()[0].startswith("Month,Agreement,Target,Tickets")
    assert ZipFile(book).testzip() is None
    assert "No tickets" in run("report", "targets", DESK, "--month", "2020-01")[1]
    assert run("report", "targets", DESK, "--month", "2020-13")[0] == 2
    assert run("report", "targets", "nowhere")[0] == 1
