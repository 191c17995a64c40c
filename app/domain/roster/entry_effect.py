"""What an entry changes on duty, the gaps that it opens, and why it changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.desks.duty_hours import DutyHours
from app.domain.reasons import Reason, RosterCode, because
from app.domain.roles import TurnRole
from app.domain.roster.coverage import backup_lost, uncovered
from app.domain.roster.entries import Dated, dated_of, identity_of, is_over, with_dated
from app.domain.roster.plan import Override, Roster, Shift, absences_of, days_of
from app.domain.roster.shifts import shifts
from app.domain.time.calendars import Calendar
from app.domain.time.intervals import Interval, Intervals, clip, subtract, union

LONGEST_LOOK: Final = timedelta(days=400)

Slot = tuple[TurnRole, int, str]
Hole = Callable[[Roster, DutyHours, tuple[Calendar, ...], Interval], Intervals]


@dataclass(frozen=True, slots=True)
class OpenedGap:
    """Duty hours of a desk in which nobody, or nobody else, can be rung because of a change."""

    desk: str
    when: Intervals


@dataclass(frozen=True, slots=True)
class EntryEffect:
    """When other people are on duty because of a change, what it opens, and remarks."""

    changed: Intervals
    uncovered: tuple[OpenedGap, ...] = ()
    without_backup: tuple[OpenedGap, ...] = ()
    why: tuple[Reason, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether everybody is on duty as before."""
        return not self.changed


def effect_of_adding(
    roster: Roster, dated: Dated, desks: Sequence[Desk], at: datetime
) -> EntryEffect:
    """Compare a roster with and without an entry; one that is not in it counts as the last."""
    without = _without(roster, dated)
    is_new = without is roster
    with_it = with_dated(roster, (*dated_of(roster), dated)) if is_new else roster
    span = _span(dated, at)
    changed = _changed(without, with_it, span)
    remarks = tuple(_remarks(without, dated, changed, span, at))
    return _effect(without, with_it, desks, span, changed, remarks)


def effect_of_withdrawing(
    roster: Roster, dated: Dated, desks: Sequence[Desk], at: datetime
) -> EntryEffect:
    """Compare a roster with an entry and without."""
    after, span = _without(roster, dated), _span(dated, at)
    return _effect(roster, after, desks, span, _changed(roster, after, span), ())


def _effect(
    before: Roster,
    after: Roster,
    desks: Sequence[Desk],
    span: Interval,
    changed: Intervals,
    remarks: tuple[Reason, ...],
) -> EntryEffect:
    if not changed:
        return EntryEffect(changed, why=remarks)
    return EntryEffect(
        changed,
        _opened(uncovered, before, after, desks, span),
        _opened(backup_lost, before, after, desks, span),
        remarks,
    )


def _opened(
    hole: Hole, before: Roster, after: Roster, desks: Sequence[Desk], span: Interval
) -> tuple[OpenedGap, ...]:
    found: list[OpenedGap] = []
    for desk in desks:
        if desk.duty is None:
            continue
        hours, calendars = desk.duty.hours, desk.telephone_calendars()
        was = hole(before, hours, calendars, span)
        when = subtract(hole(after, hours, calendars, span), was)
        if when:
            found.append(OpenedGap(desk.id, when))
    return tuple(found)


def _without(roster: Roster, dated: Dated) -> Roster:
    """The roster without an entry; the very same roster where it does not have it."""
    identity, each = identity_of(dated), dated_of(roster)
    others = tuple(one for one in each if identity_of(one) != identity)
    return roster if len(others) == len(each) else with_dated(roster, others)


def _span(dated: Dated, at: datetime) -> Interval:
    """The part of an entry that is looked at: from now on, where it is not over."""
    from_ = dated.from_ if is_over(dated, at) else max(dated.from_, at)
    return Interval(from_, min(dated.to, from_ + LONGEST_LOOK))


def _changed(before: Roster, after: Roster, span: Interval) -> Intervals:
    was, now = _on_duty(before, span), _on_duty(after, span)
    slots = was.keys() | now.keys()
    return union(
        *(subtract(was.get(slot, ()), now.get(slot, ())) for slot in slots),
        *(subtract(now.get(slot, ()), was.get(slot, ())) for slot in slots),
    )


def _on_duty(roster: Roster, span: Interval) -> dict[Slot, Intervals]:
    """When each slot is somebody's who is not absent."""
    found: dict[Slot, list[Interval]] = {}
    for shift in shifts(roster, span.from_, span.to):
        if shift.person:
            there = subtract((shift.interval,), absences_of(roster, shift.person))
            found.setdefault((shift.role, shift.slot, shift.person), []).extend(there)
    return {slot: union(pieces) for slot, pieces in found.items()}


def _remarks(
    without: Roster, dated: Dated, changed: Intervals, span: Interval, at: datetime
) -> list[Reason]:
    remarks: list[Reason] = []
    if is_over(dated, at):
        remarks.append(because(RosterCode.ENTRY_IS_OVER))
    outside = _outside_days(without, dated, span)
    remarks += outside
    if not (changed or outside):
        remarks.append(_why_nothing(without, dated, span))
    if isinstance(dated, Override):
        person = without.person(dated.person)
        if person and not person.numbers:
            remarks.append(because(RosterCode.NO_NUMBER))
        if clip(absences_of(without, dated.person), span.from_, span.to):
            remarks.append(because(RosterCode.ABSENT))
    return remarks


def _outside_days(roster: Roster, dated: Dated, span: Interval) -> list[Reason]:
    """Why somebody does not take over all of it: they have a first or a last day."""
    days = days_of(roster, dated.person)
    if not isinstance(dated, Override):
        return []
    found = []
    if span.from_ < days.from_:
        found.append(because(RosterCode.NOT_THERE_YET))
    if span.to > days.to:
        found.append(because(RosterCode.HAS_LEFT))
    return found


def _why_nothing(without: Roster, dated: Dated, span: Interval) -> Reason:
    if not isinstance(dated, Override):
        if not subtract((span,), absences_of(without, dated.person)):
            return because(RosterCode.ABSENT_ALREADY, person=without.name_of(dated.person))
        return because(RosterCode.NOT_ON_DUTY, person=without.name_of(dated.person))
    planned = _planned(without, dated, span)
    persons = {shift.person for shift in planned}
    if dated.instead_of and dated.instead_of not in persons:
        return because(RosterCode.NOT_ON_DUTY, person=without.name_of(dated.instead_of))
    if persons == {None}:
        return because(RosterCode.NOBODY_TO_REPLACE)
    if persons == {dated.person} or dated.person == dated.instead_of:
        return because(RosterCode.ALREADY_ON_DUTY, person=without.name_of(dated.person))
    return because(RosterCode.LATER_OVERRIDE_WINS)


def _planned(roster: Roster, override: Override, span: Interval) -> tuple[Shift, ...]:
    found = shifts(roster, span.from_, span.to)
    return tuple(each for each in found if override.role in (each.role, None))
