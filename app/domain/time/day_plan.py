"""One date of a calendar, worked out: which hours it has and the instants they become.

What is asked about an instant is hours.py.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef, Value
from app.domain.reasons import known
from app.domain.time.calendars import Calendar, DayKind, DayPlan, HolidayPolicy, Window
from app.domain.time.intervals import Interval, union
from app.domain.time.public_holidays import Holiday, HolidayClass, holiday
from app.domain.time.wall_time import ends_at, starts_at, wall

Hours = tuple[tuple[int, int], ...]
Why = tuple[DayKind, tuple[tuple[str, Value], ...]]  # what gives a date its hours

SUNDAY = 6
MAX_CACHED_DAYS = 5000  # 13 years; a forgotten day is only worked out again


def day_plan(calendar: Calendar, day: date) -> DayPlan:
    """The date's hours, with the reason why they are just these."""
    seen = calendar.day_cache.get(day)
    if seen is None:
        if len(calendar.day_cache) >= MAX_CACHED_DAYS:
            calendar.day_cache.clear()
        seen = calendar.day_cache[day] = _work_out(calendar, day)
    return seen


def _work_out(calendar: Calendar, day: date) -> DayPlan:
    exception = calendar.by_date.get(day)
    usual, why = _ordinary_hours(calendar, day)
    if exception:
        hours, full = tuple(sorted(exception.hours)), exception.hours
        why = DayKind.EXCEPTION, known(note=exception.note or None)
    else:
        full = usual
        hours, why = _closed_early(calendar, day, full, why)
    zone = ZoneInfo(calendar.time_zone)
    spans, borders = [], []
    for start, end in hours:
        begins, end_wall = starts_at(wall(day, start), zone), wall(day, end)
        spans.append(Interval(begins, ends_at(end_wall, zone)))
        borders.append(Interval(begins, starts_at(end_wall, zone)))
    return DayPlan(day, hours, full, usual, *why, union(spans), union(borders))


def _ordinary_hours(calendar: Calendar, day: date) -> tuple[Hours, Why]:
    """The hours of its weekday in its season, or what the calendar makes of a holiday."""
    season = calendar.season(day)
    windows = season.windows if season else calendar.windows
    name = season.name if season else None
    found = holiday(calendar.holidays, day) if calendar.holidays else None
    if found is None:
        return _of_weekday(windows, day.weekday()), (DayKind.ORDINARY, known(season=name))
    policy = _policy(calendar, found)
    named = MessageRef(f"holiday.{found.keys[0]}")
    why = DayKind.HOLIDAY, known(holiday=named, season=name)
    match policy:
        case HolidayPolicy.CLOSED:
            return (), why
        case HolidayPolicy.AS_SUNDAY:
            return _of_weekday(windows, SUNDAY), why
        case HolidayPolicy.AS_WEEKDAY:
            return _of_weekday(windows, day.weekday()), why


def _policy(calendar: Calendar, found: Holiday) -> HolidayPolicy:
    if found.kind is HolidayClass.NATIONAL_DAY and calendar.national_day_policy:
        return calendar.national_day_policy
    return calendar.holiday_policy


def _of_weekday(windows: tuple[Window, ...], weekday: int) -> Hours:
    return tuple(
        sorted(
            (window.start_minute, window.end_minute)
            for window in windows
            if weekday in window.weekdays
        )
    )


def _closed_early(calendar: Calendar, day: date, hours: Hours, why: Why) -> tuple[Hours, Why]:
    """The hours cut off at the day's early closing, if it has one that matters."""
    for early in calendar.early_closings:
        if early.on.falls_on(day):
            cut = tuple(
                (start, min(end, early.closes_minute))
                for start, end in hours
                if start < early.closes_minute
            )
            if cut != hours:
                return cut, (DayKind.EARLY_CLOSING, known(note=early.note or None))
    return hours, why


def next_day(day: date) -> date:
    """The date after."""
    return day + timedelta(days=1)
