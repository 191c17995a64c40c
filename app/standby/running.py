"""The calls on their way, each as a small file: so that they go on when the database vanishes.

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
from typing import Final

from app.domain.call import Call
from app.domain.decision import Script
from app.standby.places import found, in_first
from app.store.codec import read_call, read_script, write_call, write_script

STALE: Final = timedelta(hours=6)  # the network ends a talk after four
# The last word after a turn of the caller, and after what happened at the other end.
BY_CALLER, BY_OTHERS = "caller", "others"


@dataclass(frozen=True, slots=True)
class Word:
    """How far a call has come; `said` is what its caller heard on the turn it is at."""

    call: Call
    offset: timedelta
    said: Script | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """The files of all calls on their way."""

    places: tuple[Path, ...]

    def leave(self, word: Word) -> None:
        """Leave word of a call for whoever takes its next turn; one that has ended has none.

        Never fails: a call that cannot leave word goes on all the same.
        """
        with suppress(OSError):
            if word.call.has_ended:
                self._remove(word.call.sid)
                return
            content = {"call": write_call(word.call), "offset": word.offset.total_seconds()}
            if word.said is not None:
                content["script"] = write_script(word.said)
            self._write(word.call.sid, BY_OTHERS if word.said is None else BY_CALLER, content)

    def find(self, sid: str) -> Word | None:
        """Return the last word of a call, or None; a torn one is none."""
        with suppress(ValueError, KeyError, TypeError):
            return self._find(sid)
        return None

    def clear(self, now: datetime) -> None:
        """Remove the files of calls whose end was never told."""
        too_old = (now - STALE).timestamp()
        for file in found(self._folders, "*"):
            with suppress(OSError):
                if file.stat().st_mtime < too_old:
                    file.unlink()

    @property
    def _folders(self) -> tuple[Path, ...]:
        return tuple(place / "running" for place in self.places)

    def _find(self, sid: str) -> Word | None:
        words = [self._read(sid, what) for what in (BY_OTHERS, BY_CALLER)]
        known = [word for word in words if word is not None]
        if not known:
            return None
        newest = max(known, key=lambda word: word[0])[1]
        call, said = read_call(str(newest["call"])), words[1]
        offset = timedelta(seconds=float(str(newest["offset"])))
        if said is None or read_call(str(said[1]["call"])).turn != call.turn:
            return Word(call, offset)
        return Word(call, offset, read_script(str(said[1]["script"])))

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

        in_first(self._folders, write)

    def _read(self, sid: str, what: str) -> tuple[int, dict[str, object]] | None:
        """Return when it was written, and what; the newest of all places."""
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
