"""What the rows say after a storm, by plain SQL; and what waits in the journal's files.

None of the product's code reads here. A row is a mapping of its columns.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

Row = Mapping[str, Any]
TABLES = ("calls", "call_outs", "tickets", "ticket_events", "legs", "outbox", "recordings")
COLUMNS = {"recordings": "sid, call_sid, ticket, deleted_at_provider_at"}  # not the sound itself
FAULTS = (
    "broken",
    "job_broken",
    "slot_broken",
    "purge_broken",
    "turn_failed",
    "journal_stuck",
    "journal_unreadable",
    "callback_stuck",
    "message_only_at_the_network",
)
FAULT = re.compile(r'"event": "({})"'.format("|".join(FAULTS)))


@dataclass(frozen=True, slots=True)
class Rows:
    """The database after a storm, and what stands beside it."""

    calls: tuple[Row, ...] = ()
    call_outs: tuple[Row, ...] = ()
    tickets: tuple[Row, ...] = ()
    ticket_events: tuple[Row, ...] = ()
    legs: tuple[Row, ...] = ()
    outbox: tuple[Row, ...] = ()
    recordings: tuple[Row, ...] = ()
    waiting: tuple[str, ...] = ()  # calls and posts that still stand in a journal
    broken: tuple[str, ...] = ()  # what the database itself finds wrong with its file
    faults: tuple[str, ...] = ()  # lines of the log that tell of a fault of ours
    fell_alone: tuple[str, ...] = ()
    offline_turns: int = 0
    lifelines: int = field(default=0)


def read_rows(url: str) -> Rows:
    """Everything that a judge wants to know of the database."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        found = {
            table: tuple(
                dict(row)
                for row in connection.execute(
                    text(f"select {COLUMNS.get(table, '*')} from {table}")
                ).mappings()
            )
            for table in TABLES
        }
        broken: tuple[str, ...] = ()
        if connection.dialect.name == "sqlite":
            checked = connection.execute(text("pragma integrity_check")).scalars().all()
            strays = connection.execute(text("pragma foreign_key_check")).all()
            broken = tuple(str(each) for each in [*checked, *strays] if each != "ok")
    return Rows(**found, broken=broken)


def count(url: str, query: str) -> int:
    """One number of the database, asked anew."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar() or 0)


def numbers(url: str, query: str) -> list[int]:
    """One column of the database, asked anew."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return [int(each) for each in connection.execute(text(query)).scalars()]


@contextmanager
def counting(url: str, query: str) -> Iterator[Callable[[], int]]:
    """One number of the database, asked as often as one likes; 0 while it is away."""
    engine = create_engine(url)

    def ask() -> int:
        try:
            with engine.connect() as connection:
                return int(connection.execute(text(query)).scalar() or 0)
        except OperationalError:
            return 0

    try:
        yield ask
    finally:
        engine.dispose()


def change(url: str, statement: str, **values: object) -> None:
    """Change rows, as time would."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement), values)


def journaled(places: tuple[Path, ...]) -> tuple[str, ...]:
    """What still waits in the journals of these folders, and in their entries: a callback
    stands in an entry only.
    """
    calls = [file for place in places for file in place.glob("calls/*/*")]
    callbacks = [file for place in places for file in place.glob("callbacks/*")]
    waits = [f"call {sid}" for sid in sorted({file.parent.name for file in calls})]
    waits += [f"callback {file.name}" for file in callbacks]
    for file in (file for place in places for file in place.glob("journal-*.db")):
        with closing(sqlite3.connect(file)) as journal:
            tables = {name for (name,) in journal.execute("select name from sqlite_master")}
            if "journal" in tables:
                waits += [f"call {sid}" for (sid,) in journal.execute(SIDS)]
            if "callbacks" in tables:
                waits += [
                    f"callback {kind}" for (kind,) in journal.execute("select kind from callbacks")
                ]
    return tuple(waits)


SIDS = "select distinct call_sid from journal"


def payload(job: Row) -> Mapping[str, Any]:
    """What a job carries."""
    found: Mapping[str, Any] = json.loads(job["payload"])
    return found


def faults_in(log: str) -> tuple[str, ...]:
    """The lines of a log that tell of a fault of ours, each kind once with its number."""
    lines = [line for line in log.splitlines() if FAULT.search(line)]
    return tuple(line[:1500] for line in lines)
