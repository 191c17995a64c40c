"""The only place that looks at the clock: everything else is told the time."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)


def wait(pause: float) -> None:
    """Let so many seconds pass."""
    time.sleep(pause)


def seconds() -> float:
    """Return a count of seconds that only ever grows: for measuring, not for telling time."""
    return time.monotonic()
