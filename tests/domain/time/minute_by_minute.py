"""A slow referee for opening hours: steps through every minute of UTC and looks at the wall.

It shares no code with what it checks: no folds, no intervals, no bisection.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays
from hypothesis import strategies as st

from app.domain.time.calendars import (
    Calendar,
    DatedException,
    EarlyClosing,
    HolidayPolicy,
    Season,
    Window,
    YearlyDay,
)

MINUTE = timedelta(minutes=1)

# Weeks with both clock changes, Easter, 1 May, 17 May on Whit Monday, and Christmas.
WEEKS = (
    date(2026, 3, 26),
    date(2026, 10, 22),
    date(2027, 3, 24),
    date(2026, 4, 28),
    date(2027, 5, 13),
    date(2026, 12, 22),
    date(2026, 11, 16),
)
DAYS = 9
RED_DAYS = holidays.country_holidays("NO", language="no", years=range(2025, 2029))


@dataclass(frozen=True)
class Week:
    """Every minute of some days, open or not."""

    first: datetime
    is_open: tuple[bool, ...]

    def instant(self, minute: int) -> datetime:
        return self.first + minute * MINUTE


def stepped(calendar: Calendar, first_day: date) -> Week:
    """Opens each of the days' windows at the first minute whose wall time has come to its
    start, and closes it after the last minute whose wall time is before its end."""
    walls = _walls(calendar.time_zone, first_day)
    is_open = [False] * len(walls)
    for offset in range(-1, DAYS + 1):
        day = first_day + timedelta(days=offset)
        midnight = datetime.combine(day, time())
        for start, end in _hours(calendar, day):
            first = _first_not_before(walls, midnight + start * MINUTE)
            last = _last_before(walls, midnight + end * MINUTE)
            for minute in range(first, last + 1):
                is_open[minute] = True
    return Week(datetime.combine(first_day, time(), UTC), tuple(is_open))


@lru_cache(maxsize=32)
def _walls(time_zone: str, first_day: date) -> tuple[datetime, ...]:
    zone = ZoneInfo(time_zone)
    first = datetime.combine(first_day, time(), UTC)
    return tuple(
        (first + minute * MINUTE).astimezone(zone).replace(tzinfo=None)
        for minute in range(DAYS * 1440)
    )


def _first_not_before(walls: tuple[datetime, ...], wall: datetime) -> int:
    near = max(0, _minutes(walls[0], wall) - 200)
    for minute in range(near, len(walls)):
        if walls[minute] >= wall:
            return minute
    return len(walls)


def _last_before(walls: tuple[datetime, ...], wall: datetime) -> int:
    near = min(len(walls) - 1, _minutes(walls[0], wall) + 200)
    for minute in range(near, -1, -1):
        if walls[minute] < wall:
            return minute
    return -1


def _minutes(first: datetime, wall: datetime) -> int:
    return int((wall - first).total_seconds()) // 60


def _hours(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    for exception in reversed(calendar.exceptions):
        if exception.day == day:
            return list(exception.hours)
    weekday: int | None = day.weekday()
    if day in RED_DAYS:
        if calendar.holiday_policy == HolidayPolicy.CLOSED:
            weekday = None
        elif calendar.holiday_policy == HolidayPolicy.AS_SUNDAY:
            weekday = 6
    windows = calendar.windows
    for season in calendar.seasons:
        if day in _dates(season, day.year):
            windows = season.windows
    hours = [(w.start_minute, w.end_minute) for w in windows if weekday in w.weekdays]
    for early in calendar.early_closings:
        if (early.on.month, early.on.day) == (day.month, day.day):
            hours = [(s, min(e, early.closes_minute)) for s, e in hours if s < early.closes_minute]
    return hours


@cache
def _dates(season: Season, year: int) -> set[date]:
    """The season's dates around a year, walked day by day; a bound that no year has is skipped."""
    found, inside = set(), False
    for offset in range(3 * 366):
        day = date(year - 1, 1, 1) + timedelta(days=offset)
        inside = inside or (day.month, day.day) == season.first
        if inside:
            found.add(day)
        inside = inside and (day.month, day.day) != season.last
    return found


# --- calendars of every kind ---------------------------------------------------------------


STARTS = st.one_of(st.integers(0, 1439), st.integers(60, 240))


@st.composite
def hours(draw: st.DrawFn, longest: int = 1440) -> tuple[int, int]:
    """Start and end minutes; often near the hour in which the clocks change."""
    start = draw(STARTS)
    length = draw(st.one_of(st.integers(1, longest), st.integers(1, 120)))
    return start, start + min(length, longest)


WINDOWS = st.tuples(st.frozensets(st.integers(0, 6), min_size=1), hours())
SOME_WINDOWS, FEWER_WINDOWS = (st.lists(WINDOWS, max_size=most) for most in (4, 3))
DAYS_OF_WEEKS = st.builds(
    lambda week, offset: week + timedelta(days=offset),
    st.sampled_from(WEEKS),
    st.integers(0, DAYS),
)
EXCEPTIONS = st.lists(
    st.builds(DatedException, DAYS_OF_WEEKS, st.lists(hours(), max_size=2).map(tuple)), max_size=4
)
EARLY_CLOSINGS = st.lists(
    st.tuples(DAYS_OF_WEEKS, st.integers(0, 1440)),
    max_size=3,
    unique_by=lambda early: (early[0].month, early[0].day),
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Several windows a day, some past midnight, with holidays, exceptions and early closings."""
    windows, exceptions, early = draw(SOME_WINDOWS), draw(EXCEPTIONS), draw(EARLY_CLOSINGS)
    season = draw(st.none() | seasons())
    return Calendar(
        "any",
        "Any",
        "Europe/Oslo",
        tuple(Window(weekdays, *span) for weekdays, span in windows),
        "NO",
        draw(st.sampled_from(HolidayPolicy)),
        tuple(exceptions),
        tuple(EarlyClosing(YearlyDay(day.month, day.day), minute) for day, minute in early),
        seasons=(season,) if season else (),
    )


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    """Some days within the weeks, or around the turn of the year."""
    day = draw(st.sampled_from((*WEEKS, date(2026, 12, 24))))
    first = day + timedelta(days=draw(st.integers(-20, DAYS)))
    last = first + timedelta(days=draw(st.integers(0, 40)))
    windows = draw(FEWER_WINDOWS)
    made = tuple(Window(weekdays, *span) for weekdays, span in windows)
    return Season((first.month, first.day), (last.month, last.day), made, "season")


def weeks() -> st.SearchStrategy[date]:
    return st.sampled_from(WEEKS)


def minutes() -> st.SearchStrategy[int]:
    """A minute within the days."""
    return st.integers(0, DAYS * 1440 - 1)
