"""One turn of a call at a time on this machine, whichever process takes it and wherever.

The database's own lock orders the turns that are taken there, the journal's those that are
taken here. When one process has found the database again and another one has not, only
this orders both.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from zlib import crc32

from app.offline.storage_dirs import in_first_writable

FILES: Final = 256  # two calls seldom share one; sharing costs them a moment
WAITS: Final = 2.0  # seconds; then it goes on alone: a turn has eight
LOOKS_EVERY: Final = 0.01


@contextmanager
def call_lock(storage_dirs: tuple[Path, ...], sid: str, *, waits: float = WAITS) -> Iterator[None]:
    """Keep other turns of this call waiting; goes on all the same where that cannot be done."""
    lock = None
    with suppress(OSError):
        lock = in_first_writable(
            tuple(directory / "turns" for directory in storage_dirs), lambda at: _open(at, sid)
        )
    try:
        if lock is not None:
            _wait_for(lock, waits)
        yield
    finally:
        if lock is not None:
            os.close(lock)  # and with it goes the lock


def _open(folder: Path, sid: str) -> int:
    return os.open(folder / f"{crc32(sid.encode()) % FILES:02x}", os.O_CREAT | os.O_RDWR, 0o600)


def _wait_for(lock: int, waits: float) -> None:
    for _ in range(round(waits / LOOKS_EVERY)):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(LOOKS_EVERY)
        else:
            return
