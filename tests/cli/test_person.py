"""`vakt person`: as a coordinator types it."""

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.offline.storage_dirs import storage_dirs
from tests.actions.privacy.test_personal_data import a_night
from tests.cli.a_command import vakt
from tests.support.sample_desk import CALLER, SUPPORT, sample_database


@pytest.fixture
def url(migrated_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("VAKT_LIFELINE", str(tmp_path / "beside" / "lifeline.json"))
    with sample_database(migrated_sqlite_url) as database:
        a_night(database)
    return migrated_sqlite_url


def test_an_export_is_one_json_with_the_recordings(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = vakt(monkeypatch, url, "person", "export", "49 00 90 01")
    told = json.loads(done.stdout)
    assert told["number"] == CALLER
    assert base64.b64decode(told["wav_base64"]["RE2"]) == b"RIFF"


def test_an_export_may_be_a_folder(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "for-them"
    words = ("person", "export", CALLER, "--out", str(folder))
    assert vakt(monkeypatch, url, *words).exit_code == 0
    assert {file.name for file in folder.iterdir()} == {"person.json", "RE2.wav"}
    assert folder.stat().st_mode & 0o077 == 0
    assert vakt(monkeypatch, url, *words).exit_code == 1  # it is there already


def test_erasing_asks_first(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = vakt(monkeypatch, url, "person", "erase", CALLER, typed="n\n")
    assert done.exit_code == 1
    assert "Nobody has taken ticket 1002" in done.output
    assert json.loads(vakt(monkeypatch, url, "person", "export", CALLER).stdout)["tables"]


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("nb", "j\n", "[j/N]:"),
        ("nb", "y\n", "[j/N]:"),
        ("nn", "JA\n", "[j/N]:"),
        ("en", "kanskje\ny\n", "Answer y for yes or n for no."),
    ],
)
def test_erasing_takes_a_yes_in_any_language(
    url: str, monkeypatch: pytest.MonkeyPatch, language: str, typed: str, said: str
) -> None:
    erase = ("--language", language, "person", "erase", CALLER)
    done = vakt(monkeypatch, url, *erase, typed=typed)
    assert done.exit_code == 0, done.output
    assert said in done.output
    assert json.loads(vakt(monkeypatch, url, "person", "export", CALLER).stdout)["tables"] == {}


def test_a_no_ends_in_the_language_of_the_command(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for typed in ("n\n", "\n", ""):
        done = vakt(monkeypatch, url, "--language", "nb", "person", "erase", CALLER, typed=typed)
        assert (done.exit_code, done.output.endswith("Avbrutt.\n")) == (1, True)


def test_erasing_tells_what_was_done_and_what_stays(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = vakt(monkeypatch, url, "person", "erase", CALLER, "--yes")
    assert done.exit_code == 0, done.output
    assert "Recordings deleted, here and at the provider: 1" in done.output
    assert "figures count them" in done.output
    told = json.loads(vakt(monkeypatch, url, "person", "export", CALLER).stdout)
    assert told["tables"] == {}


def test_what_waits_in_a_journal_is_exported_and_told_of(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = storage_dirs(tmp_path / "beside" / "offline", url)[0]
    folder.mkdir(parents=True)
    (folder / "facts-1.db").write_text(f"a copy of the database: {CALLER}")
    with closing(sqlite3.connect(folder / "journal-1.db")) as connection:
        connection.execute("CREATE TABLE journal (id INTEGER, state TEXT)")
        state = json.dumps({"caller": {"digits": CALLER}})
        connection.execute("INSERT INTO journal VALUES (1, ?), (2, '{}')", (state,))
        connection.commit()
    told = json.loads(vakt(monkeypatch, url, "person", "export", CALLER).stdout)
    [waiting] = told["waiting_beside_the_database"]
    assert (waiting["table"], waiting["row"]["id"]) == ("journal", 1)
    done = vakt(monkeypatch, url, "person", "erase", CALLER, "--yes")
    assert "waiting for the database" in done.output


@pytest.mark.parametrize(("number", "said"), [("ni", "cannot be read"), (SUPPORT, "is a line of")])
@pytest.mark.parametrize("verb", ["export", "erase"])
def test_what_is_no_persons_number_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch, verb: str, number: str, said: str
) -> None:
    done = vakt(monkeypatch, url, "person", verb, number)
    assert done.exit_code == 1
    assert said in done.output
