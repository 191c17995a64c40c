"""The uncovered hours ahead of every desk: calculated once for each version of its documents.

For the overview and the metrics alike. One of a process's threads calculates, the others wait.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.desks.desk import Desk
from app.domain.overview.coverage_ahead import CoverageAhead, coverage_ahead
from app.domain.roster.plan import Roster
from app.store.desks import LiveDesk


@dataclass(frozen=True, slots=True)
class _Known:
    """What was calculated of which documents. They are kept, so that they are still the same."""

    desk: Desk
    roster: Roster | None
    ahead: CoverageAhead


@dataclass(slots=True)
class CoverageCache:
    """What was calculated last of each desk."""

    _known: dict[str, _Known] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, live: Iterable[LiveDesk], now: datetime) -> dict[str, CoverageAhead]:
        """Return the uncovered hours by desk, of those that have a duty."""
        with self._lock:
            found = ((each.desk.id, self._ahead(each, now)) for each in live)
            return {desk: ahead for desk, ahead in found if ahead}

    def _ahead(self, live: LiveDesk, now: datetime) -> CoverageAhead | None:
        known = self._known.get(live.desk.id)
        if known and _is_still_so(known, live, now):
            return known.ahead
        ahead = coverage_ahead(live.desk, live.roster, now)
        if ahead:
            self._known[live.desk.id] = _Known(live.desk, live.roster, ahead)
        return ahead


def _is_still_so(known: _Known, live: LiveDesk, now: datetime) -> bool:
    """Documents are read once per version: the same version is the same object."""
    same = known.desk is live.desk and known.roster is live.roster
    return same and known.ahead.is_of_day(now)
