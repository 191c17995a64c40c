"""`vakt prove`: the page that a coordinator reads, its exit code, and its JSON."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.commands.prove_phrases import why
from app.domain.config.folder_reader import read_folder
from app.domain.desks.desk import Priority
from app.domain.numbers import parse_number
from app.domain.simulate.proof.callers import Caller
from app.domain.simulate.proof.proof import SilentClass
from app.domain.simulate.proof.verdicts import CAUSES, CallAttempt
from app.domain.texts.text_parts import LANGUAGES
from app.voice_prompts import texts
from tests.support.proved_once import proved_once
from tests.support.sample_desk import blank_database, import_sample_desks
from tests.support.shipped_desks import ROSTERS, folder_files

AT: Final = ("--at", "2026-11-22T00:00", "--months", "1")
MONDAYS: Final = "when_not_staffed = true\n"


def vakt(*words: str, database_url: str = "sqlite:///there/is/none.db") -> Result:
    # Set for the command only: it must not read, nor leave behind, another test's settings.
    env = {"DATABASE_URL": database_url, "SECRET_KEY": "of a test"}
    return CliRunner().invoke(main, words, env=env)


@pytest.fixture(scope="module", autouse=True)
def each_proof_once() -> Iterator[None]:
    with proved_once():
        yield


@pytest.fixture(scope="module")
def live(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database in which two of the shipped desks are live; the command only reads."""
    file = tmp_path_factory.mktemp("live") / "vakt.db"
    shutil.copyfile(migrated_sqlite_file, file)
    desks = ("dekode", "brukarstotte")
    with blank_database(f"sqlite:///{file}") as database:
        import_sample_desks(database, *(read_folder(folder_files(desk), desk) for desk in desks))
    return f"sqlite:///{file}"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A draft of Brukarstøtte in which the duty has only the hours of the source's list."""
    folder = tmp_path / "draft"
    shutil.copytree(ROSTERS / "brukarstotte", folder)
    text = (folder / "desk.toml").read_text("utf-8")
    assert MONDAYS in text
    (folder / "desk.toml").write_text(text.replace(MONDAYS, ""), "utf-8")
    return folder


def test_a_desk_whose_duty_is_whole_is_told_in_three_lines(live: str) -> None:
    done = vakt("prove", "brukarstotte", *AT, database_url=live)
    head, *page = done.output.splitlines()
    assert head.startswith("Brukarstøtte, Sun 22 Nov 2026 00:00 to Tue 22 Dec 2026 00:00 (720 h)")
    assert page == [
        "ok      critical calls always ring somebody: 2 telephones or more while nobody answers",
        "ok      somebody who can be rung covers every hour of duty",
        "nobody  high, medium and low calls ring nobody outside Mon–Fri 08:00–16:00: "
        "closed, and only critical cases wake the duty (552 h)",
    ]
    assert done.exit_code == 0


def test_a_folder_needs_no_database() -> None:
    done = vakt("prove", str(ROSTERS / "kundeservice"), *AT)
    assert done.output.splitlines()[1:] == [
        "nobody  all calls, critical ones too, ring nobody outside Mon–Fri 08:00–15:30: "
        "closed, and the desk has no duty (562.5 h)",
        "ok      the desk has no duty, as its documents say",
    ]
    assert done.exit_code == 0


def test_the_page_of_the_docs_is_what_its_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROSTERS.parent)
    shown = (ROSTERS.parent / "docs" / "prove.md").read_text("utf-8").partition("```\n$ vakt ")[2]
    command, _, told = shown.partition("```")[0].partition("\n")
    assert vakt(*command.split()).output == told


IN_NORWEGIAN: Final = {
    "nb": [
        "ok      samtaler med kritisk prioritet når alltid noen: "
        "minst 2 telefoner ringer så lenge ingen svarer",
        "ok      noen som kan ringes, har vakten i alle vakttimer",
        "ingen   samtaler med høy, middels og lav prioritet når ikke noen utenfor "
        "man.–fre. 08.00–16.00: stengt, og bare kritiske saker vekker vakten (552 t)",
    ],
    "nn": [
        "ok      samtalar med kritisk prioritet når alltid nokon: "
        "minst 2 telefonar ringjer så lenge ingen svarar",
        "ok      nokon som kan ringjast, har vakta i alle vakttimar",
        "ingen   samtalar med høg, middels og låg prioritet når ikkje nokon utanfor "
        "mån.–fre. 08.00–16.00: stengt, og berre kritiske saker vekkjer vakta (552 t)",
    ],
}


@pytest.mark.parametrize("language", IN_NORWEGIAN)
def test_the_page_follows_the_language_with_its_days_and_clocks(language: str) -> None:
    folder = str(ROSTERS / "brukarstotte")
    head, *page = vakt("--language", language, "prove", folder, *AT).output.splitlines()
    tuesday = {"nb": "tirs.", "nn": "tys."}[language]
    assert head.startswith(
        f"Brukarstøtte, søn. 22. nov. 2026 kl. 00.00 til {tuesday} 22. des. 2026 kl. 00.00 (720 t)"
    )
    assert page == IN_NORWEGIAN[language]


def test_the_command_below_a_class_shows_such_a_call(live: str) -> None:
    done = vakt("prove", "dekode", *AT, database_url=live)
    (command,) = [line for line in done.output.splitlines() if "vakt explain" in line]
    told = vakt(*command.split()[1:], database_url=live)
    assert told.exit_code == 0
    assert "call   Dekode support, from +47 49 00 50 04, Sun 22 Nov 2026 00:00" in told.output
    assert "rings  " not in told.output


def test_holes_stand_first_and_refuse(draft: Path) -> None:
    done = vakt("prove", str(draft), *AT)
    assert done.output.splitlines()[1] == (
        "HOLE    critical calls ring nobody Mon 00:00–08:00: closed, and outside duty hours (40 h)"
    )
    assert done.exit_code == 1


def test_a_draft_tells_only_what_it_changes(live: str, draft: Path) -> None:
    done = vakt("prove", "brukarstotte", str(draft), *AT, database_url=live)
    head, told = done.stdout.splitlines()
    assert head.startswith("Draft of Brukarstøtte")
    assert told == (
        "HOLE    critical calls would ring nobody Mon 00:00–08:00: "
        "closed, and outside duty hours (40 h)"
    )
    assert done.exit_code == 1


def test_a_draft_that_changes_nothing_says_so(live: str) -> None:
    same = str(ROSTERS / "dekode")
    done = vakt("prove", "dekode", same, *AT, database_url=live)
    assert done.stdout.splitlines()[1:] == [
        "ok      every call reaches somebody, or nobody, just as it does now"
    ]
    assert done.exit_code == 0


def test_a_draft_with_errors_is_refused_with_all_of_them(live: str, draft: Path) -> None:
    (draft / "desk.toml").write_text("name = 1\n", "utf-8")
    done = vakt("prove", "brukarstotte", str(draft), *AT, database_url=live)
    assert done.exit_code == 1
    assert "desk.toml:1:" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("has errors: nothing was proved.")


def test_a_desk_that_is_not_there_is_told_with_those_that_are(live: str) -> None:
    done = vakt("prove", "nowhere", *AT, database_url=live)
    assert done.exit_code == 1
    assert done.stderr == "There is no desk “nowhere”. Desks here: brukarstotte, dekode.\n"


def test_the_json_has_every_stretch_of_every_class(draft: Path) -> None:
    done = vakt("prove", str(draft), *AT, "--json")
    told = json.loads(done.stdout)
    assert (told["desk"], told["holes"]) == ("draft", True)
    assert told["from"] == "2026-11-22T00:00:00+01:00"
    (on_support, on_duty) = {
        each["line"]: each
        for each in told["silent"]
        if each["priority"] == "critical" and each["known"]
    }.values()
    assert on_support["reasons"] == ["closed", "outside_duty_hours"]
    assert on_support["hole"] is True
    assert on_support["when"][0] == {
        "from": "2026-11-23T00:00:00+01:00",
        "to": "2026-11-23T08:00:00+01:00",
    }
    assert on_support["example"] == {
        "at": "2026-11-23T00:00:00+01:00",
        "from": "+4749002001",
        "keys": ["1", "1"],
    }
    assert on_duty["hours"] == 40.0
    assert done.exit_code == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_is_worded_without_the_call_that_it_was_found_in(language: str) -> None:
    attempt = CallAttempt("+4720000210", Caller("", parse_number(""), ""), Priority.LOW)
    for code in CAUSES:
        silent = SilentClass(attempt, (code,), (), False, datetime(2026, 1, 1, tzinfo=UTC), ())
        assert texts().write(why(silent), language).strip()


def test_a_moment_or_months_that_cannot_be_read_are_wrong_usage() -> None:
    folder = str(ROSTERS / "kundeservice")
    assert vakt("prove", folder, "--at", "tomorrow").exit_code == 2
    assert vakt("prove", folder, "--months", "0").exit_code == 2
