"""Coverage: the hours that nobody covers, pointed out before somebody calls in them.

The last resort does not count as covered: it is there for when the plan has failed.
"""

from collections.abc import Iterable
from dataclasses import replace

from app.domain.desks.duty_hours import DutyHours, duty_intervals, staffed_intervals
from app.domain.roster.plan import Roster, Shift, absences_of
from app.domain.roster.shifts import shifts
from app.domain.time.calendars import Calendar
from app.domain.time.intervals import (
    Interval,
    Intervals,
    complement,
    intersect,
    overlapping,
    subtract,
    union,
)


def uncovered(
    roster: Roster,
    duty: DutyHours,
    telephone_calendars: tuple[Calendar, ...],
    span: Interval,
) -> Intervals:
    """The duty hours in which neither primary nor backup is somebody who can be rung.

    Somebody who can be rung has a number and is not absent.
    """
    return subtract(
        duty_intervals(duty, telephone_calendars, span.from_, span.to), covered(roster, span)
    )


def covered(roster: Roster, span: Interval) -> Intervals:
    """When somebody who can be rung is primary or backup."""
    return covered_by(roster, shifts(roster, span.from_, span.to))


def covered_by(roster: Roster, found: Iterable[Shift]) -> Intervals:
    """When somebody who can be rung has one of the roster's shifts."""
    return union(*_present(roster, found).values())


def with_backup(roster: Roster, span: Interval) -> Intervals:
    """When at least two people who can be rung are primary or backup: one behind the other."""
    one: Intervals = ()
    two: Intervals = ()
    for present in _present(roster, shifts(roster, span.from_, span.to)).values():
        two = union(two, intersect(one, present))
        one = union(one, present)
    return two


def without_backup(
    roster: Roster,
    duty: DutyHours,
    telephone_calendars: tuple[Calendar, ...],
    span: Interval,
) -> Intervals:
    """The duty hours in which just one person can be rung, and nobody is behind them."""
    hours = duty_intervals(duty, telephone_calendars, span.from_, span.to)
    return subtract(intersect(hours, covered(roster, span)), with_backup(roster, span))


def backup_lost(
    roster: Roster,
    duty: DutyHours,
    telephone_calendars: tuple[Calendar, ...],
    span: Interval,
) -> Intervals:
    """The duty hours with one person only in which the rotations by themselves have two.

    Overrides and absences have taken the second one away.
    """
    plan = replace(roster, overrides=(), absences=())
    left = without_backup(roster, duty, telephone_calendars, span)
    return intersect(left, with_backup(plan, span)) if left else ()


def _present(roster: Roster, found: Iterable[Shift]) -> dict[str, Intervals]:
    """When each person has a shift and can be rung."""
    present: dict[str, list[Interval]] = {}
    for shift in found:
        person = roster.person(shift.person) if shift.person else None
        if person and person.numbers:
            absent = overlapping(absences_of(roster, person.id), shift.interval)
            there = subtract((shift.interval,), absent)
            present.setdefault(person.id, []).extend(there)
    return {person: union(pieces) for person, pieces in present.items()}


def unattended(
    duty: DutyHours,
    telephone_calendars: tuple[Calendar, ...],
    span: Interval,
) -> Intervals:
    """The hours that are neither the desk's nor the duty's, and not a planned gap."""
    left = left_to_nobody(duty, telephone_calendars, span)
    return subtract(left, duty.planned_gaps.intervals(span.from_, span.to))


def left_to_nobody(
    duty: DutyHours,
    telephone_calendars: tuple[Calendar, ...],
    span: Interval,
) -> Intervals:
    """The hours that are neither the desk's nor the duty's, planned or not."""
    staffed = staffed_intervals(telephone_calendars, span.from_, span.to)
    duty_hours = duty_intervals(duty, telephone_calendars, span.from_, span.to)
    return complement(union(staffed, duty_hours), span.from_, span.to)
