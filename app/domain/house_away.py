"""Whom a line rings while the whole house is away, and until when that holds.

There is no turn then and no clock: one answer must serve every caller from one change of
hours and duty to the next. How it is written for the network is phone/static_lifeline.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.call import Callee
from app.domain.callees import first_line_of, on_the_list
from app.domain.desk import Desk, Line, LineKind
from app.domain.duty.duty_hours import in_duty_hours
from app.domain.duty.roster import DutyList, Role, Roster, on_duty
from app.domain.proof.instants import changes
from app.domain.time.hours import is_open
from app.domain.time.intervals import Interval

LOOKS_AHEAD: Final = timedelta(days=14)  # nothing is said to hold for longer


@dataclass(frozen=True, slots=True)
class LineAlone:
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
class DeskAlone:
    """What a desk's lines do by themselves from an instant up to another."""

    desk: Desk
    from_: datetime
    until: datetime
    lines: tuple[LineAlone, ...]


def desk_alone(desk: Desk, roster: Roster | None, at: datetime) -> DeskAlone:
    """Tell what the lines do from `at` on, and when that changes first; at most 14 days ahead."""
    lines, end = lines_alone(desk, roster, at), at + LOOKS_AHEAD
    changing = (
        change
        for change in changes(desk, roster, Interval(at, end))
        if lines_alone(desk, roster, change) != lines
    )
    return DeskAlone(desk, at, next(changing, end), lines)


def lines_alone(desk: Desk, roster: Roster | None, at: datetime) -> tuple[LineAlone, ...]:
    """Tell for each line of the desk whom it rings at an instant."""
    return tuple(_alone(desk, roster, line, at) for line in desk.lines)


def _alone(desk: Desk, roster: Roster | None, line: Line, at: datetime) -> LineAlone:
    """On a duty line in duty hours everybody is rung; elsewhere the duty only if it is critical."""
    first_line = tuple(first_line_of(desk)) if _is_staffed(desk, at) else ()
    duty = tuple(on_the_list(_duty_list(desk, roster, at), line.languages[0]))
    if line.kind is LineKind.DUTY and _is_duty_time(desk, at):
        return LineAlone(line, True, _once((*first_line, *duty)), ())
    numbers = {callee.number for callee in first_line}
    others = tuple(callee for callee in _once(duty) if callee.number not in numbers)
    return LineAlone(line, False, _once(first_line), others)


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
