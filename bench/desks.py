"""Databases with desks in them: the five of rosters/, or many made from them by renumbering."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import text

from app.actions.desks.import_desks import import_desks
from app.domain.access.actor import command_line
from app.domain.config.folder import DeskFolder
from app.domain.config.folder_reader import read_folder
from app.store import Database, migrate, open_database
from app.store.desks import Edit
from bench import bare
from bench.calls import SCENARIOS, Scenario
from bench.servers import ROOT

ROSTERS = ROOT / "rosters"
DESKS = tuple(story.desk for story in SCENARIOS)
TODAY = datetime(2026, 1, 2, tzinfo=UTC)
NUMBER = re.compile(r"\+47(20|49)00(\d{4})")


def prepared(url: str, folders: list[DeskFolder]) -> Database:
    """A migrated database with these desks, by the real import, and the tables of the bare view."""
    migrate(url)
    database = open_database(url)
    import_desks(database, folders, Edit(command_line("bench"), TODAY))
    bare.fill(database)
    return database


def count_rows(database: Database) -> None:
    """Let PostgreSQL count its rows, as its own housekeeping would at some moment of the measuring.

    Only when there are rows: a plan for a table that was counted as empty reads the whole of it,
    and is kept while the table grows.
    """
    if not database.is_sqlite:
        database.write(lambda connection: connection.execute(text("ANALYZE")))


def shipped() -> list[DeskFolder]:
    """The five desks as they are."""
    return [read_folder(_files(desk), desk) for desk in DESKS]


def many(desks: int, customers: int) -> tuple[list[DeskFolder], tuple[Scenario, ...]]:
    """So many desks with so many customers in all, and the stories of their calls."""
    folders, stories = [], []
    for copy in range(desks):
        story = SCENARIOS[copy % len(SCENARIOS)]
        text = {name: _renumbered(text, copy) for name, text in _files(story.desk).items()}
        name = f"{story.desk}-{copy}"
        text = {file: _renamed(content, story.desk, name) for file, content in text.items()}
        share = customers // desks + (copy < customers % desks)
        first = customers * copy // desks
        text["customers.csv"] = _grown(text["customers.csv"], share, first)
        folders.append(read_folder(text, name))
        line, caller = (_renumbered(number, copy) for number in (story.line, story.caller))
        stories.append(replace(story, desk=name, line=line, caller=caller))
    return folders, tuple(stories)


def _files(desk: str) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in (ROSTERS / desk).iterdir()}


def _renumbered(text: str, copy: int) -> str:
    """Every number in a series of its own: +4749001001 becomes +4749 17 1001 in copy 17."""
    return NUMBER.sub(lambda found: f"+47{found[1]}{copy:02}{found[2]}", text)


def _renamed(text: str, desk: str, name: str) -> str:
    return re.sub(rf'^(id|roster) = "{desk}"', rf'\1 = "{name}"', text, flags=re.MULTILINE)


def _grown(text: str, customers: int, first: int) -> str:
    """The customers of the document, and more of the same until there are so many.

    Theirs are numbers that nobody has, above those of the copies; `first` is where they begin.
    """
    lines = text.splitlines()
    agreement = lines[1].split(",")[2]
    more = customers - (len(lines) - 1)
    series = 49_600_000 + first
    empty = "," * (lines[0].count(",") - 3)  # whatever columns there are beside these four
    lines += [f"{10_000 + n},Eining {n},{agreement},+47{series + n}{empty}" for n in range(more)]
    return "\n".join(lines) + "\n"
