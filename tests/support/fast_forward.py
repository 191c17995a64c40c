"""A worker whose time a test moves on: its loops wait by this clock, and work takes none of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.database_clock import DatabaseClock
from app.store import Database
from app.worker.loop import Wakeups

PATIENCE = 120.0  # real seconds in which whoever works must be done; a test that hangs fails


@dataclass
class FastForward:
    """Seconds that go on only when every thread of the worker waits."""

    start: datetime
    seconds: float = 0.0
    _waiting: dict[threading.Thread, tuple[float, Callable[[], bool]]] = field(default_factory=dict)
    _others: frozenset[threading.Thread] = field(
        default_factory=lambda: frozenset(threading.enumerate())
    )
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def wait(self, is_woken: Callable[[], bool], seconds: float) -> None:
        """Keep a thread of the worker waiting until it is woken, or so long."""
        this, until = threading.current_thread(), self.seconds + seconds
        with self._changed:
            self._waiting[this] = (until, is_woken)
            self._changed.notify_all()
            self._changed.wait_for(lambda: is_woken() or self.seconds >= until)
            del self._waiting[this]

    def tell(self) -> None:
        """Let those who wait see what has changed."""
        with self._changed:
            self._changed.notify_all()

    def go_on(self) -> None:
        """Move the time on to when the first of them has waited long enough."""
        with self._changed:
            assert self._changed.wait_for(self._do_all_wait, PATIENCE), "somebody works for ever"
            self.seconds = min(until for until, _ in self._waiting.values())
            self._changed.notify_all()

    def _do_all_wait(self) -> bool:
        """Tell whether nobody works, or is about to: only then does no time pass unseen."""
        working = set(threading.enumerate()) - self._others - self._waiting.keys()
        late = (until <= self.seconds or woken() for until, woken in self._waiting.values())
        return bool(self._waiting) and not working and not any(late)


@dataclass(slots=True)
class FastForwardWakeups(Wakeups):
    """Where the threads of one kind of work wait, by that clock."""

    by: FastForward = field(kw_only=True)

    def wake(self, count: int = 1) -> None:
        Wakeups.wake(self, count)
        self.by.tell()

    def stop(self) -> None:
        Wakeups.stop(self)
        self.by.tell()

    def wait(self, seconds: float) -> None:
        self.by.wait(lambda: self.wanted > 0 or self.is_over, seconds)
        self.wanted = max(0, self.wanted - 1)

    def rest(self, seconds: float) -> None:
        self.by.wait(lambda: self.is_over, seconds)


@dataclass(slots=True)
class FastForwardClock(DatabaseClock):
    """What the database tells of the time, by that clock."""

    by: FastForward = field(kw_only=True)

    def now(self) -> datetime:
        return self.by.now

    @property
    def is_compared(self) -> bool:
        return True

    def compare(self, database: Database) -> None:
        pass
