"""Writes what must not be lost although the database is busy for a moment."""

import time
from collections.abc import Callable
from typing import Final

from app.store.database import DatabaseUnavailable

SECONDS: Final = 30.0  # half the lease of a job: afterwards somebody else would do it again
PAUSE: Final = 0.5


def write_with_retry(write: Callable[[], object], seconds: float = SECONDS) -> None:
    """Try until it is stored; DatabaseUnavailable when the database stays away for longer."""
    give_up = time.monotonic() + seconds
    while True:
        try:
            write()
        except DatabaseUnavailable:
            if time.monotonic() > give_up:
                raise
            time.sleep(PAUSE)
        else:
            return
