"""Whom a line rings in a site outage, and until when that holds.

There is no turn then and no clock: one answer must serve every caller from one change of
hours and duty to the next. How it is written for the network is site_outage_twiml.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.desks.desk import Desk, Line, LineKind
from app.domain.desks.duty_hours import in_duty_hours
from app.domain.hunts.hunt import Callee
from app.domain.hunts.ringing_order import first_line_of, on_the_list
from app.domain.roles import Role
from app.domain.roster.on_duty import DutyList, Roster, on_duty
from app.domain.simulate.proof.instants import changes
from app.domain.time.hours import is_open
from app.domain.time.intervals import Interval

MAX_VALIDITY: Final = timedelta(days=14)  # nothing is said to hold for longer


@dataclass(frozen=True, slots=True)
class StaticLinePlan:
    """Whom a line rings, in order, without anybody deciding.

    `rung` without a question; `if_critical` for who says that it cannot wait. Numbers of
    the last resort stand last in one of them wherever the desk has a duty: what is read too
    late must still lead to somebody.
    """

    line: Line
    is_duty_call: bool  # a duty line in duty hours
    rung: tuple[Callee, ...]
    if_critical: tuple[Callee, ...]

    @property
    def everybody(self) -> tuple[Callee, ...]:
        """Return all of them, each number once."""
        return _once((*self.rung, *self.if_critical))


@dataclass(frozen=True, slots=True)
class StaticPlan:
    """What a desk's lines do by themselves from an instant up to another."""

    desk: Desk
    from_: datetime
    until: datetime
    lines: tuple[StaticLinePlan, ...]


def build_static_plan(desk: Desk, roster: Roster | None, at: datetime) -> StaticPlan:
    """Tell what the lines do from `at` on, and when that changes first; at most 14 days ahead."""
    lines, end = build_line_plans(desk, roster, at), at + MAX_VALIDITY
    changing = (
        change
        for change in changes(desk, roster, Interval(at, end))
        if build_line_plans(desk, roster, change) != lines
    )
    return StaticPlan(desk, at, next(changing, end), lines)


def build_line_plans(desk: Desk, roster: Roster | None, at: datetime) -> tuple[StaticLinePlan, ...]:
    """Tell for each line of the desk whom it rings at an instant."""
    return tuple(_line_plan(desk, roster, line, at) for line in desk.lines)


def _line_plan(desk: Desk, roster: Roster | None, line: Line, at: datetime) -> StaticLinePlan:
    """On a duty line in duty hours everybody is rung; elsewhere the duty only if it is critical."""
    first_line = tuple(first_line_of(desk)) if _is_staffed(desk, at) else ()
    duty = tuple(on_the_list(_duty_list(desk, roster, at), line.languages[0]))
    if line.kind is LineKind.DUTY and _is_duty_time(desk, at):
        return StaticLinePlan(line, True, _once((*first_line, *duty)), ())
    numbers = {callee.number for callee in first_line}
    others = tuple(callee for callee in _once(duty) if callee.number not in numbers)
    return StaticLinePlan(line, False, _once(first_line), others)


def _is_staffed(desk: Desk, at: datetime) -> bool:
    return any(is_open(calendar, at) for calendar in desk.telephone_calendars())


def _is_duty_time(desk: Desk, at: datetime) -> bool:
    duty = desk.duty
    return duty is not None and bool(in_duty_hours(duty.hours, desk.telephone_calendars(), at))


def _duty_list(desk: Desk, roster: Roster | None, at: datetime) -> DutyList:
    """Who is on duty; outside duty hours the last resort alone, and nobody without a duty."""
    if roster is None or desk.duty is None:
        return DutyList(())
    listed = on_duty(roster, at)
    if _is_duty_time(desk, at):
        return listed
    return DutyList(tuple(each for each in listed.ringing if each.role is Role.LAST_RESORT))


def _once(callees: tuple[Callee, ...]) -> tuple[Callee, ...]:
    return tuple(_each_number(callees))


def _each_number(callees: tuple[Callee, ...]) -> Iterator[Callee]:
    seen: set[str] = set()
    for callee in callees:
        if callee.number not in seen:
            seen.add(callee.number)
            yield callee
