"""Opening hours: is it open at an instant and why, when does that change, what is open between.

Pure questions about a Calendar. Instants are aware UTC; what one date has for hours is day_plan.py,
business time business_time.py.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.reasons import HoursCode, because
from app.domain.time.calendars import Calendar
from app.domain.time.day_plan import day_plan, next_day
from app.domain.time.hours_reasons import OpenAnswer, closed_answer, open_answer
from app.domain.time.intervals import Interval, Intervals, clip

LIMIT_DAYS: Final = 400


def is_open(calendar: Calendar, at: datetime) -> OpenAnswer:
    """Whether the calendar is open at the instant, with the reason."""
    if calendar.is_round_the_clock:
        return OpenAnswer(True, because(HoursCode.ROUND_THE_CLOCK))
    today = local_date(calendar, at)
    for day in (today, today - timedelta(days=1)):
        plan = day_plan(calendar, day)
        if any(at in span for span in plan.spans):
            return open_answer(plan, calendar, at)
    return closed_answer(day_plan(calendar, today), calendar, at)


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
