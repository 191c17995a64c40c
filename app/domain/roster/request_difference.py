"""What a request changes when somebody says yes: the difference of each of its shifts, together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.desks.desk import Desk
from app.domain.roster.duty_requests import DutyRequest
from app.domain.roster.entries import dated_of, with_dated
from app.domain.roster.entry_difference import (
    DeskCoverage,
    EntryDifference,
    PersonDuty,
    coverage_of,
    difference,
    people_of,
    pieces_of,
)
from app.domain.roster.entry_effect import EntryEffect
from app.domain.roster.plan import Override, Roster
from app.domain.roster.timeline import timeline
from app.domain.time.intervals import Interval, union


def request_difference(
    roster: Roster,
    request: DutyRequest,
    overrides: Sequence[Override],
    desks: Sequence[Desk],
    now: datetime,
) -> EntryDifference:
    """Compare the roster with what it would be with the overrides of a request.

    Whoever gives or takes a shift is told of all their duty in the time of both, also where it is
    as much as before: one who is backup in the week that they are given had duty in it already.
    """
    told, changed = [], roster
    for override in overrides:
        told.append(difference(changed, override, desks, now))
        changed = with_dated(changed, (*dated_of(changed), override))
    spans = union(Interval(each.from_, each.to) for each in overrides)
    was, will_be = ([timeline(each, desks, span) for span in spans] for each in (roster, changed))
    theirs = {person for one in overrides for person in (one.person, one.instead_of)}
    people = _sum(*(people_of(roster, *each) for each in zip(was, will_be, strict=True)))
    concerned = [each for each in people if each.is_changed or each.person in theirs]
    effects = [each.effect for each in told]
    return EntryDifference(
        Interval(spans[0].from_, spans[-1].to),
        EntryEffect(
            union(*(each.changed for each in effects)),
            tuple(gap for each in effects for gap in each.uncovered),
            tuple(gap for each in effects for gap in each.without_backup),
            tuple(why for each in effects for why in each.why),
        ),
        tuple(piece for each in was for piece in pieces_of(each)),
        tuple(piece for each in will_be for piece in pieces_of(each)),
        tuple(_in_order(concerned, request.people)),
        tuple(gap for each in told for gap in each.closed),
        tuple(_coverage(each for shown in will_be for each in coverage_of(shown))),
        any(each.is_short_notice for each in told),
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
