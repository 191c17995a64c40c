"""What of the journal cannot be read: set aside once, with a note of when and how much was lost."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Final

import structlog

from app.offline.storage_dirs import found, in_first_writable, make_private

FOLDER: Final = "damaged"
NOTE: Final = ".note"
QUARANTINE_FOR: Final = timedelta(
    days=30
)  # long enough to be looked at; callers' numbers stand in it

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Damage:
    """What was found damaged at once. `since` is when the first of it was written."""

    found_at: datetime
    since: datetime
    entries: int  # that are lost: they stand nowhere else
    calls: tuple[str, ...] = ()  # of which they were, where that is known


def quarantine(
    storage_dirs: tuple[Path, ...],
    files: Iterable[Path],
    *,
    entries: int,
    calls: tuple[str, ...] = (),
) -> None:
    """Move damaged files away, with a note; nothing where another process has done it.

    OSError where they cannot be moved.
    """
    moved = [
        at
        for file in files
        for directory in storage_dirs
        if file.is_relative_to(directory) and (at := _move(directory, file)) is not None
    ]
    if not moved:
        return
    since = min(moved).isoformat()
    note = json.dumps({"since": since, "entries": entries, "calls": calls})
    name = f"{token_hex(8)}{NOTE}"
    in_first_writable(_folders(storage_dirs), lambda folder: (folder / name).write_text(note))
    log.error("journal_damaged", since=since, lost=entries, call_sids=list(calls), note=name)


def damages(storage_dirs: tuple[Path, ...], since: datetime) -> Iterator[Damage]:
    """Yield what was found damaged since an instant, and was not moved away by hand."""
    for file in found(_folders(storage_dirs), f"*{NOTE}"):
        damage = _read(file)
        if damage is not None and damage.found_at >= since:
            yield damage


def clear_damaged(storage_dirs: tuple[Path, ...], now: datetime) -> None:
    """Remove what was set aside long ago."""
    too_old = (now - QUARANTINE_FOR).timestamp()
    for file in found(_folders(storage_dirs), "*"):
        with suppress(OSError):
            if file.stat().st_mtime < too_old:
                file.unlink()


def _folders(storage_dirs: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(directory / FOLDER for directory in storage_dirs)


def _move(directory: Path, file: Path) -> datetime | None:
    """Move a file, with what belongs to it; return when it was written, or None if it is gone."""
    make_private(directory / FOLDER)
    name = f"{token_hex(4)}-{file.parent.name}-{file.name}"
    try:
        written_at = _changed_at(file)
        file.rename(directory / FOLDER / name)
    except FileNotFoundError:
        return None
    for part in ("", "-wal", "-shm"):  # of a database's file
        with suppress(OSError):
            if part:
                file.with_name(file.name + part).rename(directory / FOLDER / (name + part))
            os.utime(directory / FOLDER / (name + part))  # from now on it is kept for a while
    return written_at


def _read(file: Path) -> Damage | None:
    try:
        found_at = _changed_at(file)
        note = json.loads(file.read_text(encoding="utf-8"))
        since, calls = datetime.fromisoformat(note["since"]), tuple(note["calls"])
        return Damage(found_at, since, int(note["entries"]), calls)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):  # the disk is no better here
        return Damage(found_at, found_at, 1)


def _changed_at(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
