"""Which lines of a desk are open, why, and when that changes next: hours only, not who answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.desks.desk import Agreement, Desk, Duty, Line, LineKind
from app.domain.desks.duty_hours import duty_intervals, in_duty_hours, next_duty, told_duty_hours
from app.domain.reasons import Reason
from app.domain.time.calendars import Calendar
from app.domain.time.hours import closes_at, is_open, next_opening

REACHES: Final = (timedelta(days=8), timedelta(days=100))  # in which the duty's hours may end


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether it is open, why, and what it is from the next change on.

    `agreements` are those whose telephone it is; none is the duty's own. Without `changes_at` it
    stays as it is.
    """

    agreements: tuple[Agreement, ...]
    is_open: bool
    why: Reason
    changes_at: datetime | None = None
    then: Reason | None = None


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A line with the hours that hold for it: a telephone's of each kind, or the duty's."""

    line: Line
    openings: tuple[Opening, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether it is open for anybody."""
        return any(each.is_open for each in self.openings)


def line_statuses(desk: Desk, at: datetime) -> tuple[LineStatus, ...]:
    """Say of each line whether it is open. A duty line is while the duty is there."""
    telephones = tuple(_telephones(desk, at))
    if desk.duty is None:
        return tuple(LineStatus(line, telephones) for line in desk.lines)
    duty = (_duty(desk, desk.duty, at),)
    return tuple(
        LineStatus(line, duty if line.kind is LineKind.DUTY else telephones) for line in desk.lines
    )


def _telephones(desk: Desk, at: datetime) -> Iterator[Opening]:
    for calendar in desk.telephone_calendars():
        agreements = tuple(
            each
            for each in desk.agreements
            if each.telephone and each.telephone_calendar == calendar.id
        )
        if agreements:
            yield _telephone(calendar, agreements, at)


def _telephone(calendar: Calendar, agreements: tuple[Agreement, ...], at: datetime) -> Opening:
    now = is_open(calendar, at)
    changes_at = closes_at(calendar, at) if now else next_opening(calendar, at)
    then = is_open(calendar, changes_at).reason if changes_at else None
    return Opening(agreements, bool(now), now.reason, changes_at, then)


def _duty(desk: Desk, duty: Duty, at: datetime) -> Opening:
    calendars = desk.telephone_calendars()
    now = in_duty_hours(duty.hours, calendars, at)
    changes_at = _ends(desk, duty, at) if now else next_duty(duty.hours, calendars, at)
    then = in_duty_hours(duty.hours, calendars, changes_at) if changes_at else None
    told = told_duty_hours(then) if then else None
    return Opening((), bool(now), told_duty_hours(now), changes_at, told)


def _ends(desk: Desk, duty: Duty, at: datetime) -> datetime | None:
    """When the duty hours that hold the instant end; None where they do not within reach."""
    for reach in REACHES:
        pieces = duty_intervals(duty.hours, desk.telephone_calendars(), at, at + reach)
        if pieces and pieces[0].to < at + reach:
            return pieces[0].to
    return None
