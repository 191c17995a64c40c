"""A calendar's year, day by day: what each date is to whoever looks at a whole year.

The hours are day_plan's, by which calls are routed; here they only get a kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.message_refs import Value
from app.domain.time.calendars import Calendar, DayKind, DayPlan, Window
from app.domain.time.day_plan import day_plan

Hours = tuple[tuple[int, int], ...]  # minutes since midnight


class DayLook(StrEnum):
    """What a date is at a glance."""

    OPEN = "open"
    SHORT = "short"  # open, and for less time than usual
    OTHER = "other"  # open at other times than usual, and no shorter
    HOLIDAY = "holiday"
    CLOSED_ONCE = "closed_once"  # closed by an exception
    CLOSED = "closed"  # as every week


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """One date: its hours, what it is, and what its reason names (a holiday, a season, a note)."""

    day: date
    look: DayLook
    hours: Hours
    details: tuple[tuple[str, Value], ...] = ()

    @property
    def is_special(self) -> bool:
        """Whether it differs from the same weekday of other weeks."""
        return self.look not in (DayLook.OPEN, DayLook.CLOSED)


@dataclass(frozen=True, slots=True)
class UsualHours:
    """The hours of some weekdays in a row, `first` to `last`; Monday is 0."""

    first: int
    last: int
    hours: Hours


def days_of_year(calendar: Calendar, year: int) -> tuple[DayOfYear, ...]:
    """Return every date of a year."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = (first + timedelta(days=count) for count in range((after - first).days))
    return tuple(_shown(day_plan(calendar, day)) for day in days)


def usual_hours(windows: tuple[Window, ...]) -> tuple[UsualHours, ...]:
    """Return a week, with days in a row that have the same hours taken together."""
    return tuple(_stretches([_of(windows, weekday) for weekday in range(7)]))


def _stretches(week: list[Hours]) -> Iterator[UsualHours]:
    first = 0
    for weekday in range(7):
        if weekday == 6 or week[weekday + 1] != week[first]:
            yield UsualHours(first, weekday, week[first])
            first = weekday + 1


def _of(windows: tuple[Window, ...], weekday: int) -> Hours:
    return tuple(
        sorted((each.start_minute, each.end_minute) for each in windows if weekday in each.weekdays)
    )


def _shown(plan: DayPlan) -> DayOfYear:
    return DayOfYear(plan.day, _look(plan), plan.hours, plan.details)


def _look(plan: DayPlan) -> DayLook:
    match plan.kind:
        case DayKind.ORDINARY:
            return DayLook.OPEN if plan.hours else DayLook.CLOSED
        case DayKind.HOLIDAY:
            return DayLook.HOLIDAY
        case DayKind.EXCEPTION | DayKind.EARLY_CLOSING:
            if not plan.hours:
                return DayLook.CLOSED_ONCE
            return DayLook.SHORT if _length(plan.hours) < _length(plan.usual) else DayLook.OTHER


def _length(hours: Hours) -> int:
    return sum(end - start for start, end in hours)
