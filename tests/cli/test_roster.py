"""`vakt roster`: entries added, listed, withdrawn and refused, and a roster written out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from app.commands.roster import KINDS
from app.domain.config.roster_document import read_roster
from app.domain.roster.entries import EntryKind
from tests.cli.a_command import vakt
from tests.support.desk_documents import weekly_rotation
from tests.support.sample_desk import DESK, ROSTER_TOML, folder, sample_database

Vakt = Callable[..., Result]
SPAN = ("--from", "2026-11-01T08:00", "--to", "2098-12-24T08:00")
SWAP = ("add", DESK, "override", "duty-2", "--role", "primary", *SPAN)


@pytest.fixture
def command(migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Vakt:
    with sample_database(migrated_sqlite_url):
        pass
    return lambda *words: vakt(monkeypatch, migrated_sqlite_url, *words)


@pytest.fixture
def entry(command: Vakt) -> Vakt:
    return lambda *words: command("roster", "entry", *words)


def test_an_entry_is_added_listed_and_withdrawn(entry: Vakt, command: Vakt) -> None:
    added = entry(*SWAP, "--reason", "Ferie", "--as", "Teamleiar")
    assert added.exit_code == 0, added.output
    assert "Entry 1 added." in added.output
    assert "Changes who is on duty" in added.output
    assert "Duty 2" in command("duty", DESK).output.splitlines()[1]

    listed = entry("list", DESK).output
    for words in ("override", "duty-2", "“Ferie”", "by Teamleiar"):
        assert words in listed

    assert "Entry 1 withdrawn." in entry("withdraw", DESK, "1").output
    assert "Duty 1" in command("duty", DESK).output.splitlines()[1]
    assert "duty-2" not in entry("list", DESK).output
    assert "withdrawn by" in entry("list", DESK, "--all").output
    assert "duty-2" in entry("list", DESK, "--revision", "1").output
    assert "already withdrawn" in entry("withdraw", DESK, "1").output


def test_the_same_entry_again_is_said_to_be_there(entry: Vakt) -> None:
    entry(*SWAP)
    again = entry(*SWAP)
    assert again.exit_code == 0
    assert "exists already, as entry 1" in again.output


def test_it_tells_the_gap_that_it_opens_and_adds_nothing_in_a_dry_run(entry: Vakt) -> None:
    entry("add", DESK, "absence", "duty-2", *SPAN)
    told = entry("add", DESK, "absence", "duty-1", *SPAN, "--dry-run").output
    assert "Nothing was added" in told
    assert f"nobody on duty for {DESK} can be rung" in told
    assert "duty-1" not in entry("list", DESK).output


def test_it_tells_that_it_changes_nothing_and_why(entry: Vakt) -> None:
    told = entry("add", DESK, "override", "duty-1", "--role", "primary", *SPAN).output
    assert "Changes nothing" in told
    assert "Duty 1 is on duty then already" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", DESK, "override", "duty-7", "--role", "primary", *SPAN), "did you mean “duty-"),
        (("add", DESK, "override", "duty-2", *SPAN), "give “role”"),
        (("add", "elsewhere", "absence", "duty-2", *SPAN), "There is no such desk"),
        (("withdraw", DESK, "7"), "has no entry 7"),
        (("list", "elsewhere"), "There is no such desk"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(
    entry: Vakt, words: tuple[str, ...], told: str
) -> None:
    refused = entry(*words)
    assert refused.exit_code == 1
    assert told in refused.output


def test_a_moment_that_cannot_be_read_is_wrong_usage(entry: Vakt) -> None:
    words = ("add", DESK, "absence", "duty-2", "--from", "tomorrow", "--to", "2026-11-02T08:00")
    assert entry(*words).exit_code == 2


def test_the_kinds_are_those_that_there_are() -> None:
    assert list(KINDS) == [each.value for each in EntryKind]


def test_an_export_has_what_was_added_by_command(
    entry: Vakt, command: Vakt, tmp_path: Path
) -> None:
    entry(*SWAP, "--reason", "Ferie", "--as", "Teamleiar")
    folder = tmp_path / DESK
    assert command("desk", "export", DESK, str(folder)).exit_code == 0
    text = (folder / "roster.toml").read_text("utf-8")
    assert 'note = "Ferie"\nauthor = "Teamleiar"' in text
    again = command("desk", "import", str(folder))
    assert again.exit_code == 0, again.output
    assert "roster entries" not in again.output


def test_a_shadow_is_shown_after_those_who_are_rung(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow = weekly_rotation("shadow", "duty-2", start="2024-01-01")
    alone = ROSTER_TOML.replace('id = "backup"', 'id = "backup"\nuntil = 2024-02-01')
    with sample_database(migrated_sqlite_url, folder(roster=alone + shadow)):
        pass
    lines = vakt(monkeypatch, migrated_sqlite_url, "duty", DESK).output.splitlines()
    assert "Duty 1, primary" in lines[1]
    assert "last resort" in lines[2]
    assert lines[3].startswith("  +  Duty 2, shadow: gets SMS, is never called, until Mon")
    told = json.loads(vakt(monkeypatch, migrated_sqlite_url, "duty", DESK, "--json").output)
    assert [each["person"] for each in told["shadows"]] == ["duty-2"]


# --- export --------------------------------------------------------------------------------------


def test_the_imported_text_comes_back_as_it_was(command: Vakt, tmp_path: Path) -> None:
    assert command("roster", "export", DESK).output == ROSTER_TOML
    file = tmp_path / "roster.toml"
    assert command("roster", "export", DESK, str(file)).output == f"{file}\n"
    assert file.read_text("utf-8") == ROSTER_TOML


def test_an_entry_made_by_command_stands_in_the_export(command: Vakt, entry: Vakt) -> None:
    entry(*SWAP, "--reason", "Ferie")
    exported = command("roster", "export", DESK).output
    assert exported.startswith(ROSTER_TOML.rstrip())
    before, after = (read_roster(text, "roster.toml").value for text in (ROSTER_TOML, exported))
    assert before
    assert after
    assert after.layers == before.layers
    assert [each.note for each in after.overrides] == ["Ferie"]


def test_as_json_it_is_what_the_api_tells(command: Vakt) -> None:
    told = json.loads(command("roster", "export", DESK, "--json").output)
    assert [each["id"] for each in told["rotations"]] == ["primary", "backup"]
    assert told["revision"] == 0


def test_the_roster_of_no_desk_is_refused(command: Vakt) -> None:
    refused = command("roster", "export", "nowhere")
    assert refused.exit_code == 1
    assert "There is no such desk" in refused.output
