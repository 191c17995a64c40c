"""What a request changes when somebody says yes: the difference of each of its shifts, together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce

from app.domain.desks.desk import Desk
from app.domain.roster.duty_requests import DutyRequest
from app.domain.roster.entries import dated_of, with_dated
from app.domain.roster.entry_difference import (
    DeskCoverage,
    EntryDifference,
    PersonDuty,
    difference,
)
from app.domain.roster.entry_effect import EntryEffect
from app.domain.roster.plan import Override, Roster
from app.domain.time.intervals import Interval, union


def request_difference(
    roster: Roster,
    request: DutyRequest,
    overrides: Sequence[Override],
    desks: Sequence[Desk],
    now: datetime,
) -> EntryDifference:
    """Compare the roster with what it would be with the overrides of a request.

    The people of the request are told also where their hours stay the same.
    """
    told = []
    for override in overrides:
        told.append(difference(roster, override, desks, now))
        roster = with_dated(roster, (*dated_of(roster), override))
    found = reduce(_together, told)
    return replace(found, people=tuple(_in_order(found.people, request.people)))


def _together(one: EntryDifference, other: EntryDifference) -> EntryDifference:
    first, last = sorted((one, other), key=lambda each: each.span)
    span = Interval(first.span.from_, max(one.span.to, other.span.to))
    return EntryDifference(
        span,
        EntryEffect(
            union(one.effect.changed, other.effect.changed),
            (*one.effect.uncovered, *other.effect.uncovered),
            (*one.effect.without_backup, *other.effect.without_backup),
            (*one.effect.why, *other.effect.why),
        ),
        (*first.before, *last.before),
        (*first.after, *last.after),
        tuple(_sum(one.people, other.people)),
        (*one.closed, *other.closed),
        tuple(_coverage((*one.coverage, *other.coverage))),
        one.is_short_notice or other.is_short_notice,
    )


def _sum(*groups: Iterable[PersonDuty]) -> Iterable[PersonDuty]:
    found: dict[str, PersonDuty] = {}
    for each in (each for group in groups for each in group):
        was = found.get(each.person)
        found[each.person] = _added(was, each) if was else each
    return found.values()


def _added(one: PersonDuty, other: PersonDuty) -> PersonDuty:
    return PersonDuty(
        one.person,
        one.shifts_before + other.shifts_before,
        one.shifts_after + other.shifts_after,
        one.before + other.before,
        one.after + other.after,
    )


def _coverage(desks: Iterable[DeskCoverage]) -> Iterable[DeskCoverage]:
    found: dict[str, DeskCoverage] = {}
    for each in desks:
        was = found.get(each.desk)
        found[each.desk] = (
            replace(each, duty=was.duty + each.duty, gaps=union(was.gaps, each.gaps))
            if was
            else each
        )
    return found.values()


def _in_order(people: Iterable[PersonDuty], first: Sequence[str]) -> list[PersonDuty]:
    order = {person: place for place, person in enumerate(first)}
    return sorted(people, key=lambda each: order.get(each.person, len(order)))
