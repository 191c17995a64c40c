"""Planned gaps: hours that a desk's documents leave to nobody, and mean to.

They take nothing away: where desk or duty is there, a planned gap changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.time.calendars import YearlyDay
from app.domain.time.intervals import Interval, Intervals, clip
from app.domain.time.wall_time import starts_at, wall


@dataclass(frozen=True, slots=True)
class PlannedGap:
    """Hours, in minutes as a window has them, on weekdays, on a day of every year, or once."""

    days: frozenset[int] | YearlyDay | date
    start_minute: int
    end_minute: int
    text: str = ""  # as it is written

    def falls_on(self, day: date) -> bool:
        """Whether the gap begins on the date."""
        match self.days:
            case frozenset():
                return day.weekday() in self.days
            case YearlyDay():
                return self.days.falls_on(day)
            case date():
                return day == self.days

    def on(self, day: date, zone: ZoneInfo) -> Interval:
        """The gap that begins on the date, its borders read as starts like those of the duty."""
        begins, ends = (wall(day, minute) for minute in (self.start_minute, self.end_minute))
        return Interval(starts_at(begins, zone), starts_at(ends, zone))


@dataclass(frozen=True, slots=True)
class PlannedGaps:
    """All planned gaps of a duty, in the desk's wall time."""

    time_zone: str = "UTC"
    gaps: tuple[PlannedGap, ...] = ()

    def holds(self, at: datetime) -> bool:
        """Whether the instant lies in a planned gap."""
        zone = ZoneInfo(self.time_zone)
        today = at.astimezone(zone).date()
        days = (today, today - timedelta(days=1))
        return any(at in piece for piece in _pieces(self.gaps, days, zone))

    def intervals(self, from_: datetime, to: datetime) -> Intervals:
        """The planned gaps between two instants, merged."""
        return self.of(self.gaps, from_, to)

    def of(self, gaps: Iterable[PlannedGap], from_: datetime, to: datetime) -> Intervals:
        """When just these gaps are, between two instants, merged."""
        zone = ZoneInfo(self.time_zone)
        first = from_.astimezone(zone).date() - timedelta(days=1)
        count = (to.astimezone(zone).date() - first).days + 1
        days = [first + timedelta(days=each) for each in range(count)]
        return clip(_pieces(tuple(gaps), days, zone), from_, to)


NO_PLANNED_GAPS: Final = PlannedGaps()


def _pieces(
    gaps: tuple[PlannedGap, ...], days: Iterable[date], zone: ZoneInfo
) -> Iterator[Interval]:
    for day in days:
        for gap in gaps:
            if gap.falls_on(day):
                yield gap.on(day, zone)
