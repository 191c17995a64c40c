"""The standby as a whole: where a turn is taken while the database is away.

Turns are written to the journal on the own disk, else in the machine's memory. What a
turn is, and how the journal comes into the database, stands in actions.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.domain.decision import Decision
from app.standby import facts, journal, posts
from app.standby.damage import Damage, clear_damaged, damages, set_aside
from app.standby.entries import CALLS, POSTS, Content, add_entry, entries_in, files_in, word_for
from app.standby.journals import Journals, is_damage
from app.standby.one_at_a_time import one_at_a_time
from app.standby.places import NoPlace, found
from app.standby.posts import KeptPost
from app.standby.running import Running, Word
from app.standby.waiting import Waiting, of_turn, turns_of
from app.store import Database, DatabaseUnavailable

T = TypeVar("T")
Keep = Callable[..., Decision]

log = structlog.get_logger(__name__)

UNFINISHED_LASTS: Final = timedelta(minutes=5)  # its writer was killed


@dataclass(frozen=True, slots=True)
class Standby:
    """The files of one house on this machine; threads and processes use them side by side."""

    places: tuple[Path, ...]
    running: Running
    journals: Journals

    def take(self, sid: str, work: Callable[[Database, Keep], T]) -> T:
        """Do a turn's work on the journal, in the first place that takes it.

        DatabaseUnavailable where none does; whatever else the work raises is the turn's own.
        """
        return self._in_first(partial(self._take_on, sid=sid, work=work))

    def one_at_a_time(self, sid: str) -> AbstractContextManager[None]:
        """Keep the other turns of this call waiting meanwhile, here and in other processes."""
        return one_at_a_time(self.places, sid)

    def is_waiting(self, sid: str) -> bool:
        """Tell whether turns of this call may wait for the database. Asked on every turn."""
        return any(os.path.isdir(f"{place}/{CALLS}/{sid}") for place in self.places)

    def has_journals(self) -> bool:
        """Tell whether there has been an outage on this machine: then something may wait."""
        return (
            self.journals.are_there()
            or any(self._files_of_posts())
            or any(found(self._below(CALLS), "*"))
        )

    def waiting_calls(self) -> tuple[str, ...]:
        """Return the calls whose turns wait for the database, in the order in which they began."""
        rows = self.journals.each(journal.waiting_calls)
        in_journals = [sid for _, calls in rows for sid in calls]
        return tuple(dict.fromkeys([*in_journals, *(sid for _, sid in self._with_entries())]))

    def waiting_since(self) -> datetime | None:
        """Return since when calls have been waiting for the database; None while none does."""
        in_journals = [at for _, at in self.journals.each(journal.waiting_since) if at]
        in_entries = [datetime.fromtimestamp(at, UTC) for at, _ in self._with_entries()]
        return min((*in_journals, *in_entries), default=None)

    def turns_of(self, sid: str) -> Waiting:
        """Return a call's turns that wait, from wherever they can be read."""
        return turns_of(self.journals, sid)

    def forget(self, sid: str, waiting: Waiting) -> None:
        """Forget these turns: they are stored. What is lost is set aside, and noted."""
        for each in waiting.rows:
            self.journals.write(each.database, partial(journal.forget, sid=sid, until=each.until))
        for file in waiting.entries:
            file.unlink(missing_ok=True)
        if waiting.lost:
            set_aside(self.places, waiting.lost, entries=len(waiting.lost), calls=(sid,))
        self._remove_empty(sid)

    def keep_post(self, kind: str, facts: dict[str, object], at: datetime) -> None:
        """Keep a post beside the turns; DatabaseUnavailable where no place takes it."""
        content = posts.entry_of(kind, facts, at)
        self._in_first(lambda place: add_entry(place / POSTS, word_for(kind), content))

    def kept_posts(self) -> Iterator[KeptPost]:
        """Yield the posts that wait; what cannot be read of them is set aside."""
        for database, rows in self.journals.each(posts.kept_posts):
            for number, kind, told, at in rows:
                yield KeptPost(kind, told, at, (database, number))
        for entry in (entry for folder in self._below(POSTS) for entry in entries_in(folder)):
            if entry.content is None:
                set_aside(self.places, [entry.file], entries=1)
            else:
                yield posts.read_post(entry.content, entry.file)

    def forget_post(self, post: KeptPost) -> None:
        """Forget a post that has been taken."""
        match post.source:
            case Path() as file:
                file.unlink(missing_ok=True)
            case (database, number):
                self.journals.write(database, partial(posts.forget_post, post=number))

    def look(self, question: Callable[[Connection], T]) -> T:
        """Ask the facts something; DatabaseUnavailable where there are none."""

        def ask(place: Path) -> T:
            with self.journals.at(place).read() as connection:
                return question(connection)

        return self._in_first(ask)

    def write_facts(self, database: Database) -> None:
        """Copy what the next outage needs."""
        facts.write_facts(database, self.places)

    def facts_written_at(self) -> datetime | None:
        """Return how old what we know is, or None while we know nothing."""
        return facts.written_at(self.places)

    def damages(self, since: datetime) -> tuple[Damage, ...]:
        """Return what of the journal was found damaged since an instant."""
        return tuple(damages(self.places, since))

    def is_unreadable(self) -> bool:
        """Tell whether a journal is there that cannot be read now."""
        return bool(self.journals.unreadable())

    def clear(self, now: datetime) -> None:
        """Remove what is of no use any more; never what waits."""
        self.running.clear(now)
        clear_damaged(self.places, now)
        too_old = (now - UNFINISHED_LASTS).timestamp()
        for file in (*found(self._below(CALLS), "*/*.new"), *found(self._below(POSTS), "*.new")):
            with suppress(OSError):
                if file.stat().st_mtime < too_old:
                    file.unlink()
                    self._remove_empty(file.parent.name)

    def close(self) -> None:
        """Let go of the files."""
        self.journals.close()

    def _in_first(self, do: Callable[[Path], T]) -> T:
        trouble: Exception = NoPlace("no place for a journal")
        for place in self.places:
            try:
                return self._repaired(do, place)
            except (DatabaseUnavailable, OSError) as refused:
                trouble = refused
        raise DatabaseUnavailable(f"neither database nor journal: {trouble}") from trouble

    def _repaired(self, do: Callable[[Path], T], place: Path) -> T:
        """Do it there; once more where journal or facts were damaged, and are passed over."""
        try:
            return do(place)
        except DBAPIError as trouble:
            if not is_damage(trouble):
                raise
        facts.check_again()
        self.journals.repair(place)
        try:
            return do(place)
        except DBAPIError as trouble:
            if not is_damage(trouble):
                raise
            raise DatabaseUnavailable(str(trouble)) from trouble

    def _take_on(self, place: Path, sid: str, work: Callable[[Database, Keep], T]) -> T:
        database = self.journals.at(place)
        database.write(partial(self._take_over, sid=sid))
        return work(database, partial(journal.keep, also=partial(self._add_entry, place)))

    def _take_over(self, connection: Connection, sid: str) -> None:
        journal.set_up(connection)
        if journal.is_waiting(connection, sid):
            return
        turns = self.turns_of(sid).turns if self.is_waiting(sid) else ()
        word = self.running.find(sid)
        if word is None and turns:
            last = turns[-1]
            word = Word(last.decision.call, last.moment.offset)
        if word is not None:
            journal.take_over(connection, word, turns)

    def _add_entry(self, place: Path, row: Content) -> None:
        sid, of = str(row["call_sid"]), of_turn(int(str(row["leg"])), str(row["key"]))
        others = [each / CALLS / sid for each in self.places]
        add_entry(place / CALLS / sid, of, row, after=others)

    def _below(self, name: str) -> tuple[Path, ...]:
        return tuple(place / name for place in self.places)

    def _files_of_posts(self) -> Iterator[Path]:
        return (file for folder in self._below(POSTS) for file in files_in(folder))

    def _with_entries(self) -> list[tuple[float, str]]:
        """List the calls that have entries, with when the first of them was written."""
        calls = []
        for folder in found(self._below(CALLS), "*"):
            with suppress(FileNotFoundError, ValueError):  # it is brought in just now
                calls.append((min(_changed_at(file) for file in files_in(folder)), folder.name))
        return sorted(calls)

    def _remove_empty(self, sid: str) -> None:
        for folder in self._below(CALLS):
            with suppress(OSError):  # not empty: another turn has come
                (folder / sid).rmdir()


def _changed_at(file: Path) -> float:
    return file.stat().st_mtime


def open_standby(places: tuple[Path, ...]) -> Standby:
    """Open the standby in these places; nothing is written yet."""
    return Standby(places, Running(places), Journals(places))
