"""Checkpoints of calls in progress, one small file each: calls go on when the database vanishes.

Written after every turn and not forced to the disk; lost ones cost a caller the lifeline,
never a ticket. Removed when the call ends.

A file's name is a plain string here and never a Path: pathlib interns each part of every path, and
Python 3.12 keeps interned strings for ever. Ten turns a second cost half a megabyte a minute.
"""

import json
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.calls.call import LONGEST_CALL, Call
from app.domain.calls.instructions import Instruction
from app.offline.storage_dirs import found, in_first_writable
from app.store.codec import read_call, read_instruction, write_call, write_instruction

# The last checkpoint after a turn of the caller, and after an event at a callee.
BY_CALLER, BY_OTHERS = "caller", "others"


@dataclass(frozen=True, slots=True)
class CallCheckpoint:
    """How far a call has come; `said` is what its caller heard on the turn it is at."""

    call: Call
    offset: timedelta
    said: Instruction | None = None


@dataclass(frozen=True, slots=True)
class CallCheckpoints:
    """The files of all calls on their way."""

    storage_dirs: tuple[Path, ...]

    def save(self, checkpoint: CallCheckpoint) -> None:
        """Save a call's checkpoint for its next turn; remove it when the call has ended.

        Never fails: a call whose checkpoint cannot be saved goes on all the same.
        """
        with suppress(OSError):
            if checkpoint.call.has_ended:
                self._remove(checkpoint.call.sid)
                return
            content = {
                "call": write_call(checkpoint.call),
                "offset": checkpoint.offset.total_seconds(),
            }
            if checkpoint.said is not None:
                content["instruction"] = write_instruction(checkpoint.said)
            self._write(
                checkpoint.call.sid, BY_OTHERS if checkpoint.said is None else BY_CALLER, content
            )

    def find(self, sid: str) -> CallCheckpoint | None:
        """Return the last checkpoint of a call; None without one, or where it is torn."""
        with suppress(ValueError, KeyError, TypeError):
            return self._find(sid)
        return None

    def clear(self, now: datetime) -> None:
        """Remove the files of calls whose end was never told."""
        too_old = (now - LONGEST_CALL).timestamp()
        for file in found(self._folders, "*"):
            with suppress(OSError):
                if file.stat().st_mtime < too_old:
                    file.unlink()

    @property
    def _folders(self) -> tuple[Path, ...]:
        return tuple(directory / "checkpoints" for directory in self.storage_dirs)

    def _find(self, sid: str) -> CallCheckpoint | None:
        checkpoints = [self._read(sid, what) for what in (BY_OTHERS, BY_CALLER)]
        known = [checkpoint for checkpoint in checkpoints if checkpoint is not None]
        if not known:
            return None
        newest = max(known, key=lambda checkpoint: checkpoint[0])[1]
        call, said = read_call(str(newest["call"])), checkpoints[1]
        offset = timedelta(seconds=float(str(newest["offset"])))
        if said is None or read_call(str(said[1]["call"])).turn != call.turn:
            return CallCheckpoint(call, offset)
        return CallCheckpoint(call, offset, read_instruction(str(said[1]["instruction"])))

    def _write(self, sid: str, what: str, content: dict[str, object]) -> None:
        text = json.dumps(content, ensure_ascii=False)

        def write(folder: Path) -> None:
            file = _file(folder, sid, what)
            new = f"{file}.{os.getpid()}-{threading.get_ident()}.new"
            try:
                with open(new, "w", encoding="utf-8") as opened:
                    opened.write(text)
                os.replace(new, file)
            except OSError:
                _unlink(new)
                raise

        in_first_writable(self._folders, write)

    def _read(self, sid: str, what: str) -> tuple[int, dict[str, object]] | None:
        """Return when it was written, and what; the newest of all directories."""
        files = [_file(folder, sid, what) for folder in self._folders]
        for changed_at, file in sorted(((_changed_at(file), file) for file in files), reverse=True):
            with suppress(OSError, ValueError), open(file, encoding="utf-8") as opened:
                content = json.load(opened)
                return (changed_at, content) if isinstance(content, dict) else None
        return None

    def _remove(self, sid: str) -> None:
        for folder in self._folders:
            for what in (BY_OTHERS, BY_CALLER):
                _unlink(_file(folder, sid, what))


def _file(folder: Path, sid: str, what: str) -> str:
    return f"{folder}{os.sep}{sid}.{what}"


def _unlink(file: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(file)


def _changed_at(file: str) -> int:
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return 0
