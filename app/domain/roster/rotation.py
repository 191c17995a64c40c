"""What a rotation is: members who take turns, and the time in which it holds. Values only.

Whose turn it is at an instant is turns.py and holiday_turns.py; which of several rotations
has a place on duty is slots.py.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.roles import Role, TurnRole
from app.domain.roster.turn_order import Weights
from app.domain.time.calendars import Calendar, YearlyDay
from app.domain.time.wall_time import MINUTES_A_DAY, wall

LONGEST_HOLIDAY: Final = 31  # days: what is longer is a season, and one rotation of its own


class RotationKind(StrEnum):
    """The unit of a shift's length; or a turn for each holiday, which has its own."""

    WEEKLY = "weekly"
    DAILY = "daily"
    HOURS = "hours"
    HOLIDAYS = "holidays"


_UNIT = {
    RotationKind.WEEKLY: timedelta(weeks=1),
    RotationKind.DAILY: timedelta(days=1),
    RotationKind.HOURS: timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class HolidayPeriod:
    """Days that are shared out apart: of every year, or the given dates of one.

    `last` is included; one of every year that lies before `first` is the next year's. Periods
    of one name are one holiday, such as one whose dates are given year by year.
    """

    name: str
    first: YearlyDay | date
    last: YearlyDay | date

    def __post_init__(self) -> None:
        if isinstance(self.first, date) is not isinstance(self.last, date):
            raise ValueError(self.name)

    def in_year(self, year: int) -> tuple[date, date] | None:
        """Its first and last date, where it begins in that year; 29 February is not in every."""
        if isinstance(self.first, date):
            assert isinstance(self.last, date)
            return (self.first, self.last) if self.first.year == year else None
        assert isinstance(self.last, YearlyDay)
        first, last = self.first.in_year(year), self.last.in_year(year)
        if first and last and last < first:
            last = self.last.in_year(year + 1)
        return (first, last) if first and last else None


@dataclass(frozen=True, slots=True)
class Rotation:
    """Members who take turns in one role, each for `every` weeks, days or hours.

    The first turn begins at the first handover on or after `start`: at the handover minute,
    for a weekly one on the handover weekday (Monday is 0). With `until` the rotation ends at
    the handover minute of that date. A rotation of holidays has a turn for each of them, from
    the handover of its first day to that of the day after its last; with a handover weekday for
    the whole weeks in which it lies. Its hours are weekly ones. The backup is a matter of the
    primary rotation below.
    """

    id: str
    role: TurnRole
    members: tuple[str, ...]
    kind: RotationKind
    handover_minute: int
    start: date
    handover_weekday: int | None = None
    every: int = 1
    until: date | None = None
    weights: tuple[Weights, ...] = ()  # by date; none: every member alike
    backup_is_next: bool = False  # whose turn is next is backup meanwhile
    over: str | None = None  # the rotation on which it is laid, in the same place on duty
    hours: Calendar | None = None  # it holds only then; none: always
    holidays: tuple[HolidayPeriod, ...] = ()

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError("a turn lasts at least one unit")
        if not 0 <= self.handover_minute < MINUTES_A_DAY:
            raise ValueError("a handover is between 00:00 and 23:59")
        if self.kind is RotationKind.WEEKLY and self.handover_weekday not in range(7):
            raise ValueError("a weekly rotation has a handover weekday, 0 to 6")
        if bool(self.holidays) is not (self.kind is RotationKind.HOLIDAYS):
            raise ValueError(self.kind)
        if self.backup_is_next and (self.over or self.role is not Role.PRIMARY):
            raise ValueError(self.over or self.role)
        if self.hours and not holds_some_week(self.hours):
            raise ValueError(self.hours.id)

    @property
    def period(self) -> timedelta:
        """How long a turn is on the wall clock; ValueError for holidays, which differ."""
        if self.kind is RotationKind.HOLIDAYS:
            raise ValueError(self.kind)
        return _UNIT[self.kind] * self.every

    @property
    def first_handover(self) -> datetime:
        """The wall time at which the first turn begins."""
        ahead = 0
        if self.kind is RotationKind.WEEKLY and self.handover_weekday is not None:
            ahead = (self.handover_weekday - self.start.weekday()) % 7
        return wall(self.start + timedelta(days=ahead), self.handover_minute)


def holds_some_week(hours: Calendar) -> bool:
    """Whether there are weekly hours, throughout the year or in one of its seasons."""
    return bool(hours.windows) or any(season.windows for season in hours.seasons)
