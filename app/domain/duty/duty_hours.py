"""Duty hours: when the duty is there, beside or instead of the desk, and why.

The border between staffed and duty hours is one instant: the wall time read as a start.
Who is on duty is roster.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.time.calendars import Calendar
from app.domain.time.day_plan import day_plan
from app.domain.time.hours import OpenAnswer, is_open, local_date, open_intervals
from app.domain.time.intervals import Intervals, complement, union


@dataclass(frozen=True, slots=True)
class DutyHours:
    """Any union of the duty's own hours and "whenever the desk is not staffed".

    `own` is a calendar, so it has windows, holidays with their policy, and exceptions of its
    own: Saturday and Sunday all day with holidays as Sunday is "heilagdagar heile døgnet".
    """

    own: Calendar | None = None
    when_unstaffed: bool = False


class DutyReason(StrEnum):
    """Why it is duty hours or not."""

    OWN_HOURS = "own_hours"
    DESK_UNSTAFFED = "desk_unstaffed"
    OUTSIDE_DUTY_HOURS = "outside_duty_hours"
    NO_DUTY_HOURS = "no_duty_hours"


@dataclass(frozen=True, slots=True)
class DutyHoursAnswer:
    """Duty hours or not, and why.

    `overlap` says that the desk is open as well: first line first, then duty (B12). `because`
    is the own calendar's answer for OWN_HOURS, the desk's closed calendar's for the others.
    """

    on: bool
    overlap: bool
    reason: DutyReason
    because: OpenAnswer | None = None

    def __bool__(self) -> bool:
        return self.on


def in_duty_hours(
    duty: DutyHours, telephone_calendars: tuple[Calendar, ...], at: datetime
) -> DutyHoursAnswer:
    """Whether the duty is there at the instant, with the reason.

    The desk is staffed while any of its telephone calendars is open.
    """
    desk = _desk_answer(telephone_calendars, at)
    desk_open = desk is not None and desk.open
    if duty.own and _inside(duty.own, at):
        return DutyHoursAnswer(True, desk_open, DutyReason.OWN_HOURS, is_open(duty.own, at))
    if duty.when_unstaffed and not any(_inside(each, at) for each in telephone_calendars):
        return DutyHoursAnswer(True, desk_open, DutyReason.DESK_UNSTAFFED, desk)
    no_hours = duty.own is None and not duty.when_unstaffed
    reason = DutyReason.NO_DUTY_HOURS if no_hours else DutyReason.OUTSIDE_DUTY_HOURS
    return DutyHoursAnswer(False, False, reason, desk)


def is_overlap(duty: DutyHours, telephone_calendars: tuple[Calendar, ...], at: datetime) -> bool:
    """Whether both the desk and the duty are there."""
    return in_duty_hours(duty, telephone_calendars, at).overlap


def duty_intervals(
    duty: DutyHours, telephone_calendars: tuple[Calendar, ...], from_: datetime, to: datetime
) -> Intervals:
    """The duty hours between two instants, merged."""
    own = open_intervals(duty.own, from_, to, as_borders=True) if duty.own else ()
    if not duty.when_unstaffed:
        return own
    return union(own, complement(staffed_intervals(telephone_calendars, from_, to), from_, to))


def staffed_intervals(
    telephone_calendars: Iterable[Calendar], from_: datetime, to: datetime
) -> Intervals:
    """When any of the telephones is answered, as far as the duty is concerned."""
    return union(
        *(open_intervals(each, from_, to, as_borders=True) for each in telephone_calendars)
    )


def _inside(calendar: Calendar, at: datetime) -> bool:
    """Whether it is open at the instant, its borders read as starts."""
    today = local_date(calendar, at)
    return any(
        at in span
        for day in (today, today - timedelta(days=1))
        for span in day_plan(calendar, day).borders
    )


def _desk_answer(telephone_calendars: tuple[Calendar, ...], at: datetime) -> OpenAnswer | None:
    """The answer of a telephone that is open, else of the first one."""
    answers = [is_open(calendar, at) for calendar in telephone_calendars]
    return next((answer for answer in answers if answer), answers[0] if answers else None)
