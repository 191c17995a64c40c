"""One turn of a call at a time on this machine, whichever process takes it and wherever.

The database's own lock orders the turns that are taken there, the journal's those that are
taken here. When one process has found the database again and another one has not, only
this orders both.

One byte of one file for each call, locked between processes by the system, which lets go when a
process dies; between the threads of a process by a lock of its own. Two system calls a turn.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final
from zlib import crc32

from app.offline.storage_dirs import in_first_writable

SLOTS: Final = 1024  # two calls seldom share one; sharing costs them a moment
WAITS: Final = 2.0  # seconds; then it goes on alone: a turn has eight
LOOKS_EVERY: Final = 0.01


@dataclass(slots=True)
class _Locks:
    """The locks of one installation on this machine.

    The file is opened once and never closed: closing it would let go of all its locks.
    """

    storage_dirs: tuple[Path, ...]
    threads: tuple[threading.Lock, ...] = field(
        default_factory=lambda: tuple(threading.Lock() for _ in range(SLOTS))
    )
    _file: int | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def lock(self, slot: int, waits: float) -> int | None:
        """Keep other processes waiting; None where no file can be had, or in time no lock."""
        with suppress(OSError):
            file = self._opened()
            for _ in range(max(1, round(waits / LOOKS_EVERY))):
                with suppress(BlockingIOError, PermissionError):
                    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, slot)
                    return file
                time.sleep(LOOKS_EVERY)
        return None

    def _opened(self) -> int:
        with self._opening:
            if self._file is None or os.fstat(self._file).st_nlink == 0:  # somebody removed it
                self._file = in_first_writable(self.storage_dirs, _open)
            return self._file


@contextmanager
def call_lock(storage_dirs: tuple[Path, ...], sid: str, *, waits: float = WAITS) -> Iterator[None]:
    """Keep other turns of this call waiting; goes on all the same where that cannot be done."""
    slot, locks = crc32(sid.encode()) % SLOTS, _locks(storage_dirs)
    if not locks.threads[slot].acquire(timeout=waits):
        yield
        return
    file = None
    try:
        file = locks.lock(slot, waits)
        yield
    finally:
        if file is not None:
            fcntl.lockf(file, fcntl.LOCK_UN, 1, slot)
        locks.threads[slot].release()


@cache
def _locks(storage_dirs: tuple[Path, ...]) -> _Locks:
    return _Locks(storage_dirs)


def _open(folder: Path) -> int:
    return os.open(folder / "call-locks", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
