"""What a calendar is: windows, holidays, exceptions and early closings, in local wall time.

Values only; what follows from them at an instant is hours.py.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from dateutil.easter import easter

from app.domain.message_refs import Value
from app.domain.time.intervals import Intervals
from app.domain.time.wall_time import MINUTES_A_DAY, clock

EVERY_DAY: Final = frozenset(range(7))
_MOVABLE: Final = {"easter": 0, "pentecost": 49}
_YEARLY_DAY: Final = re.compile(
    r"(?P<feast>easter|pentecost)(?P<away>[+-][0-9]{1,2})?|(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
)


class HolidayPolicy(StrEnum):
    """What a public holiday is for a calendar."""

    CLOSED = "closed"
    AS_SUNDAY = "as_sunday"
    AS_WEEKDAY = "as_weekday"


@dataclass(frozen=True, slots=True)
class Window:
    """Hours on some weekdays (Monday is 0), in minutes since midnight, half-open.

    It belongs to the day it begins on. An end beyond 1440 lies on the next day:
    15:30 to 08:00 is 930 to 1920. A window lasts at most a day.
    """

    weekdays: frozenset[int]
    start_minute: int
    end_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_minute < MINUTES_A_DAY:
            raise ValueError("a window starts between 00:00 and 23:59")
        if not self.start_minute < self.end_minute <= self.start_minute + MINUTES_A_DAY:
            raise ValueError("a window ends after it starts, and within a day")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError("a window has weekdays, 0 to 6")

    def __str__(self) -> str:
        return f"{clock(self.start_minute)}-{clock(self.end_minute)}"


def overnight(weekdays: frozenset[int], start_minute: int, end_minute: int) -> Window:
    """A window from two clock times: an end at or before the start is the next day's."""
    if end_minute <= start_minute:
        end_minute += MINUTES_A_DAY
    return Window(weekdays, start_minute, end_minute)


@dataclass(frozen=True, slots=True)
class DatedException:
    """One date on which the calendar is different; it wins over everything.

    `hours` are (start, end) minutes as in a window; none at all means closed.
    """

    day: date
    hours: tuple[tuple[int, int], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class YearlyDay:
    """A day of every year: a month and a day, or so many days from Easter Sunday."""

    month: int = 0
    day: int = 0
    from_easter: int | None = None

    def falls_on(self, day: date) -> bool:
        """Whether the date is this day of its year."""
        if self.from_easter is None:
            return (day.month, day.day) == (self.month, self.day)
        return day - easter_sunday(day.year) == timedelta(days=self.from_easter)

    def in_year(self, year: int) -> date | None:
        """The year's date; None for 29 February in a year that has none."""
        if self.from_easter is not None:
            return easter_sunday(year) + timedelta(days=self.from_easter)
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


def parse_yearly_day(text: str) -> YearlyDay:
    """Reads "12-24", "easter-4" (Wednesday before Maundy Thursday) or "pentecost-1".

    Raises ValueError on anything else.
    """
    found = _YEARLY_DAY.fullmatch(text)
    if not found:
        raise ValueError(f"not a day of every year: {text!r}")
    if found["feast"]:
        return YearlyDay(from_easter=_MOVABLE[found["feast"]] + int(found["away"] or 0))
    checked = date(2024, int(found["month"]), int(found["day"]))
    return YearlyDay(checked.month, checked.day)


@lru_cache(maxsize=512)
def easter_sunday(year: int) -> date:
    """The year's Easter Sunday, Gregorian."""
    return easter(year)


@dataclass(frozen=True, slots=True)
class EarlyClosing:
    """A day of every year on which no window lasts beyond a clock minute. Never law."""

    on: YearlyDay
    closes_minute: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year with weekly windows of its own, from `first` to `last`, both included.

    Days are (month, day); a season whose last day stands before its first one passes the
    year's end. 29 February as a bound is in other years 1 March to begin with, and
    28 February to end with: that follows from comparing months and days.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    windows: tuple[Window, ...]  # none at all: closed throughout
    name: str

    def holds(self, day: date) -> bool:
        """Whether the date lies in the season."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


class DayKind(StrEnum):
    """What gives a date its hours."""

    ORDINARY = "ordinary"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"
    EARLY_CLOSING = "early_closing"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A calendar's one date, worked out: which hours, and why just these."""

    day: date
    hours: tuple[tuple[int, int], ...]
    without_early_closing: tuple[tuple[int, int], ...]
    usual: tuple[tuple[int, int], ...]  # without exception and early closing
    kind: DayKind
    details: tuple[tuple[str, Value], ...]  # what texts say of it: season, holiday, note
    spans: Intervals  # an end that comes twice is its last occurrence
    borders: Intervals  # an end that comes twice is its first occurrence


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours with a name, in a time zone.

    `national_day_policy` is for 1 and 17 May where they differ from other holidays;
    None makes them holidays like any other.
    """

    id: str
    name: str
    time_zone: str
    windows: tuple[Window, ...]
    holidays: str | None = None  # country code; None knows no holidays
    holiday_policy: HolidayPolicy = HolidayPolicy.CLOSED
    exceptions: tuple[DatedException, ...] = ()
    early_closings: tuple[EarlyClosing, ...] = ()
    national_day_policy: HolidayPolicy | None = None
    seasons: tuple[Season, ...] = ()  # no two of them hold the same date
    # Worked-out days, kept with the value that they follow from: no part of it.
    day_cache: dict[date, DayPlan] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    by_date: dict[date, DatedException] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self.by_date.update({exception.day: exception for exception in self.exceptions})

    def season(self, day: date) -> Season | None:
        """The season that holds the date, or None where the ordinary windows apply."""
        return next((season for season in self.seasons if season.holds(day)), None)

    @property
    def is_round_the_clock(self) -> bool:
        """Whether it is the calendar that never closes."""
        return self.id == ROUND_THE_CLOCK_ID


ROUND_THE_CLOCK_ID: Final = "round_the_clock"


@lru_cache(maxsize=64)
def round_the_clock(time_zone: str) -> Calendar:
    """The calendar that never closes; its days begin at that zone's midnight."""
    always = Window(EVERY_DAY, 0, MINUTES_A_DAY)
    return Calendar(ROUND_THE_CLOCK_ID, ROUND_THE_CLOCK_ID, time_zone, (always,))


ROUND_THE_CLOCK: Final = round_the_clock("UTC")
