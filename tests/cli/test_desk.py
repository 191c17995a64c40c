"""`vakt desk`: faults with file and line, imports of all or nothing, exports that come back."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.a_terminal import ROOT, Terminal

CUSTOMERS = "number,name,agreement,phones,shared_phones,class\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a shipped desk, to be spoilt."""
    copied = tmp_path / "brukarstotte"
    shutil.copytree(ROOT / "rosters" / "brukarstotte", copied)
    return copied


def spoil(file: Path, before: str, after: str) -> int:
    """Change a file; return the line of what was changed."""
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")
    return text[: text.index(before)].count("\n") + 1


def test_the_shipped_desks_are_good_and_need_no_database(terminal: Terminal) -> None:
    unreachable = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    done = terminal.vakt("desk", "check", "rosters", DATABASE_URL=unreachable)
    assert done.code == 0
    assert "5 desks checked: 0 errors" in done.out
    assert "warning: " in done.err, "one desk escalates before its target"


def test_every_fault_is_told_at_once_with_file_and_line(terminal: Terminal, folder: Path) -> None:
    window = spoil(folder / "desk.toml", '["08:00-16:00"]', '["16:00-08:00"]')
    member = spoil(folder / "roster.toml", 'members = ["vakt-1"', 'members = ["vakt-9"')
    told = terminal.is_refused("desk", "check", str(folder))
    assert f"{folder}/desk.toml:{window}:" in told
    assert f"{folder}/roster.toml:{member}:" in told
    assert "vakt-9" in told
    assert "1 desk checked: " in told


def test_an_error_refuses_the_whole_import_and_the_live_version_goes_on(
    desks: Terminal, folder: Path
) -> None:
    spoil(folder / "desk.toml", 'telephone_calendar = "desk"', 'telephone_calendar = "dest"')
    told = desks.is_refused("desk", "import", str(folder), str(ROOT / "rosters" / "dekode"))
    assert "did you mean “desk”?" in told
    assert "Nothing was imported." in told
    assert "Vakt 1" in desks.does("duty", "brukarstotte", "--at", "2026-11-21T23:10")


def test_an_import_says_what_has_changed(desks: Terminal, folder: Path) -> None:
    assert "nothing has changed" in desks.does("desk", "import", str(folder))
    spoil(folder / "desk.toml", 'name = "Brukarstøtte"', 'name = "Brukarhjelp"')
    assert "new version of the desk" in desks.does("desk", "import", str(folder))
    assert "Brukarhjelp" in desks.does("duty", "brukarstotte")
    lifeline = json.loads((desks.home / "lifeline.json").read_text("utf-8"))
    assert "+4720000210" in lifeline["lines"]


def test_many_customers_gone_is_refused_unless_it_is_meant(desks: Terminal, folder: Path) -> None:
    (folder / "customers.csv").write_text(CUSTOMERS + "2001,One,standard,,,\n", "utf-8")
    assert "--allow-removals" in desks.is_refused("desk", "import", str(folder))
    done = desks.does("desk", "import", str(folder), "--allow-removals")
    assert "3 removed" in done


def test_an_exported_desk_is_the_one_that_was_imported(desks: Terminal, tmp_path: Path) -> None:
    for desk in ("brukarstotte", "kundeservice", "prokom"):
        desks.does("desk", "export", desk, str(tmp_path / "out" / desk))
        for name in ("desk.toml", "roster.toml"):
            exported = (tmp_path / "out" / desk / name).read_text("utf-8")
            assert exported == (ROOT / "rosters" / desk / name).read_text("utf-8")
    again = desks.does("desk", "import", str(tmp_path / "out"))
    assert again.count("nothing has changed") == 3
    assert "There is no desk" in desks.is_refused("desk", "export", "nobody", str(tmp_path / "x"))


def test_a_path_that_is_not_there_is_wrong_usage(terminal: Terminal) -> None:
    assert "does not exist" in terminal.is_wrong("desk", "check", "nowhere")
    assert "Missing argument" in terminal.is_wrong("desk", "check")


def test_a_folder_that_cannot_be_made_is_told_in_one_line(desks: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    told = desks.is_refused("desk", "export", "dekode", str(tmp_path / "file" / "dekode"))
    assert told.splitlines() == [f"Error: {tmp_path}/file/dekode is not in a folder"]


def test_an_import_that_cannot_write_the_lifeline_says_what_is_live(
    desks: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    lifeline = str(tmp_path / "file" / "lifeline.json")
    dekode = str(ROOT / "rosters" / "dekode")
    told = desks.is_refused("desk", "import", dekode, VAKT_LIFELINE=lifeline)
    assert "The lifeline's file cannot be written" in told
    assert "The desks are live" in told
    told = desks.is_refused("--language", "nb", "desk", "import", dekode, VAKT_LIFELINE=lifeline)
    assert told.splitlines()[0] == (
        f"Nødfilen med siste utvei kan ikke skrives: {tmp_path}/file finnes allerede."
    )


def test_a_file_that_is_no_database_is_told_in_plain_words(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("not a database at all\n" * 100, "utf-8")
    url = f"sqlite:///{tmp_path}/notes.txt"
    for words in (("duty", "dekode"), ("db", "upgrade")):
        told = terminal.is_refused(*words, DATABASE_URL=url)
        assert "file is not a database" in told
        assert "sqlalche.me" not in told


def test_a_database_in_a_folder_that_cannot_be_made_is_told_in_one_line(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    url = f"sqlite:///{tmp_path}/file/var/vakt.db"
    told = terminal.is_refused("db", "upgrade", DATABASE_URL=url)
    assert told.splitlines() == [told.strip()]
    assert "is not in a folder" in told or "cannot be opened" in told


@pytest.mark.parametrize("name", ["desk.toml", "roster.toml", "customers.csv"])
def test_a_link_out_of_the_folder_is_not_followed_and_nothing_of_its_target_is_told(
    desks: Terminal, folder: Path, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("root:hidden-words:0\nmore = hidden-words\n", "utf-8")
    (folder / name).unlink()
    (folder / name).symlink_to(secret)

    for words in (("desk", "check"), ("desk", "import"), ("prove",)):
        told = desks.is_refused(*words, str(folder))
        assert "a link that leads out" in told
        assert "hidden-words" not in told
        assert "Traceback" not in told


def test_a_folder_that_is_a_link_to_elsewhere_is_not_read_with_the_others(
    desks: Terminal, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "brukarstotte").symlink_to(folder)

    assert "leads out" in desks.is_refused("desk", "check", str(tmp_path / "all"))
    assert "0 errors" in desks.does("desk", "check", str(tmp_path / "all" / "brukarstotte"))


def test_a_link_within_the_folder_is_read(desks: Terminal, folder: Path) -> None:
    (folder / "customers.csv").rename(folder / "customers-2026.csv")
    (folder / "customers.csv").symlink_to("customers-2026.csv")

    assert "0 errors" in desks.does("desk", "check", str(folder))
