"""Which days a roster's timeline shows: a week, a fortnight, a month or a year on the wall."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.time.intervals import Interval
from app.domain.time.wall_time import starts_at, wall

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2200
A_DAY: Final = timedelta(days=1)


class TimelineView(StrEnum):
    """How much is shown at once."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class TimelineSpan:
    """Whole days from `first` on, before `after`; `previous` and `next` begin those beside it."""

    view: TimelineView
    first: date
    after: date
    previous: date
    next: date
    zone: ZoneInfo

    @property
    def interval(self) -> Interval:
        """From the first day's midnight to the midnight after the last one."""
        return Interval(self.midnight(self.first), self.midnight(self.after))

    @property
    def last(self) -> date:
        """The last day that is shown."""
        return self.after - A_DAY

    @property
    def days(self) -> tuple[date, ...]:
        """Every day that is shown."""
        return tuple(self.first + n * A_DAY for n in range((self.after - self.first).days))

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins on the wall."""
        return starts_at(wall(day, 0), self.zone)


def span_around(view: TimelineView, day: date, zone: ZoneInfo) -> TimelineSpan:
    """The span of this kind that holds the day; a week and a fortnight begin on a Monday.

    A fortnight begins with the day's own week. Days outside of FIRST_YEAR to LAST_YEAR are
    taken as the first and the last one within.
    """
    within = min(max(day, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 12, 31))
    first = _BEGINS[view](within)
    after = _AFTER[view](first)
    previous = first - (after - first) if view in _WEEKS else _BEGINS[view](first - A_DAY)
    return TimelineSpan(view, first, after, previous, after, zone)


def span_of_days(when: Interval, zone: ZoneInfo) -> TimelineSpan:
    """The days that a time touches, in the narrowest view that has room for them."""
    first = when.from_.astimezone(zone).date()
    last = (when.to - datetime.resolution).astimezone(zone).date()
    after = last + A_DAY
    length = after - first
    view = next((each for each, most in _ROOM.items() if length.days <= most), TimelineView.YEAR)
    return TimelineSpan(view, first, after, first - length, after, zone)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


_ROOM: Final = {TimelineView.WEEK: 7, TimelineView.MONTH: 32}  # also on a telephone
_WEEKS: Final = (TimelineView.WEEK, TimelineView.FORTNIGHT)
_BEGINS: Final[Mapping[TimelineView, Callable[[date], date]]] = {
    TimelineView.WEEK: _monday,
    TimelineView.FORTNIGHT: _monday,
    TimelineView.MONTH: lambda day: day.replace(day=1),
    TimelineView.YEAR: lambda day: day.replace(month=1, day=1),
}
_AFTER: Final[Mapping[TimelineView, Callable[[date], date]]] = {
    TimelineView.WEEK: lambda first: first + timedelta(weeks=1),
    TimelineView.FORTNIGHT: lambda first: first + timedelta(weeks=2),
    TimelineView.MONTH: lambda first: (first + timedelta(days=31)).replace(day=1),
    TimelineView.YEAR: lambda first: first.replace(year=first.year + 1),
}
