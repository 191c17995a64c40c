"""Why a calendar is open or closed at an instant. The question itself is hours.py."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef, Value
from app.domain.reasons import HoursCode, Reason, known
from app.domain.time.calendars import Calendar, DayKind, DayPlan
from app.domain.time.wall_time import MINUTES_A_DAY, WEEKDAY_CODES, clock


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """Open or not, and why.

    Values of the reason: weekday, from and to (open), hours (the day's, when closed), holiday,
    season, note.
    """

    open: bool
    reason: Reason

    def __bool__(self) -> bool:
        return self.open


def open_answer(plan: DayPlan, calendar: Calendar, at: datetime) -> OpenAnswer:
    """The answer at an instant that the day's hours hold."""
    start, end = _hours_around(plan, calendar, at)
    code = HoursCode.EXCEPTION if plan.kind is DayKind.EXCEPTION else HoursCode.INSIDE_WINDOW
    times = (("from", clock(start)), ("to", clock(end)))
    return OpenAnswer(True, Reason(code, (_weekday(plan), *times, *plan.details)))


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
    shown = known(hours=hours or None)
    values = (_weekday(plan), *shown, *plan.details)
    return OpenAnswer(False, Reason(_closed_code(plan, calendar, at), values))


def _weekday(plan: DayPlan) -> tuple[str, Value]:
    return "weekday", MessageRef(f"weekday.{WEEKDAY_CODES[plan.day.weekday()]}")


def _closed_code(plan: DayPlan, calendar: Calendar, at: datetime) -> HoursCode:
    match plan.kind:
        case DayKind.EXCEPTION:
            return HoursCode.EXCEPTION
        case DayKind.EARLY_CLOSING if _missed_by_early_closing(plan, calendar, at):
            return HoursCode.EARLY_CLOSING
        case DayKind.HOLIDAY if not plan.hours:
            return HoursCode.HOLIDAY
    if plan.hours:
        return HoursCode.OUTSIDE_HOURS
    return HoursCode.WEEKEND if plan.day.weekday() >= 5 else HoursCode.NO_HOURS_TODAY


def _missed_by_early_closing(plan: DayPlan, calendar: Calendar, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(calendar.time_zone))
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in plan.without_early_closing)
