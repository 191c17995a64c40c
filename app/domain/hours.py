"""Opening hours: is it open at an instant and why, when does that change, what is open between.

Pure questions about a Calendar. Instants are aware UTC; business time is business_time.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.calendars import (
    EVERY_DAY,
    ROUND_THE_CLOCK,
    ROUND_THE_CLOCK_ID,
    Calendar,
    DatedException,
    DayPlan,
    EarlyClosing,
    HolidayPolicy,
    Window,
    YearlyDay,
    overnight,
    parse_yearly_day,
    round_the_clock,
)
from app.domain.day_plan import day_plan, next_day
from app.domain.intervals import Interval, Intervals, clip
from app.domain.wall_time import clock, parse_clock

__all__ = [
    "EVERY_DAY",
    "ROUND_THE_CLOCK",
    "ROUND_THE_CLOCK_ID",
    "Calendar",
    "DatedException",
    "EarlyClosing",
    "HolidayPolicy",
    "HoursReason",
    "OpenAnswer",
    "Window",
    "YearlyDay",
    "clock",
    "closes_at",
    "is_open",
    "local_date",
    "next_change",
    "next_opening",
    "open_intervals",
    "open_pieces",
    "overnight",
    "parse_clock",
    "parse_yearly_day",
    "round_the_clock",
]

LIMIT_DAYS: Final = 400
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class HoursReason(StrEnum):
    """Why it is open or closed."""

    ROUND_THE_CLOCK = "round_the_clock"
    INSIDE_WINDOW = "inside_window"
    OUTSIDE_HOURS = "outside_hours"
    WEEKEND = "weekend"
    NO_HOURS_TODAY = "no_hours_today"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"
    EARLY_CLOSING = "early_closing"


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """Open or not, and why.

    `detail` holds what the reason's sentence needs: weekday, from and to (open), hours (the
    day's, when closed), holiday (a key), note.
    """

    open: bool
    reason: HoursReason
    detail: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return self.open

    def get(self, name: str) -> str:
        """One detail, or an empty string."""
        return dict(self.detail).get(name, "")


def is_open(calendar: Calendar, at: datetime) -> OpenAnswer:
    """Whether the calendar is open at the instant, with the reason."""
    if calendar.is_round_the_clock:
        return OpenAnswer(True, HoursReason.ROUND_THE_CLOCK)
    today = local_date(calendar, at)
    for day in (today, today - timedelta(days=1)):
        plan = day_plan(calendar, day)
        if any(at in span for span in plan.spans):
            return _open_answer(plan, calendar, at)
    return _closed_answer(day_plan(calendar, today), calendar, at)


def local_date(calendar: Calendar, at: datetime) -> date:
    """The date on the wall where the calendar lives."""
    return at.astimezone(ZoneInfo(calendar.time_zone)).date()


def next_opening(calendar: Calendar, at: datetime, limit_days: int = LIMIT_DAYS) -> datetime | None:
    """The first instant from `at` on at which it is open: `at` itself if it is open now.

    None where it does not open within the limit.
    """
    for piece in open_pieces(calendar, at, limit_days):
        return piece.from_
    return None


def next_change(calendar: Calendar, at: datetime, limit_days: int = LIMIT_DAYS) -> datetime | None:
    """The next instant after `at` at which open becomes closed or closed open.

    None where nothing changes within the limit.
    """
    closing = closes_at(calendar, at, limit_days)
    if closing or is_open(calendar, at):
        return closing
    return next_opening(calendar, at, limit_days)


def closes_at(calendar: Calendar, at: datetime, limit_days: int = LIMIT_DAYS) -> datetime | None:
    """When it closes, if it is open now; None if it is closed or does not close in the limit."""
    closing: datetime | None = None
    limit = at + timedelta(days=limit_days)
    for piece in open_pieces(calendar, at, limit_days):
        if piece.from_ > (closing or at):
            return closing
        closing = piece.to
        if closing > limit:
            return None
    return closing


def open_intervals(
    calendar: Calendar, from_: datetime, to: datetime, *, as_borders: bool = False
) -> Intervals:
    """The open time between two instants, merged.

    As borders (of staffed and duty hours) an end that comes twice is its first occurrence.
    """
    pieces: list[Interval] = []
    day, last = local_date(calendar, from_) - timedelta(days=1), local_date(calendar, to)
    while day <= last:
        plan = day_plan(calendar, day)
        pieces.extend(plan.borders if as_borders else plan.spans)
        day = next_day(day)
    return clip(pieces, from_, to)


def open_pieces(
    calendar: Calendar, at: datetime, limit_days: int = LIMIT_DAYS
) -> Iterator[Interval]:
    """The open time from `at` on, in order and without overlap, day by day (not merged).

    Ends after so many days without any open time.
    """
    done = at.astimezone(UTC)
    day = local_date(calendar, at) - timedelta(days=1)
    left = limit_days + 1
    while left >= 0:
        for span in day_plan(calendar, day).spans:
            if span.to > done:
                yield Interval(max(span.from_, done), span.to)
                done = span.to
                left = limit_days
        day = next_day(day)
        left -= 1


def _open_answer(plan: DayPlan, calendar: Calendar, at: datetime) -> OpenAnswer:
    start, end = _hours_around(plan, calendar, at)
    detail = {"weekday": WEEKDAYS[plan.day.weekday()], "from": clock(start), "to": clock(end)}
    exception = plan.why.code == "exception"
    reason = HoursReason.EXCEPTION if exception else HoursReason.INSIDE_WINDOW
    return OpenAnswer(True, reason, (*detail.items(), *plan.why.params))


def _hours_around(plan: DayPlan, calendar: Calendar, at: datetime) -> tuple[int, int]:
    """The day's hours that hold the instant; the first ones where the clock goes twice."""
    local = at.astimezone(ZoneInfo(calendar.time_zone))
    days = local.date().toordinal() - plan.day.toordinal()
    minute = days * 1440 + local.hour * 60 + local.minute
    around = [hours for hours in plan.hours if hours[0] <= minute < hours[1]]
    return (around or list(plan.hours))[0]


def _closed_answer(plan: DayPlan, calendar: Calendar, at: datetime) -> OpenAnswer:
    hours = ", ".join(f"{clock(start)}-{clock(end)}" for start, end in plan.hours)
    detail = {"weekday": WEEKDAYS[plan.day.weekday()], "hours": hours} | dict(plan.why.params)
    return OpenAnswer(
        False,
        _closed_reason(plan, calendar, at),
        tuple((name, value) for name, value in detail.items() if value),
    )


def _closed_reason(plan: DayPlan, calendar: Calendar, at: datetime) -> HoursReason:
    match plan.why.code:
        case "exception":
            return HoursReason.EXCEPTION
        case "early_closing" if _missed_by_early_closing(plan, calendar, at):
            return HoursReason.EARLY_CLOSING
        case "holiday" if plan.why.get("policy") == HolidayPolicy.CLOSED or not plan.hours:
            return HoursReason.HOLIDAY
    if plan.hours:
        return HoursReason.OUTSIDE_HOURS
    return HoursReason.WEEKEND if plan.day.weekday() >= 5 else HoursReason.NO_HOURS_TODAY


def _missed_by_early_closing(plan: DayPlan, calendar: Calendar, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(calendar.time_zone))
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in plan.without_early_closing)
