"""Who had duty when: the shifts as they are after overrides and absences, in the duty hours.

The same people as on_duty.py would ring at each instant; the last resort is no duty.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.desks.duty_hours import DutyHours, duty_intervals
from app.domain.reasons import Reason
from app.domain.roles import Role, RotationRole
from app.domain.roster.plan import Roster, absences_of
from app.domain.roster.shifts import shifts
from app.domain.time.calendars import Calendar
from app.domain.time.intervals import Interval, Intervals, clip, subtract, union, within


@dataclass(frozen=True, slots=True)
class DeskDuty:
    """When a desk has duty: its documents, as far as hours are concerned."""

    desk: str
    hours: DutyHours
    telephones: tuple[Calendar, ...]


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """A roster and the desks that it has the duty of, for the time in which just these hold."""

    span: Interval
    roster: Roster
    desks: tuple[DeskDuty, ...]

    def between(self, span: Interval) -> "PlanInForce | None":
        """The part of it in a span, or None."""
        both = clip((self.span,), span.from_, span.to)
        return PlanInForce(both[0], self.roster, self.desks) if both else None

    def duty_hours(self) -> Intervals:
        """When any of the desks has duty."""
        span = self.span
        return union(
            *(duty_intervals(d.hours, d.telephones, span.from_, span.to) for d in self.desks)
        )


@dataclass(frozen=True, slots=True)
class DutyTime:
    """Some time for which one person had duty, in the first role that they were listed in."""

    person: str
    role: RotationRole
    interval: Interval
    why: Reason


def parts_of(plans: Iterable[PlanInForce], span: Interval) -> tuple[PlanInForce, ...]:
    """What of the plans lies in a span."""
    return tuple(part for plan in plans if (part := plan.between(span)))


def duty_hours(plans: Iterable[PlanInForce], span: Interval) -> Intervals:
    """When there is duty in a span, whoever has it."""
    return union(*(plan.duty_hours() for plan in parts_of(plans, span)))


def duty_times(plans: Iterable[PlanInForce], span: Interval) -> tuple[DutyTime, ...]:
    """Everybody's duty in a span, in order; nobody twice at one time."""
    found = (each for plan in parts_of(plans, span) for each in _of_plan(plan))
    return tuple(sorted(found, key=lambda each: (each.interval, each.person)))


def _of_plan(plan: PlanInForce) -> Iterator[DutyTime]:
    roster, hours = plan.roster, plan.duty_hours()
    if not hours:
        return
    away: dict[str, Intervals] = {}
    has: dict[str, list[Interval]] = {}
    for shift in shifts(roster, plan.span.from_, plan.span.to):
        person = roster.person(shift.person) if shift.person else None
        if person is None or not person.numbers or shift.role is Role.SHADOW:
            continue
        absent = away.setdefault(person.id, absences_of(roster, person.id))
        listed = has.setdefault(person.id, [])
        twice = (each for each in listed if each.from_ < shift.to and shift.from_ < each.to)
        not_there = (*within(absent, shift.interval), *twice)
        pieces = subtract(within(hours, shift.interval), not_there)
        listed.extend(pieces)
        yield from (DutyTime(person.id, shift.role, piece, shift.why) for piece in pieces)


def intervals_of(times: Iterable[DutyTime]) -> Mapping[str, Intervals]:
    """When each person had duty, merged."""
    found: dict[str, list[Interval]] = {}
    for each in times:
        found.setdefault(each.person, []).append(each.interval)
    return {person: union(pieces) for person, pieces in found.items()}
