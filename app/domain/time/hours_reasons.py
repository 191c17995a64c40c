"""Why a calendar is open or closed at an instant. The question itself is hours.py."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.message_refs import Value
from app.domain.reasons import DayCode
from app.domain.time.calendars import Calendar, DayPlan, HolidayPolicy
from app.domain.time.wall_time import MINUTES_A_DAY, clock
from app.domain.time.weekdays import WEEKDAY_CODES


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
    detail: tuple[tuple[str, Value], ...] = ()

    def __bool__(self) -> bool:
        return self.open

    def get(self, name: str) -> Value:
        """One detail, or an empty string."""
        return dict(self.detail).get(name, "")


def open_answer(plan: DayPlan, calendar: Calendar, at: datetime) -> OpenAnswer:
    """The answer at an instant that the day's hours hold."""
    start, end = _hours_around(plan, calendar, at)
    detail = {"weekday": WEEKDAY_CODES[plan.day.weekday()], "from": clock(start), "to": clock(end)}
    is_exception = plan.why.code is DayCode.EXCEPTION
    reason = HoursReason.EXCEPTION if is_exception else HoursReason.INSIDE_WINDOW
    return OpenAnswer(True, reason, (*detail.items(), *plan.why.values))


def _hours_around(plan: DayPlan, calendar: Calendar, at: datetime) -> tuple[int, int]:
    """The day's hours that hold the instant; the first ones where the clock goes twice."""
    local = at.astimezone(ZoneInfo(calendar.time_zone))
    days = local.date().toordinal() - plan.day.toordinal()
    minute = days * MINUTES_A_DAY + local.hour * 60 + local.minute
    around = [hours for hours in plan.hours if hours[0] <= minute < hours[1]]
    return (around or list(plan.hours))[0]


def closed_answer(plan: DayPlan, calendar: Calendar, at: datetime) -> OpenAnswer:
    """The answer at an instant of the day that no hours hold."""
    hours = ", ".join(f"{clock(start)}-{clock(end)}" for start, end in plan.hours)
    weekday = WEEKDAY_CODES[plan.day.weekday()]
    detail: dict[str, Value] = {"weekday": weekday, "hours": hours} | dict(plan.why.values)
    return OpenAnswer(
        False,
        _closed_reason(plan, calendar, at),
        tuple((name, value) for name, value in detail.items() if value),
    )


def _closed_reason(plan: DayPlan, calendar: Calendar, at: datetime) -> HoursReason:
    match plan.why.code:
        case DayCode.EXCEPTION:
            return HoursReason.EXCEPTION
        case DayCode.EARLY_CLOSING if _missed_by_early_closing(plan, calendar, at):
            return HoursReason.EARLY_CLOSING
        case DayCode.HOLIDAY if plan.why.get("policy") == HolidayPolicy.CLOSED or not plan.hours:
            return HoursReason.HOLIDAY
    if plan.hours:
        return HoursReason.OUTSIDE_HOURS
    return HoursReason.WEEKEND if plan.day.weekday() >= 5 else HoursReason.NO_HOURS_TODAY


def _missed_by_early_closing(plan: DayPlan, calendar: Calendar, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(calendar.time_zone))
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in plan.without_early_closing)
