"""The hours of duty ahead that nobody covers, for the metrics: calculated now and then."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.domain.roster.coverage import uncovered
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.desks import LiveDesk, list_desks

FORECAST: Final = timedelta(days=14)
LASTS: Final = timedelta(minutes=10)  # it changes with an import, and slowly with time
HOUR: Final = timedelta(hours=1)


@dataclass(slots=True)
class CoverageForecast:
    """What was calculated last, and when: one of a process's threads does it for all."""

    _hours: dict[str, float] = field(default_factory=dict)
    _at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hours(self, database: Database, now: datetime) -> dict[str, float]:
        """Return the uncovered hours of duty in the next 14 days, by desk with a duty."""
        with self._lock:
            if self._at is None or not timedelta(0) <= now - self._at < LASTS:
                with database.read() as connection:
                    live = list_desks(connection)
                self._hours = {each.desk.id: hours_of(each, now) for each in live if each.desk.duty}
                self._at = now
            return self._hours


def hours_of(live: LiveDesk, now: datetime) -> float:
    """Calculate the hours of one desk's duty in which nobody who can be rung has it."""
    desk, roster = live.desk, live.roster
    if desk.duty is None or roster is None:
        return 0.0
    calendars = desk.telephone_calendars()
    gaps = uncovered(roster, desk.duty.hours, calendars, Interval(now, now + FORECAST))
    return sum((gap.length for gap in gaps), timedelta(0)) / HOUR
