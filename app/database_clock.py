"""What time it is by the database's clock, whatever this machine's own clock says.

When a job is due, and how old it is, is decided by one clock for all machines: the database's.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from app import clock
from app.domain.time.clock_skew import is_wrong
from app.store import Database
from app.store.database_server import server_time

log = structlog.get_logger(__name__)

NO_SKEW: Final = timedelta(0)
LONGEST_ANSWER: Final = (
    1.0  # seconds; what took longer tells the time too roughly, if we know it already
)


@dataclass(frozen=True, slots=True)
class _Compared:
    there: datetime
    seconds: float  # of our own count, at the same moment
    clock_skew: timedelta  # our own clock before the database's


@dataclass(slots=True)
class DatabaseClock:
    """Compared now and then, and counted on in between; our own clock until it was compared."""

    own: Callable[[], datetime] = clock.now
    _last: _Compared | None = None
    _comparing: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        last = self._last
        if last is None:
            return self.own()
        return last.there + timedelta(seconds=clock.seconds() - last.seconds)

    @property
    def is_compared(self) -> bool:
        """Tell whether the database has ever told us its time."""
        return self._last is not None

    @property
    def clock_skew(self) -> timedelta:
        """Return how far our own clock is ahead of the database's; negative when it is behind."""
        return self._last.clock_skew if self._last else NO_SKEW

    def compare(self, database: Database) -> None:
        """Ask the database what time it is; DatabaseUnavailable when it is away."""
        with self._comparing, database.read() as connection:
            server_time(connection)  # what a new connection costs is not counted
            asked = clock.seconds()
            there, ours = server_time(connection), self.own()
            took = clock.seconds() - asked
            if took > LONGEST_ANSWER and self._last is not None:
                return
            self._last = _Compared(
                there, asked + took / 2, ours - there - timedelta(seconds=took / 2)
            )
        if is_wrong(self.clock_skew):
            log.warning("clock_wrong", clock_skew_seconds=round(self.clock_skew.total_seconds()))
