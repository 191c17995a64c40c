"""How a worker does something again and again in a thread of its own, and how it is woken."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from app.store import DatabaseUnavailable

AFTER_TROUBLE_SECONDS: Final = 2.0

log = structlog.get_logger()


@dataclass(slots=True)
class Wakeups:
    """Where the threads of one kind of work wait: woken one by one, or all at once to stop."""

    wanted: int = 0  # how many of them are to look for work
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _is_over: bool = False

    def wake(self, count: int = 1) -> None:
        """Let so many of those who wait look for work; one that works looks anyway afterwards."""
        with self._changed:
            self.wanted = count
            self._changed.notify(count)

    def stop(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until woken, and at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: self.wanted > 0 or self._is_over, seconds)
            self.wanted = max(0, self.wanted - 1)

    def rest(self, seconds: float) -> None:
        """Wait so long, whatever comes; not when all is to stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over, seconds)

    @property
    def is_over(self) -> bool:
        """Tell whether all is to stop."""
        return self._is_over


@dataclass(frozen=True, slots=True)
class Loop:
    """Some work of a worker, and when it is done again."""

    name: str
    every: float  # seconds
    work: Callable[[], object]  # what is true of its answer: there may be more to do
    wakeups: Wakeups  # who waits here can be asked to look before that
    rest: float = 0.0  # seconds between two times at the least, however often it is woken
    again: float = 0.0  # seconds until the next time where there may be more to do
    waits_first: bool = False


def run_loop(loop: Loop) -> None:
    """Do the work until it is stopped. Nothing that goes wrong in it ends the loop."""
    if loop.waits_first:
        loop.wakeups.wait(loop.every)
    while not loop.wakeups.is_over:
        pause, rest = loop.every, loop.rest
        try:
            if loop.work():
                pause, rest = 0.0, loop.again
        except DatabaseUnavailable as trouble:
            log.warning("database_away", loop=loop.name, error=str(trouble))
            rest = AFTER_TROUBLE_SECONDS
        except Exception:
            log.exception("loop_broken", loop=loop.name)
            rest = AFTER_TROUBLE_SECONDS
        loop.wakeups.rest(rest)
        loop.wakeups.wait(pause)
