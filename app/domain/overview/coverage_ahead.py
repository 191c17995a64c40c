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
from app.domain.time.intervals import Interval, Intervals
from app.domain.time.wall_time import starts_at, wall

DAYS_AHEAD: Final = 90


@dataclass(frozen=True, slots=True)
class CoverageAhead:
    """The uncovered hours of a desk's duty from one midnight on; `span` is what was looked at.

    `is_anybody_on_it` tells whether anybody who can be rung has duty in it at all.
    """

    span: Interval
    gaps: Intervals
    is_anybody_on_it: bool

    def first_gap(self, at: datetime) -> Interval | None:
        """Return the first gap that is not over at the instant."""
        return next((gap for gap in self.gaps if gap.to > at), None)


def coverage_ahead(desk: Desk, roster: Roster | None, now: datetime) -> CoverageAhead | None:
    """Look for uncovered hours, today and in the next 90 days; None for a desk without a duty.

    A duty without a roster is covered by nobody.
    """
    if desk.duty is None:
        return None
    zone = ZoneInfo(desk.time_zone)
    today = now.astimezone(zone).date()
    last = today + timedelta(days=DAYS_AHEAD + 1)
    span = Interval(starts_at(wall(today, 0), zone), starts_at(wall(last, 0), zone))
    plan = roster or Roster("", desk.time_zone)
    gaps = uncovered(plan, desk.duty.hours, desk.telephone_calendars(), span)
    return CoverageAhead(span, gaps, bool(covered(plan, span)))


def next_midnight(desk: Desk, now: datetime) -> datetime:
    """Return when the desk's day ends: words such as "tomorrow" mean another day then."""
    zone = ZoneInfo(desk.time_zone)
    return starts_at(wall(now.astimezone(zone).date() + timedelta(days=1), 0), zone)
