"""The standby as a whole: where a turn is taken while the database is away.

Turns are written to the journal on the own disk, else in the machine's memory. What a
turn is, and how the journal comes into the database, stands in actions.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection

from app.standby import facts, journal, posts
from app.standby.journal import Journaled
from app.standby.one_at_a_time import one_at_a_time
from app.standby.places import NoPlace, found, make
from app.standby.posts import KeptPost
from app.standby.running import Running
from app.store import Database, DatabaseUnavailable

T = TypeVar("T")

log = structlog.get_logger(__name__)

JOURNALS: Final = "journal-*.db"  # of older releases too: they must come into the database
MARKS: Final = "waiting"


class JournalBroken(Exception):
    """A journal that was written cannot be written any more: what stands in it stays."""


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
        return self._in_first(partial(self._take_on, sid=sid, work=work))

    def one_at_a_time(self, sid: str) -> AbstractContextManager[None]:
        """Keep the other turns of this call waiting meanwhile, here and in other processes."""
        return one_at_a_time(self.places, sid)

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
        found = self._each(journal.waiting_calls)
        return tuple(dict.fromkeys(sid for _, calls in found for sid in calls))

    def waiting_since(self) -> datetime | None:
        """Return since when calls have been waiting for the database; None while none does."""
        return min((at for _, at in self._each(journal.waiting_since) if at), default=None)

    def turns_of(self, sid: str) -> Iterator[tuple[Database, tuple[Journaled, ...]]]:
        """Yield a call's journaled turns with the journal that they stand in."""
        found = self._each(partial(journal.turns_of, sid=sid))
        return ((database, turns) for database, turns in found if turns)

    def forget(self, database: Database, sid: str, until: int) -> None:
        """Forget a call's turns up to this one in this journal: they are stored."""
        _write(database, partial(journal.forget, sid=sid, until=until))

    def unmark(self, sid: str) -> None:
        """Let the call's next turn be taken in the database, where nothing of it waits here."""
        if not any(self.turns_of(sid)):
            for place in self.places:
                (place / MARKS / sid).unlink(missing_ok=True)

    def keep_post(self, kind: str, facts: dict[str, object], at: datetime) -> None:
        """Keep a post beside the turns; DatabaseUnavailable where no place takes it."""

        def keep(connection: Connection) -> None:
            journal.set_up(connection)
            posts.keep_post(connection, kind, facts, at)

        self._in_first(lambda place: self._journal(place).write(keep))

    def kept_posts(self) -> Iterator[tuple[Database, tuple[KeptPost, ...]]]:
        """Yield the posts that wait, with the journal that they stand in."""
        return self._each(posts.kept_posts)

    def forget_post(self, database: Database, post: int) -> None:
        """Forget a post that has been taken."""
        _write(database, partial(posts.forget_post, post=post))

    def look(self, question: Callable[[Connection], T]) -> T:
        """Ask the facts something; DatabaseUnavailable where there are none."""

        def ask(place: Path) -> T:
            with self._journal(place).read() as connection:
                return question(connection)

        return self._in_first(ask)

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

    def _in_first(self, do: Callable[[Path], T]) -> T:
        trouble: Exception = NoPlace("no place for a journal")
        for place in self.places:
            try:
                return do(place)
            except (DatabaseUnavailable, OSError) as refused:
                trouble = refused
        raise DatabaseUnavailable(f"neither database nor journal: {trouble}") from trouble

    def _take_on(self, place: Path, sid: str, work: Callable[[Database], T]) -> T:
        database = self._journal(place)
        database.write(partial(self._take_over, sid=sid))
        _mark(place, sid)
        return work(database)

    def _take_over(self, connection: Connection, sid: str) -> None:
        journal.set_up(connection)
        word = self.running.find(sid)
        if word is not None:
            journal.take_over(connection, word)

    def _journal(self, place: Path) -> Database:
        make(place)
        return self._opened(place / journal.name_of_journal())

    def _each(self, question: Callable[[Connection], T]) -> Iterator[tuple[Database, T]]:
        """Ask every journal that has begun; one that cannot be read is logged, for a human."""
        for file in found(self.places, JOURNALS):
            database = self._opened(file)
            try:
                with database.read() as connection:
                    if not journal.is_set_up(connection):
                        continue
                    answer = question(connection)
            except Exception:
                log.warning("journal_unreadable", file=str(file), exc_info=True)
            else:
                yield database, answer

    def _opened(self, file: Path) -> Database:
        with self._opening:
            if file not in self._open:
                self._open[file] = journal.open_journal(file, partial(facts.newest, self.places))
            return self._open[file]


def _write(database: Database, work: Callable[[Connection], None]) -> None:
    """Write in a journal; its trouble must not be taken for the database's."""
    try:
        database.write(work)
    except DatabaseUnavailable as trouble:
        raise JournalBroken(str(trouble)) from trouble


def _mark(place: Path, sid: str) -> None:
    """Leave a sign that this call's turns wait; a journal would have to be opened to see it."""
    make(place / MARKS)
    (place / MARKS / sid).touch()


def open_standby(places: tuple[Path, ...]) -> Standby:
    """Open the standby in these places; nothing is written yet."""
    return Standby(places, Running(places))
