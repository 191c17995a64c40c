"""Drops repeated log lines and counts them."""

import sys
import threading
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from app import clock

QUIET_SECONDS: Final = 300.0  # then it is written once more, with how often it has come
WRITTEN_AT: Final = frozenset({1, *(10**power for power in range(1, 10))})
REMEMBERED: Final = 1000  # different lines
ALWAYS: Final = frozenset({"debug", "info"})

Line = MutableMapping[str, Any]


@dataclass(slots=True)
class _Repeated:
    since: float
    times: int = 0


@dataclass(slots=True)
class RepeatFilter:
    """Drops warnings and errors that were just written; `times` tells how often they came."""

    _said: dict[str, _Repeated] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, _logger: Any, method: str, line: Line) -> Line:
        """Return the line, or drop it."""
        if method in ALWAYS:
            return line
        times = self._count(_words(line), clock.seconds())
        if times is None:
            raise structlog.DropEvent
        if times > 1:
            line["times"] = times
        return line

    def _count(self, words: str, now: float) -> int | None:
        """Return how often this has been said, or None while it need not be said again."""
        with self._lock:
            if len(self._said) >= REMEMBERED:
                self._said = {w: s for w, s in self._said.items() if now - s.since < QUIET_SECONDS}
                if len(self._said) >= REMEMBERED:
                    self._said.clear()
            said = self._said.setdefault(words, _Repeated(now))
            said.times += 1
            if now - said.since >= QUIET_SECONDS:
                self._said[words] = _Repeated(now, 1)
                return said.times
            return said.times if said.times in WRITTEN_AT else None


def _words(line: Line) -> str:
    """Return what makes two lines the same: an error is told by its words, not by its traceback."""
    trouble = line.get("exc_info")
    found = sys.exc_info()[1] if trouble is True else trouble
    return repr({**line, "exc_info": repr(found)})
