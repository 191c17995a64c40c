"""The standby as a whole: where a turn is taken while the database is away.

Turns are written to the journal on the own disk, else in the machine's memory. What a
turn is, and how the journal comes into the database, stands in actions.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection

from app.standby import facts, journal
from app.standby.journal import Journaled
from app.standby.places import NoPlace, found, make
from app.standby.running import Running
from app.store import Database, DatabaseUnavailable

T = TypeVar("T")

JOURNALS: Final = "journal-*.db"  # of older releases too: they must come into the database
MARKS: Final = "waiting"


@dataclass(frozen=True, slots=True)
class Standby:
    """The files of one house on this machine; threads and processes use them side by side."""

    places: tuple[Path, ...]
    running: Running
    _open: dict[Path, Database] = field(default_factory=dict)
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def take(self, sid: str, work: Callable[[Database], T]) -> T:
        """Do a turn's work on the journal, in the first place that takes it.

        DatabaseUnavailable where none does; whatever else the work raises is the turn's own.
        """
        trouble: Exception = NoPlace("no place for a journal")
        for place in self.places:
            try:
                database = self._journal(place)
                database.write(partial(self._take_over, sid=sid))
                _mark(place, sid)
                return work(database)
            except (DatabaseUnavailable, OSError) as refused:
                trouble = refused
        raise DatabaseUnavailable(f"neither database nor journal: {trouble}") from trouble

    def is_waiting(self, sid: str) -> bool:
        """Tell whether turns of this call may wait for the database. Asked on every turn."""
        return any((place / MARKS / sid).exists() for place in self.places)

    def ask(self, sid: str, question: Callable[[Database], T]) -> T | None:
        """Ask the journal that has turns of this call; None where none has."""
        for place in self.places:
            if (place / MARKS / sid).exists():
                return question(self._journal(place))
        return None

    def has_journals(self) -> bool:
        """Tell whether there has been an outage on this machine: then something may wait."""
        return any(found(self.places, JOURNALS))

    def waiting_calls(self) -> tuple[str, ...]:
        """Return the calls whose turns wait for the database."""
        calls: dict[str, None] = {}
        for _, database in self._journals():
            with database.read() as connection:
                calls |= dict.fromkeys(journal.waiting_calls(connection))
        return tuple(calls)

    def turns_of(self, sid: str) -> Iterator[tuple[Database, tuple[Journaled, ...]]]:
        """Yield a call's journaled turns with the journal that they stand in."""
        for _, database in self._journals():
            with database.read() as connection:
                turns = journal.turns_of(connection, sid)
            if turns:
                yield database, turns

    def forget(self, database: Database, sid: str, until: int) -> None:
        """Forget a call's turns up to this one in this journal: they are stored."""
        database.write(partial(journal.forget, sid=sid, until=until))

    def unmark(self, sid: str) -> None:
        """Let the call's next turn be taken in the database, where nothing of it waits here."""
        if not any(self.turns_of(sid)):
            for place in self.places:
                (place / MARKS / sid).unlink(missing_ok=True)

    def write_facts(self, database: Database) -> None:
        """Copy what the next outage needs."""
        facts.write_facts(database, self.places)

    def facts_written_at(self) -> datetime | None:
        """Return how old what we know is, or None while we know nothing."""
        return facts.written_at(self.places)

    def close(self) -> None:
        """Let go of the files."""
        for database in self._open.values():
            database.close()

    def _take_over(self, connection: Connection, sid: str) -> None:
        journal.set_up(connection)
        word = self.running.find(sid)
        if word is not None:
            journal.take_over(connection, word)

    def _journal(self, place: Path) -> Database:
        make(place)
        return self._opened(place / journal.name_of_journal())

    def _journals(self) -> Iterator[tuple[Path, Database]]:
        for file in found(self.places, JOURNALS):
            yield file, self._opened(file)

    def _opened(self, file: Path) -> Database:
        with self._opening:
            if file not in self._open:
                self._open[file] = journal.open_journal(file, partial(facts.newest, self.places))
            return self._open[file]


def _mark(place: Path, sid: str) -> None:
    """Leave a sign that this call's turns wait; a journal would have to be opened to see it."""
    make(place / MARKS)
    (place / MARKS / sid).touch()


def open_standby(places: tuple[Path, ...]) -> Standby:
    """Open the standby in these places; nothing is written yet."""
    return Standby(places, Running(places))
