"""Lines of a calendar that change nothing: days that are over, hours that are there anyway.

Warnings, each with why. What is over is asked of `at`, which the caller gives.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref
from app.domain.time.calendars import Calendar, YearlyDay
from app.domain.time.day_plan import day_plan
from app.domain.time.wall_time import clock
from app.domain.toml_positions import Path

# After 28 years the weekdays repeat; Easter comes on enough dates within it.
YEARS_AHEAD: Final = 28

Warned = Iterator[tuple[Path, MessageRef]]


def calendar_lines_without_effect(desk: Desk, at: datetime) -> Warned:
    """Yield each exception and early closing of the desk's calendars that changes nothing."""
    for calendar in desk.calendars:
        yield from _of_calendar(calendar, ("calendars", calendar.id), at)
    if desk.duty and desk.duty.hours.own:
        yield from _of_calendar(desk.duty.hours.own, ("duty", "hours"), at)


def _of_calendar(calendar: Calendar, path: Path, at: datetime) -> Warned:
    today = at.astimezone(ZoneInfo(calendar.time_zone)).date()
    for index, exception in enumerate(calendar.exceptions):
        place = (*path, "exceptions", index)
        if exception.day < today:
            message = ref("diagnostic.exception_over", day=str(exception.day))
            yield (*place, "date"), message
        elif _has_these_hours_anyway(calendar, exception.day):
            message = ref("diagnostic.exception_changes_nothing", day=str(exception.day))
            yield (*place, "hours"), message
    yield from _early_closings(calendar, path, today)


def _has_these_hours_anyway(calendar: Calendar, day: date) -> bool:
    others = tuple(each for each in calendar.exceptions if each.day != day)
    without = replace(calendar, exceptions=others)
    return day_plan(calendar, day).hours == day_plan(without, day).hours


def _early_closings(calendar: Calendar, path: Path, today: date) -> Warned:
    seen: dict[YearlyDay, int] = {}
    for index, early in enumerate(calendar.early_closings):
        place = (*path, "early_closings", index)
        first = seen.setdefault(early.on, index)
        if first != index:
            closes = clock(calendar.early_closings[first].closes_minute)
            message = ref("diagnostic.early_closing_twice", closes=closes)
            yield (*place, "day"), message
        elif not _closes_anything(replace(calendar, early_closings=(early,)), early.on, today):
            closes = clock(early.closes_minute)
            message = ref("diagnostic.early_closing_changes_nothing", closes=closes)
            yield (*place, "closes"), message


def _closes_anything(calendar: Calendar, on: YearlyDay, today: date) -> bool:
    alone = replace(calendar, exceptions=())
    plans = (day_plan(alone, day) for day in _falls_on(on, today))
    return any(plan.hours != plan.without_early_closing for plan in plans)


def _falls_on(on: YearlyDay, today: date) -> Iterator[date]:
    for year in range(today.year, today.year + YEARS_AHEAD):
        if on.from_easter is None:
            first, days = date(year, on.month, 1), 31
        else:
            first, days = date(year, 1, 1), 366
        for ahead in range(days):
            day = first + timedelta(days=ahead)
            if on.falls_on(day):
                yield day
                break
