"""A command speaks the language that it is asked to, or the terminal's."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.texts.languages import first_of_ours, language_of_environment
from app.installation import home


def typed(*words: str, **environment: str | None) -> str:
    """What a command says on standard error."""
    done = CliRunner().invoke(main, list(words), env={"LC_ALL": None, "LANG": None, **environment})
    assert done.exit_code == 2
    return done.stderr


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "nb_NO.UTF-8"}, "nb"),
        ({"LANG": "no_NO"}, "nb"),
        ({"LANG": "nn_NO.UTF-8"}, "nn"),
        ({"LANG": "sv_SE.UTF-8"}, "en"),
        ({"LANG": "nb"}, "nb"),
        ({"LANG": "nb_NO@bokmal"}, "nb"),
        ({"LANG": "nb_NO", "LC_MESSAGES": "nn_NO"}, "nn"),
        ({"LANG": "nb_NO", "LC_MESSAGES": "nn_NO", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "nb_NO", "LC_ALL": ""}, "nb"),
    ],
)
def test_the_language_of_a_terminal(environment: dict[str, str], language: str) -> None:
    assert language_of_environment(environment) == language


def test_the_first_language_of_a_browser_that_there_is_a_text_in() -> None:
    assert first_of_ours(["sv-SE", "no", "en"]) == "nb"
    assert first_of_ours(["nn-NO", "nb"]) == "nn"
    assert first_of_ours(["sv", "*"]) == ""


def test_the_option_counts_before_the_terminal() -> None:
    assert "Kommandoen «dutty» finst ikkje." in typed("dutty", LANG="nn_NO.UTF-8")
    assert "Kommandoen «dutty» finnes ikke." in typed("--language", "nb", "dutty", LANG="nn_NO")
    assert "No such command 'dutty'." in typed("--language", "en", "dutty", LANG="nn_NO")


def test_the_option_counts_for_what_is_wrong_beside_it() -> None:
    for options in (("--language", "nb", "--bogus"), ("--bogus", "--language=nb")):
        told = typed(*options, LANG="en_GB")
        assert told.startswith("Bruk: ")
        assert "Feil: Valget «--bogus» finnes ikke." in told


WRONG = {
    ("--languge", "nb"): "Error: No such option '--languge'. Did you mean --language?",
    ("--language", "sv"): "Error: Invalid value for '--language': 'sv' is not one of 'nb', 'nn',",
    ("--language",): "Error: Option '--language' requires a value.",
    ("--version=1",): "Error: Option '--version' does not take a value.",
    ("desk", "chek"): "Error: No such command 'chek'. Did you mean check?",
    ("duty",): "Error: Missing argument 'DESK'.",
    ("duty", "a", "b"): "Error: Too many arguments: b",
    ("ticket", "list", "--limit", "x"): "Error: Invalid value for '--limit': 'x' is not a whole",
    ("ticket", "list", "--limit", "0"): "Error: Invalid value for '--limit': 0 is not in the range",
    ("ticket", "list", "--limit", "1", "2"): "Error: Too many arguments: 2",
    ("desk", "check", "nowhere"): "Error: Invalid value for 'PATH…': 'nowhere' does not exist.",
    ("desk", "check", "file"): "Error: Invalid value for 'PATH…': 'file' is a file; a folder",
    ("restore", "folder"): "Error: Invalid value for 'FILE': 'folder' is a folder; a file",
    ("block", "add", "+4749009998"): "Error: Missing option '--desk'.",
    ("duty", "\x00"): "Error: “?” is not UTF-8 text",
}
ENGLISH = {"is", "not", "No", "Missing", "Invalid", "does", "Too"}


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_usage_is_told_in_each_language(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("VAKT_HOME", str(home()))
    monkeypatch.chdir(tmp_path)
    english = typed(*words)
    told = {code: typed(*words, LANG=code) for code in ("nb", "nn")}
    assert WRONG[words] in english
    for norwegian in told.values():
        assert ("Usage: " in english) == ("Bruk: " in norwegian)
        assert ("--help' for help." in english) == ("--help» for hjelp." in norwegian)
        last = norwegian.rpartition("\n\n")[2]
        assert last.startswith("Feil: ")
        assert not ENGLISH & set(last.split())
