"""What a calendar shows of a roster: who is rung when, by the functions that calls are routed by.

How it is written is ical.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.roles import Role
from app.domain.roster.plan import Roster, Shift, absences_of
from app.domain.roster.shifts import shadow_shifts
from app.domain.roster.timeline import PieceKind, timeline
from app.domain.time.intervals import Interval, subtract
from app.domain.time.wall_time import starts_at, wall

DAYS_BACK: Final = 90
DAYS_AHEAD: Final = 400
DAYS_CANCELLED: Final = 30  # for which a shift that is gone is told as cancelled


class EventStatus(StrEnum):
    """Whether a shift is still there."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """Somebody's time in one place on duty.

    It is the same one, whoever has it, as long as place and beginning are the same.
    """

    role: Role
    slot: int
    person: str
    when: Interval
    instead_of: str | None = None
    status: EventStatus = EventStatus.CONFIRMED

    @property
    def place(self) -> tuple[Role, int, datetime]:
        """What makes it the same event."""
        return self.role, self.slot, self.when.from_


def span_of_calendar(now: datetime, zone: ZoneInfo) -> Interval:
    """What a calendar holds: whole days, so that it is the same all day."""
    today = now.astimezone(zone).date()
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    return Interval(starts_at(wall(first, 0), zone), starts_at(wall(last, 0), zone))


def calendar_events(
    roster: Roster, span: Interval, person: str | None = None
) -> tuple[CalendarEvent, ...]:
    """Everybody's times on duty, or one person's, in order; the last resort has none."""
    found = (each for each in _events(roster, span) if person in (None, each.person))
    return tuple(sorted(found, key=lambda each: (each.when, each.role, each.slot)))


def cancelled_events(
    before: Iterable[CalendarEvent], now_there: Iterable[CalendarEvent], now: datetime
) -> tuple[CalendarEvent, ...]:
    """What stood in the calendar before, is not over, and stands there no more."""
    there = {each.place for each in now_there}
    gone = {
        each.place: CalendarEvent(
            each.role, each.slot, each.person, each.when, each.instead_of, EventStatus.CANCELLED
        )
        for each in before
        if each.place not in there and each.when.to > now
    }
    return tuple(gone[place] for place in sorted(gone, key=lambda each: (each[2], each[0])))


def _events(roster: Roster, span: Interval) -> Iterator[CalendarEvent]:
    for line in timeline(roster, (), span).results:
        for piece in line.pieces:
            if piece.kind is PieceKind.ON_DUTY and piece.person:
                yield CalendarEvent(
                    line.role, line.slot, piece.person, piece.whole, piece.shift.instead_of
                )
    for shift in shadow_shifts(roster, span.from_, span.to):
        yield from _shadow_events(roster, shift)


def _shadow_events(roster: Roster, shift: Shift) -> Iterator[CalendarEvent]:
    if shift.person:
        for when in subtract((shift.interval,), absences_of(roster, shift.person)):
            yield CalendarEvent(Role.SHADOW, shift.slot, shift.person, when)
