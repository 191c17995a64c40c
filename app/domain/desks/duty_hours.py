"""Duty hours: when the duty is there, beside or instead of the desk, and why.

The border between staffed and duty hours is one instant: the wall time read as a start.
Who is on duty is on_duty.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.desks.early_start import early_start
from app.domain.desks.planned_gaps import NO_PLANNED_GAPS, PlannedGaps
from app.domain.reasons import Code, DutyHoursCode, HoursCode, Reason, because
from app.domain.time.calendars import Calendar
from app.domain.time.day_plan import day_plan, next_day
from app.domain.time.hours import LIMIT_DAYS, is_open, local_date, open_intervals
from app.domain.time.hours_reasons import OpenAnswer
from app.domain.time.intervals import Interval, Intervals, clip, complement, union

LOOKED_AT_ONCE: Final = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class DutyHours:
    """Any union of the duty's own hours and "whenever the desk is not staffed".

    `own` is a calendar, so it has windows, holidays with their policy, and exceptions of its
    own: Saturday and Sunday all day with holidays as Sunday is "heilagdagar heile døgnet".
    """

    own: Calendar | None = None
    when_unstaffed: bool = False
    from_early_closing: bool = False  # own hours begin when the desk closes early on that day
    planned_gaps: PlannedGaps = NO_PLANNED_GAPS


@dataclass(frozen=True, slots=True)
class DutyHoursAnswer:
    """Duty hours or not, and why.

    `overlap` says that the desk is open as well: first line first, then duty. The `why`
    of the reason is the own calendar's for OWN_HOURS, the desk's closed calendar's for the
    others.
    """

    on: bool
    overlap: bool
    reason: Reason

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
        reason = _reason(DutyHoursCode.OWN_HOURS, is_open(duty.own, at))
        return DutyHoursAnswer(True, desk_open, reason)
    staffed = any(_inside(each, at) for each in telephone_calendars)
    if duty.when_unstaffed and not staffed:
        return DutyHoursAnswer(True, desk_open, _reason(DutyHoursCode.DESK_UNSTAFFED, desk))
    if _begun_early(duty, telephone_calendars, at):
        return DutyHoursAnswer(True, desk_open, _reason(DutyHoursCode.EARLY_CLOSING, desk))
    return DutyHoursAnswer(False, False, _reason(_why_not(duty, desk, at), desk))


def _reason(code: DutyHoursCode, behind: OpenAnswer | None) -> Reason:
    return because(code, why=None if behind is None else behind.reason.ref)


def _why_not(duty: DutyHours, desk: OpenAnswer | None, at: datetime) -> DutyHoursCode:
    """Why nobody has duty: the desk is there instead, or nobody is."""
    if duty.own is None and not duty.when_unstaffed:
        return DutyHoursCode.NO_DUTY_HOURS
    if desk is not None and desk.open:
        return DutyHoursCode.DESK_STAFFED
    if duty.planned_gaps.holds(at):
        return DutyHoursCode.PLANNED_GAP
    if desk is not None and desk.reason.code is HoursCode.EARLY_CLOSING:
        return DutyHoursCode.DESK_CLOSED_EARLY
    return DutyHoursCode.DESK_CLOSED


def next_duty(
    duty: DutyHours, telephone_calendars: tuple[Calendar, ...], at: datetime
) -> datetime | None:
    """The first instant from `at` on at which the duty is there; None within the limit."""
    from_, limit = at, at + timedelta(days=LIMIT_DAYS)
    while from_ < limit:
        to = from_ + LOOKED_AT_ONCE
        found = duty_intervals(duty, telephone_calendars, from_, to)
        if found:
            return found[0].from_
        from_ = to
    return None


def duty_intervals(
    duty: DutyHours, telephone_calendars: tuple[Calendar, ...], from_: datetime, to: datetime
) -> Intervals:
    """The duty hours between two instants, merged."""
    own = open_intervals(duty.own, from_, to, as_borders=True) if duty.own else ()
    own = union(own, clip(_early_starts(duty, telephone_calendars, from_, to), from_, to))
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


def _begun_early(duty: DutyHours, telephone_calendars: tuple[Calendar, ...], at: datetime) -> bool:
    return any(at in piece for piece in _early_starts(duty, telephone_calendars, at, at))


def _early_starts(
    duty: DutyHours, telephone_calendars: tuple[Calendar, ...], from_: datetime, to: datetime
) -> Iterator[Interval]:
    """The time by which the duty begins earlier, on each date from one instant to another."""
    if duty.own is None or not duty.from_early_closing:
        return
    day, last = local_date(duty.own, from_), local_date(duty.own, to)
    while day <= last:
        early = early_start(duty.own, telephone_calendars, day)
        if early:
            yield early
        day = next_day(day)


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


def told_duty_hours(answer: DutyHoursAnswer) -> Reason:
    """Name what an answer about duty hours comes to."""
    if answer:
        code = Code.DUTY_HOURS
    elif answer.reason.code is DutyHoursCode.PLANNED_GAP:
        code = Code.PLANNED_GAP
    else:
        code = Code.OUTSIDE_DUTY_HOURS
    return because(code, duty=answer.reason.ref)
