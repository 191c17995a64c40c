"""The turns of a call that wait for the database, put together from entries and journals.

Each turn stands in both. The entry is believed, since it has a checksum; where it is damaged,
the journal. What stands whole in neither is lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app.offline import journal
from app.offline.entries import CALLS, Content, JournalEntry, digest_of, entries_in
from app.offline.journal import JournaledTurn
from app.offline.journals import Journals
from app.store import Database


@dataclass(frozen=True, slots=True)
class JournalRows:
    """A call's turns in one journal, by what they are of. None: cannot be read."""

    database: Database
    until: int
    rows: dict[str, Content | None]


@dataclass(frozen=True, slots=True)
class PendingTurns:
    """A call's turns that wait, in order, and where they stand."""

    turns: tuple[JournaledTurn, ...]
    rows: tuple[JournalRows, ...] = ()
    entries: tuple[Path, ...] = ()
    lost: tuple[Path, ...] = ()  # damaged entries of turns that stand nowhere else


def turns_of(journals: Journals, sid: str) -> PendingTurns:
    """Return a call's turns; an Exception where one is whole and of another release."""
    found = tuple(
        JournalRows(database, max(rows), dict(rows.values()))
        for database, rows in journals.each(partial(_rows, sid=sid))
        if rows
    )
    entries = [
        entry
        for directory in journals.storage_dirs
        for entry in entries_in(directory / CALLS / sid)
    ]
    entries.sort(key=lambda entry: entry.file.name)
    rows = {of: row for each in found for of, row in each.rows.items()}
    whole = _whole(entries, rows)
    turns = [journal.read_turn(row) for row in whole.values()]
    older = _without_entry(rows, entries)
    if older:
        turns += [journal.read_turn(row) for row in older]
        turns.sort(key=lambda turn: (turn.number, turn.moment.real))
    kept = tuple(entry.file for entry in entries if entry.of in whole)
    lost = tuple(entry.file for entry in entries if entry.of not in whole)
    return PendingTurns(tuple(turns), found, kept, lost)


def turn_digest(leg: int, key: str) -> str:
    """Return the word by which entries of this turn are known from those of others."""
    return digest_of(leg, key)


def _whole(entries: Iterable[JournalEntry], rows: dict[str, Content | None]) -> dict[str, Content]:
    """Put what is whole in order; of a turn that was taken twice the later one was answered."""
    whole: dict[str, Content] = {}
    for entry in entries:
        if entry.content is not None:
            whole.pop(entry.of, None)
            whole[entry.of] = entry.content
        elif entry.of not in whole and (row := rows.get(entry.of)) is not None:
            whole[entry.of] = row
    return whole


def _without_entry(rows: dict[str, Content | None], entries: list[JournalEntry]) -> list[Content]:
    """Return what a release without entries has written; damaged words of a row are nothing."""
    if len(rows) <= len(entries):
        return []
    known = {entry.of for entry in entries}
    return [row or {} for of, row in rows.items() if of not in known]


def _rows(connection: Connection, sid: str) -> dict[int, tuple[str, Content | None]]:
    return {number: _row(connection, number) for number in journal.ids_of(connection, sid)}


def _row(connection: Connection, number: int) -> tuple[str, Content | None]:
    of = digest_of(number)
    try:
        of = turn_digest(*journal.tag_of(connection, number))
        row = journal.row_of(connection, number)
        journal.read_turn(row)
    except (OperationalError, ValueError):  # letters that are none, or no JSON
        return of, None
    return of, row
