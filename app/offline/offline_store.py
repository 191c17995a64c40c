"""The offline store: where a turn is taken while the database is away.

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
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.offline import callbacks, facts, journal
from app.offline.call_lock import call_lock
from app.offline.callbacks import StoredCallback
from app.offline.checkpoints import CallCheckpoint, CallCheckpoints
from app.offline.damage import Damage, clear_damaged, damages, quarantine
from app.offline.entries import (
    CALLBACKS,
    CALLS,
    Content,
    add_entry,
    digest_of,
    entries_in,
    files_in,
)
from app.offline.journals import Journals, is_damage
from app.offline.pending_turns import PendingTurns, turn_digest, turns_of
from app.offline.storage_dirs import NoStorageDir, found
from app.store import Database, DatabaseUnavailable

T = TypeVar("T")
TurnWriter = Callable[..., Any]  # of a call, or of a call-out

log = structlog.get_logger(__name__)

UNFINISHED_LASTS: Final = timedelta(minutes=5)  # its writer was killed


@dataclass(frozen=True, slots=True)
class OfflineStore:
    """The offline files of one installation on this machine; threads and processes use them side
    by side.
    """

    storage_dirs: tuple[Path, ...]
    checkpoints: CallCheckpoints
    journals: Journals

    def take(self, sid: str, work: Callable[[Database, TurnWriter], T]) -> T:
        """Do a turn's work on the journal, in the first directory that takes it.

        DatabaseUnavailable where none does; whatever else the work raises is the turn's own.
        """
        return self._in_first(partial(self._take_on, sid=sid, work=work))

    def call_lock(self, sid: str) -> AbstractContextManager[None]:
        """Keep the other turns of this call waiting meanwhile, here and in other processes."""
        return call_lock(self.storage_dirs, sid)

    def is_waiting(self, sid: str) -> bool:
        """Tell whether turns of this call may wait for the database. Asked on every turn."""
        return any(
            os.access(f"{directory}/{CALLS}/{sid}", os.F_OK) for directory in self.storage_dirs
        )

    def has_journals(self) -> bool:
        """Tell whether there has been an outage on this machine: then something may wait."""
        return (
            self.journals.are_there()
            or any(self._callback_files())
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

    def turns_of(self, sid: str) -> PendingTurns:
        """Return a call's turns that wait, from wherever they can be read."""
        return turns_of(self.journals, sid)

    def delete_turns(self, sid: str, waiting: PendingTurns) -> None:
        """Delete these turns: the database has them. Lost entries are quarantined and noted."""
        for each in waiting.rows:
            self.journals.write(
                each.database, partial(journal.delete_turns, sid=sid, until=each.until)
            )
        for file in waiting.entries:
            file.unlink(missing_ok=True)
        if waiting.lost:
            quarantine(self.storage_dirs, waiting.lost, entries=len(waiting.lost), calls=(sid,))
        self._remove_empty(sid)

    def store_callback(self, kind: str, facts: dict[str, object], at: datetime) -> None:
        """Store a callback; DatabaseUnavailable where no directory takes it."""
        content = callbacks.entry_of(kind, facts, at)
        self._in_first(lambda directory: add_entry(directory / CALLBACKS, digest_of(kind), content))

    def stored_callbacks(self) -> Iterator[StoredCallback]:
        """Yield the callbacks that wait; what cannot be read of them is set aside."""
        for database, rows in self.journals.each(callbacks.stored_callbacks):
            for number, kind, told, at in rows:
                yield StoredCallback(kind, told, at, (database, number))
        for entry in (entry for folder in self._below(CALLBACKS) for entry in entries_in(folder)):
            if entry.content is None:
                quarantine(self.storage_dirs, [entry.file], entries=1)
            else:
                yield callbacks.read_callback(entry.content, entry.file)

    def delete_callback(self, callback: StoredCallback) -> None:
        """Delete a callback that has been taken."""
        match callback.source:
            case Path() as file:
                file.unlink(missing_ok=True)
            case (database, number):
                self.journals.write(database, partial(callbacks.delete_callback, callback=number))

    def query(self, question: Callable[[Connection], T]) -> T:
        """Ask the facts something; DatabaseUnavailable where there are none."""

        def ask(directory: Path) -> T:
            with self.journals.at(directory).read() as connection:
                return question(connection)

        return self._in_first(ask)

    def write_facts(self, database: Database) -> None:
        """Copy what the next outage needs."""
        facts.write_facts(database, self.storage_dirs)

    def facts_written_at(self) -> datetime | None:
        """Return how old what we know is, or None while we know nothing."""
        return facts.written_at(self.storage_dirs)

    def damages(self, since: datetime) -> tuple[Damage, ...]:
        """Return what of the journal was found damaged since an instant."""
        return tuple(damages(self.storage_dirs, since))

    def is_unreadable(self) -> bool:
        """Tell whether a journal is there that cannot be read now."""
        return bool(self.journals.unreadable())

    def clear(self, now: datetime) -> None:
        """Remove what is of no use any more; never what waits."""
        self.checkpoints.clear(now)
        clear_damaged(self.storage_dirs, now)
        too_old = (now - UNFINISHED_LASTS).timestamp()
        for file in (
            *found(self._below(CALLS), "*/*.new"),
            *found(self._below(CALLBACKS), "*.new"),
        ):
            with suppress(OSError):
                if file.stat().st_mtime < too_old:
                    file.unlink()
                    self._remove_empty(file.parent.name)

    def close(self) -> None:
        """Let go of the files."""
        self.journals.close()

    def _in_first(self, do: Callable[[Path], T]) -> T:
        trouble: Exception = NoStorageDir("no directory for a journal")
        for directory in self.storage_dirs:
            try:
                return self._repaired(do, directory)
            except (DatabaseUnavailable, OSError) as refused:
                trouble = refused
        raise DatabaseUnavailable(f"neither database nor journal: {trouble}") from trouble

    def _repaired(self, do: Callable[[Path], T], directory: Path) -> T:
        """Do it there; once more where journal or facts were damaged, and are passed over."""
        try:
            return do(directory)
        except DBAPIError as trouble:
            if not is_damage(trouble):
                raise
        facts.check_again()
        self.journals.repair(directory)
        try:
            return do(directory)
        except DBAPIError as trouble:
            if not is_damage(trouble):
                raise
            raise DatabaseUnavailable(str(trouble)) from trouble

    def _take_on(self, directory: Path, sid: str, work: Callable[[Database, TurnWriter], T]) -> T:
        database = self.journals.at(directory)
        database.write(partial(self._take_over, sid=sid))
        return work(database, partial(journal.write_turn, also=partial(self._add_entry, directory)))

    def _take_over(self, connection: Connection, sid: str) -> None:
        journal.set_up(connection)
        if journal.is_waiting(connection, sid):
            return
        turns = self.turns_of(sid).turns if self.is_waiting(sid) else ()
        checkpoint = self.checkpoints.find(sid)
        if checkpoint is None and turns:
            last = turns[-1]
            checkpoint = CallCheckpoint(last.decision.holder, last.moment.offset)
        if checkpoint is not None:
            journal.take_over(connection, checkpoint, turns)

    def _add_entry(self, directory: Path, row: Content) -> None:
        sid, of = str(row["call_sid"]), turn_digest(int(str(row["leg"])), str(row["key"]))
        others = [each / CALLS / sid for each in self.storage_dirs]
        add_entry(directory / CALLS / sid, of, row, after=others)

    def _below(self, name: str) -> tuple[Path, ...]:
        return tuple(directory / name for directory in self.storage_dirs)

    def _callback_files(self) -> Iterator[Path]:
        return (file for folder in self._below(CALLBACKS) for file in files_in(folder))

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


def open_offline_store(storage_dirs: tuple[Path, ...]) -> OfflineStore:
    """Open the offline store in these directories; nothing is written yet."""
    return OfflineStore(storage_dirs, CallCheckpoints(storage_dirs), Journals(storage_dirs))
