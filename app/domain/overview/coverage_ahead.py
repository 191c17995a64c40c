"""The hours of duty ahead that nobody covers, worked out once for as long as a roster stays as it
is. Hours that are over, and those that are planned to be nobody's, are none of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.desks.desk import Desk
from app.domain.roster.coverage import covered, uncovered
from app.domain.roster.plan import Roster
from app.domain.time.intervals import Interval, Intervals, clip, total
from app.domain.time.wall_time import starts_at, wall

DAYS_AHEAD: Final = 90


@dataclass(frozen=True, slots=True)
class CoverageAhead:
    """The uncovered hours of a desk's duty from a day on; `span` is what was looked at.

    `is_anybody_on_it` tells whether anybody who can be rung has duty in it at all.
    """

    day: Interval
    span: Interval
    gaps: Intervals
    is_anybody_on_it: bool

    def is_of_day(self, now: datetime) -> bool:
        """Tell whether it begins with the day that it is now."""
        return now in self.day

    def first_gap(self, at: datetime) -> Interval | None:
        """Return the first gap that is not over at the instant."""
        return next((gap for gap in self.gaps if gap.to > at), None)

    def uncovered(self, now: datetime, lasts: timedelta) -> timedelta:
        """Return how much of the time from now on nobody covers."""
        return total(clip(self.gaps, now, now + lasts))


def coverage_ahead(desk: Desk, roster: Roster | None, now: datetime) -> CoverageAhead | None:
    """Look for uncovered hours, today and in the next 90 days; None for a desk without a duty.

    A duty without a roster is covered by nobody.
    """
    if desk.duty is None:
        return None
    day = Interval(_midnight(desk, now, 0), next_midnight(desk, now))
    span = Interval(day.from_, _midnight(desk, now, DAYS_AHEAD + 1))
    plan = roster or Roster("", desk.time_zone)
    gaps = uncovered(plan, desk.duty.hours, desk.telephone_calendars(), span)
    return CoverageAhead(day, span, gaps, bool(covered(plan, span)))


def next_midnight(desk: Desk, now: datetime) -> datetime:
    """Return when the desk's day ends: words such as "tomorrow" mean another day then."""
    return _midnight(desk, now, 1)


def _midnight(desk: Desk, now: datetime, days: int) -> datetime:
    zone = ZoneInfo(desk.time_zone)
    today = now.astimezone(zone).date()
    return starts_at(wall(today + timedelta(days=days), 0), zone)
