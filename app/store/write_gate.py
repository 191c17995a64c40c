"""Writers of a SQLite file one after the other, fairly: SQLite itself lets late ones pass.

Its busy handler sleeps in ever longer steps. Threads of a process queue at a lock, processes at
a byte of a file beside the database, which the system lets go of when a process dies.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Final

LOOKS_EVERY: Final = 0.0005  # seconds: a transaction takes some milliseconds


class GateClosed(Exception):
    """Others have written for longer than anybody may wait."""


@dataclass(slots=True)
class WriteGate:
    """The gate of one file in this process.

    Its file is opened once and never closed: closing it would let go of its lock.
    """

    file: str
    _threads: threading.Lock = field(default_factory=threading.Lock)
    _opened: int | None = None

    @contextmanager
    def passed(self, seconds: float) -> Iterator[None]:
        """Wait for our turn, so long; GateClosed where it does not come.

        Where no file can be made, SQLite's own lock has to do.
        """
        until = time.monotonic() + seconds
        if not self._threads.acquire(timeout=seconds):
            raise GateClosed
        try:
            file = self._locked(until)
            try:
                yield
            finally:
                if file is not None:
                    fcntl.lockf(file, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def _locked(self, until: float) -> int | None:
        try:
            file = self._opened = self._opened or self._open()
        except OSError:
            return None
        while True:
            with suppress(BlockingIOError, PermissionError):
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return file
            if time.monotonic() >= until:
                raise GateClosed
            time.sleep(LOOKS_EVERY)

    def _open(self) -> int:
        return os.open(f"{self.file}-gate", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)


@cache
def gate_of(file: str) -> WriteGate:
    """Return the gate of a database's file: one for all who open it in this process."""
    return WriteGate(file)
