"""Checkpoints of calls in progress, one small file each: calls go on when the database vanishes.

Written after every turn and not forced to the disk; lost ones cost a caller the lifeline,
never a ticket. A file is written over in place, and its length and checksum tell what is whole.
Removed when the call ends.

A file's name is a plain string here and never a Path: pathlib interns each part of every path, and
Python 3.12 keeps interned strings for ever. Ten turns a second cost half a megabyte a minute.
"""

import os
import struct
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zlib import crc32

from app.domain.callouts.call_out import CallOut
from app.domain.calls.call import LONGEST_CALL, Call
from app.domain.hunts.instructions import Instruction
from app.offline.storage_dirs import found, make_private
from app.store.codec import read_instruction, read_state, write_instruction, write_state

# The last checkpoint after a turn of the caller, and after an event at a callee.
BY_CALLER, BY_OTHERS = "caller", "others"
HEAD: Final = struct.Struct("<II")  # length and checksum of what follows
Content = list[str]  # the offset in seconds, the call, and what was said: JSON without line ends


@dataclass(frozen=True, slots=True)
class CallCheckpoint:
    """How far a call, or a call-out, has come; `said` is what the caller heard on its turn."""

    held: Call | CallOut
    offset: timedelta
    said: Instruction | None = None

    @property
    def turn(self) -> int:
        """Return the caller's turn that it is at; a call-out has none."""
        return self.held.turn if isinstance(self.held, Call) else 0


@dataclass(frozen=True, slots=True)
class CallCheckpoints:
    """The files of all calls on their way."""

    storage_dirs: tuple[Path, ...]
    _folders_made: set[str] = field(default_factory=set, compare=False)

    def save(self, checkpoint: CallCheckpoint) -> None:
        """Save a call's checkpoint for its next turn; remove it when the call has ended.

        Never fails: a call whose checkpoint cannot be saved goes on all the same.
        """
        with suppress(OSError):
            if checkpoint.held.has_ended:
                self._remove(checkpoint.held.sid)
                return
            said = "" if checkpoint.said is None else write_instruction(checkpoint.said)
            content = [str(checkpoint.offset.total_seconds()), write_state(checkpoint.held), said]
            self._write(checkpoint.held.sid, BY_CALLER if said else BY_OTHERS, content)

    def find(self, sid: str) -> CallCheckpoint | None:
        """Return the last checkpoint of a call; None without one, or where it is torn."""
        with suppress(ValueError, KeyError, TypeError, IndexError):
            return self._find(sid)
        return None

    def clear(self, now: datetime) -> None:
        """Remove the files of calls whose end was never told."""
        too_old = (now - LONGEST_CALL).timestamp()
        for file in found(tuple(map(Path, self._folders)), "*"):
            with suppress(OSError):
                if file.stat().st_mtime < too_old:
                    file.unlink()

    @property
    def _folders(self) -> tuple[str, ...]:
        return tuple(f"{directory}{os.sep}checkpoints" for directory in self.storage_dirs)

    def _find(self, sid: str) -> CallCheckpoint | None:
        checkpoints = [self._read(sid, what) for what in (BY_OTHERS, BY_CALLER)]
        known = [checkpoint for checkpoint in checkpoints if checkpoint is not None]
        if not known:
            return None
        offset, text, _ = max(known, key=lambda checkpoint: checkpoint[0])[1]
        found = CallCheckpoint(read_state(sid, text), timedelta(seconds=float(offset)))
        said = checkpoints[1]
        if said is None:
            return found
        before = CallCheckpoint(read_state(sid, said[1][1]), found.offset)
        if before.turn != found.turn:
            return found
        return replace(found, said=read_instruction(said[1][2]))

    def _write(self, sid: str, what: str, content: Content) -> None:
        text = "\n".join(content).encode()
        whole = HEAD.pack(len(text), crc32(text)) + text
        for folder in self._folders:
            with suppress(OSError):
                self._write_in(folder, f"{sid}.{what}", whole)
                return

    def _write_in(self, folder: str, name: str, whole: bytes) -> None:
        """Write there; the folder is looked at once, and again where it has been taken away."""
        if folder in self._folders_made:
            with suppress(FileNotFoundError):
                return _overwrite(f"{folder}{os.sep}{name}", whole)
        make_private(Path(folder))
        self._folders_made.add(folder)
        return _overwrite(f"{folder}{os.sep}{name}", whole)

    def _read(self, sid: str, what: str) -> tuple[int, Content] | None:
        """Return when it was written, and what; the newest of all directories."""
        files = [_file(folder, sid, what) for folder in self._folders]
        for changed_at, file in sorted(((_changed_at(file), file) for file in files), reverse=True):
            with suppress(OSError, ValueError, struct.error):
                return changed_at, _whole(file)
        return None

    def _remove(self, sid: str) -> None:
        for folder in self._folders:
            for what in (BY_OTHERS, BY_CALLER):
                _unlink(_file(folder, sid, what))


def _file(folder: str, sid: str, what: str) -> str:
    return f"{folder}{os.sep}{sid}.{what}"


def _overwrite(file: str, whole: bytes) -> None:
    """Write in one step: whoever is killed meanwhile leaves the old word, the new one, or none."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, whole)
    finally:
        os.close(handle)


def _whole(file: str) -> Content:
    with open(file, "rb") as opened:
        head, text = opened.read(HEAD.size), opened.read()
    length, checksum = HEAD.unpack(head)
    if crc32(text[:length]) != checksum:
        raise ValueError(f"{file} is torn")
    return text[:length].decode().split("\n")


def _unlink(file: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(file)


def _changed_at(file: str) -> int:
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return 0
