"""What README, CONTRIBUTING and docs/ name is there: files, links, headings, commands, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from app.cli import main
from tests.test_settings_page import ROWS

ROOT = Path(__file__).parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
# Made by who follows a page, or a program's own.
MADE = {"deploy/vaktlinje.env", "deploy/database.env"}
GENERATED = {"var", "dist", "build"}
FOLDERS = [
    each.name
    for place in (ROOT, ROOT / "app", ROOT / "app" / "domain")
    for each in place.iterdir()
    if each.is_dir() and not each.name.startswith((".", "_")) and each.name not in GENERATED
]


def anchor(heading: str) -> str:
    """A heading's name in an address, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {anchor(each) for each in re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.M)}


@each_page
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text("utf-8")):
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (heading and heading not in anchors(target)):
            broken.append(link)

    assert broken == []


@each_page
def test_no_half_of_a_merge_is_left(page: Path) -> None:
    assert re.findall(r"^(?:<<<<<<<|>>>>>>>) .*$", page.read_text("utf-8"), re.M) == []


@each_page
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*\w)`", page.read_text("utf-8"))

    assert [path for path in named if not is_there(path)] == []


def is_there(path: str) -> bool:
    """Whether a file or folder is there, from the top or in the product."""
    whole = [
        ROOT / place / f"{path}{end}" for place in ("", "app", "app/domain") for end in ("", ".py")
    ]
    return path in MADE or any(each.exists() for each in whole)


@cache
def words_of_the_sources() -> frozenset[str]:
    """Every word in the code, the texts and the deployment."""
    ends = {".py", ".toml", ".sh", ".yml", ".yaml", ".conf", ".service", ".socket", ".example"}
    folders = [
        ROOT / each for each in ("app", "exchange", "deploy", "tests", "voice_prompts", "bench")
    ]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in ends]
    files += [ROOT / "pyproject.toml", ROOT / "Makefile"]
    return frozenset(word for file in files for word in re.findall(r"\w+", file.read_text("utf-8")))


@each_page
def test_every_name_that_a_page_takes_from_the_code_is_in_it(page: Path) -> None:
    names = re.findall(r"`([A-Za-z]+_\w*[a-zA-Z]|[A-Z][a-z]+[A-Z]\w+)[(`]", page.read_text("utf-8"))

    known = words_of_the_sources() | {"pg_dump"} | set(ROWS)
    assert [name for name in names if name not in known] == []


def code_of(page: Path) -> Iterator[str]:
    """Every piece of code on a page: what stands between backticks, and each line of a block."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```$", text, re.S | re.M)
    yield from (line for block in blocks for line in block.replace("\\\n", " ").splitlines())
    prose = re.sub(r"^ *```\w*\n.*?^ *```$", "", text, flags=re.S | re.M)
    yield from (" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose))


@each_page
def test_every_command_and_option_that_a_page_names_is_one(page: Path) -> None:
    wrong = []
    for code in code_of(page):
        said = re.match(r"(?:\$ |.*(?:/bin/|exec web |run --rm |: ))?vakt ((?:[a-z-]).*)", code)
        if said and "{" not in code:
            wrong += list(unknown_words(said[1].partition("  ")[0].partition(" #")[0].split()))

    assert wrong == []


def unknown_words(words: list[str]) -> Iterator[str]:
    """Yield the words of a command line that no command or option is called."""
    command: click.Command = main
    known = options_of(main)
    context = click.Context(main)
    for word in words:
        if word.startswith("-"):
            if word.strip("[]") not in known:
                yield f"{command.name} {word}"
        elif isinstance(command, click.Group) and re.fullmatch(r"[a-z-]+", word):
            if word in ("nb", "nn", "en"):  # what --language is given
                continue
            found = command.get_command(context, word)
            if found is None:
                yield f"{command.name} {word}"
                return
            command, known = found, known | options_of(found)


def options_of(command: click.Command) -> set[str]:
    return {name for option in command.params for name in option.opts} | {"--help"}


@each_page
def test_every_setting_that_a_page_names_is_one(page: Path) -> None:
    named = set(re.findall(r"\bVAKT_[A-Z_]+[A-Z]\b", page.read_text("utf-8")))

    assert named - set(ROWS) == set()


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda page: page.name
)
def test_a_decision_fits_on_one_screen(page: Path) -> None:
    lines = page.read_text("utf-8").splitlines()

    assert len(lines) <= 35
    assert [line for line in lines if len(line) > 125] == []
