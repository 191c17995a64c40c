"""The journals' databases in all directories: how they are opened and asked; damaged ones set
aside.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from sqlite3 import SQLITE_CORRUPT, SQLITE_NOTADB
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.offline import facts, journal
from app.offline.damage import quarantine
from app.offline.storage_dirs import found, make_private
from app.store import Database, DatabaseUnavailable

T = TypeVar("T")

log = structlog.get_logger(__name__)

JOURNALS: Final = "journal-*.db"  # of older releases too: they must come into the database
MARKS: Final = "waiting"  # a file for each call that waits, of releases without entries
DAMAGED: Final = frozenset({SQLITE_CORRUPT, SQLITE_NOTADB})


class JournalBroken(Exception):
    """A journal that was written cannot be written any more: what stands in it stays."""


@dataclass(frozen=True, slots=True)
class Journals:
    """The databases of all directories; threads and processes use them side by side."""

    storage_dirs: tuple[Path, ...]
    _open: dict[tuple[Path, bool], Database] = field(default_factory=dict)
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def at(self, directory: Path) -> Database:
        """Return the journal of this directory, with the facts beside it: turns are taken on it."""
        make_private(directory)
        return self._opened(directory / journal.name_of_journal(), knows_facts=True)

    def are_there(self) -> bool:
        """Tell whether there has been an outage on this machine."""
        return any(found(self.storage_dirs, JOURNALS))

    def each(self, question: Callable[[Connection], T]) -> Iterator[tuple[Database, T]]:
        """Ask every journal that has begun, without the facts: they may be damaged.

        One that is damaged is set aside; one that cannot be read now is logged.
        """
        for file in found(self.storage_dirs, JOURNALS):
            database = self._opened(file, knows_facts=False)
            try:
                with database.read() as connection:
                    if not journal.is_set_up(connection):
                        continue
                    answer = question(connection)
            except Exception as trouble:
                log.warning("journal_unreadable", file=str(file), error=str(trouble))
                if is_damage(trouble):
                    self._set_aside(file)
            else:
                yield database, answer

    def unreadable(self) -> tuple[Path, ...]:
        """Return the journals that cannot be read now."""
        files = found(self.storage_dirs, JOURNALS)
        return tuple(file for file in files if not self._answers(file, _begins))

    def repair(self, directory: Path) -> None:
        """Set the journal of this directory aside if it is damaged."""
        file = directory / journal.name_of_journal()
        if file.exists() and not self._answers(file, _is_whole):
            self._set_aside(file)

    def write(self, database: Database, work: Callable[[Connection], None]) -> None:
        """Write in a journal; its trouble must not be taken for the database's.

        One that is damaged is set aside: what stands in its entries stays.
        """
        try:
            database.write(work)
        except (DatabaseUnavailable, DBAPIError) as trouble:
            if not is_damage(trouble):
                raise JournalBroken(str(trouble)) from trouble
            [file] = {file for (file, _), opened in self._open.items() if opened is database}
            self._set_aside(file)

    def close(self) -> None:
        """Let go of the files."""
        for database in self._open.values():
            database.close()

    def _answers(self, file: Path, question: Callable[[Connection], bool]) -> bool:
        try:
            with self._opened(file, knows_facts=False).read() as connection:
                return question(connection)
        except Exception:
            return False

    def _set_aside(self, file: Path) -> None:
        """Move a damaged journal away; its entries stand beside it."""
        marks = [*found((file.parent / MARKS,), "*")]
        try:
            calls = tuple(mark.name for mark in marks)
            quarantine(self.storage_dirs, [file], entries=len(calls), calls=calls)
        except OSError as trouble:
            log.warning("journal_not_set_aside", file=str(file), error=str(trouble))
            return
        for mark in marks:
            mark.unlink(missing_ok=True)

    def _opened(self, file: Path, *, knows_facts: bool) -> Database:
        with self._opening:
            if (file, knows_facts) not in self._open:
                facts_file = partial(facts.newest, self.storage_dirs) if knows_facts else _none
                self._open[file, knows_facts] = journal.open_journal(file, facts_file)
            return self._open[file, knows_facts]


def is_damage(trouble: BaseException) -> bool:
    """Tell whether a file is no database any more, or not a whole one."""
    if not isinstance(trouble, DBAPIError):
        return False
    code = getattr(trouble.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in DAMAGED


def _is_whole(connection: Connection) -> bool:
    return connection.execute(text("PRAGMA main.quick_check(1)")).scalar() == "ok"


def _begins(connection: Connection) -> bool:
    """Read the first turn that waits; all of them would take long."""
    if journal.is_set_up(connection):
        journal.waiting_since(connection)
    return True


def _none() -> None:
    return None
