"""`vakt import`: a draft is written, what to look at is told, and the proof decides how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.a_command import vakt
from tests.domain.imports.final_schedules import EXPORTS, SOURCES

FIRST = "2026-10-01"


def imported(monkeypatch: pytest.MonkeyPatch, folder: Path, final: str) -> Result:
    proof = folder / "final.json"
    proof.write_text(final, "utf-8")
    files = [str(EXPORTS / name) for name in SOURCES["opsgenie"].files]
    words = ("import", "opsgenie", *files, "--out", str(folder / "out"))
    return vakt(monkeypatch, "sqlite://", *words, "--proof", str(proof), "--from", FIRST)


def test_a_draft_that_is_the_same_ends_well_and_is_never_written_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    final = SOURCES["opsgenie"].final(f"{FIRST} 00:00")
    done = imported(monkeypatch, tmp_path, final)
    assert done.exit_code == 0, done.output
    draft = tmp_path / "out" / "nattevakt-drift" / "roster.toml"
    assert done.stdout.splitlines()[0] == str(draft)
    assert 'friday = ["15:30-24:00"]' in draft.read_text("utf-8")
    assert " 0 min" in done.stdout
    assert "desk.toml" in done.stderr  # turns that nobody has
    again = imported(monkeypatch, tmp_path, final)
    assert again.exit_code == 1
    assert str(draft) in again.stderr


def test_one_that_differs_tells_when_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    final = SOURCES["opsgenie"].final(f"{FIRST} 00:00").replace("u-kari", "u-ola", 2)
    done = imported(monkeypatch, tmp_path, final)
    assert done.exit_code == 1, done.output
    assert "ola" in done.stdout.splitlines()[-1]
