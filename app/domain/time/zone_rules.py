"""When a time zone puts its clocks forward and back, as rules that a calendar file can hold."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.time.wall_time import clock_change_between

RULES_BEGIN: Final = 1970  # what calendar programs write, and Outlook reads
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One change of a zone's clocks. `wall` is what they show just before it."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def weekday_of_month(self) -> int:
        """Which of its weekdays in the month the day is; -1 is the last one."""
        is_last = (self.wall + timedelta(days=WEEK)).month != self.wall.month
        return -1 if is_last else (self.wall.day - 1) // WEEK + 1

    @property
    def rule(self) -> tuple[object, ...]:
        """What two changes have in common that follow one rule."""
        of_day = (self.wall.month, self.weekday_of_month, self.wall.weekday(), self.wall.time())
        return (*of_day, self.before, self.after, self.name, self.is_summer)

    def first(self) -> datetime:
        """The wall time at which the rule would have held for the first time since 1970."""
        if self.weekday_of_month == -1:
            first_of_next = (date(RULES_BEGIN, self.wall.month, 28) + timedelta(days=4)).replace(
                day=1
            )
            last = first_of_next - timedelta(days=1)
            day = last - timedelta(days=(last.weekday() - self.wall.weekday()) % WEEK)
        else:
            first = date(RULES_BEGIN, self.wall.month, 1)
            ahead = (self.wall.weekday() - first.weekday()) % WEEK
            day = first + timedelta(days=ahead + WEEK * (self.weekday_of_month - 1))
        return datetime.combine(day, self.wall.time())


def clock_changes(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[ClockChange, ...]:
    """Every change of the clocks in these years, in order."""
    return tuple(
        each for year in range(first_year, last_year + 1) for each in _changes(zone.key, year)
    )


@lru_cache(maxsize=256)
def _changes(key: str, year: int) -> tuple[ClockChange, ...]:
    zone = ZoneInfo(key)
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(367)]
    return tuple(
        _change(zone, day, after)
        for day, after in pairwise(days)
        if day.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset()
        and day.year == year
    )


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> ClockChange:
    at = clock_change_between(before, after, zone)
    old = before.astimezone(zone).utcoffset() or timedelta()
    new = at.astimezone(zone)
    return ClockChange(
        (at + old).replace(tzinfo=None),
        old,
        new.utcoffset() or timedelta(),
        new.tzname() or "",
        bool(new.dst()),
    )
