"""Lines of a roster that change nothing: swaps with nobody, absences of nobody on duty.

Warnings, each with why. What is over is asked of `at`, which the caller gives.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.config.calendar_effects import Warned
from app.domain.message_refs import MessageRef, ref
from app.domain.roles import ROTATION_ROLES, Role, TurnRole
from app.domain.roster.entry_effect import LONGEST_LOOK
from app.domain.roster.plan import Absence, Override, Roster, Shift, days_of
from app.domain.roster.shifts import shifts
from app.domain.time.intervals import Interval, Intervals, intersect, subtract, union

MOST_LOOKED_AT: Final = 200  # overrides of one roster, the first that are not over

Held = dict[tuple[TurnRole, int, str | None], Intervals]


def roster_lines_without_effect(roster: Roster, at: datetime, until: datetime) -> Warned:
    """Yield each line of a roster that changes nothing; backups are looked at until `until`."""
    yield from _what_is_over(roster, at)
    coming = ((i, each) for i, each in enumerate(roster.overrides) if each.to > at)
    for index, override in islice(coming, MOST_LOOKED_AT):
        reason = _why_it_changes_nothing(roster, index, override)
        if reason:
            key = "instead_of" if override.instead_of else "person"
            yield ("overrides", index, key), reason
    yield from _absences(roster, at)
    yield from _backups(roster, Interval(at, until))


def _what_is_over(roster: Roster, at: datetime) -> Warned:
    """One warning for them all: a roster that is kept for years has many."""
    both: dict[str, tuple[Override | Absence, ...]] = {
        "overrides": roster.overrides,
        "absences": roster.absences,
    }
    for key, dated in both.items():
        over = [index for index, each in enumerate(dated) if each.to <= at]
        if over:
            others = len(over) - 1
            several = ref("diagnostic.over.several", count=others)
            yield (key, over[0]), several if others else ref("diagnostic.over.one")


def _why_it_changes_nothing(roster: Roster, index: int, override: Override) -> MessageRef | None:
    """Say why nobody's duty changes by an override; None where somebody's does."""
    if override.person == override.instead_of:
        return ref("diagnostic.override_changes_nothing.for_themselves", person=override.person)
    if not intersect((Interval(override.from_, override.to),), (days_of(roster, override.person),)):
        return ref("diagnostic.override_changes_nothing.not_there", person=override.person)
    to = min(override.to, override.from_ + LONGEST_LOOK)
    around = [
        (i, each)
        for i, each in enumerate(roster.overrides)
        if each.from_ < to and override.from_ < each.to
    ]
    before = replace(roster, overrides=tuple(each for i, each in around if i < index))
    span = Interval(override.from_, to)
    was = _held(before, span)
    if was == _held(replace(before, overrides=(*before.overrides, override)), span):
        return _nobody_to_replace(roster, override, was) if to == override.to else None
    without = replace(roster, overrides=tuple(each for i, each in around if i != index))
    if to == override.to and _held(without, span) == _held(roster, span):
        return ref("diagnostic.override_changes_nothing.covered")
    return None


def _nobody_to_replace(roster: Roster, override: Override, was: Held) -> MessageRef:
    role = tuple(str(each) for each in ([override.role] if override.role else ROTATION_ROLES))
    if override.instead_of:
        start, end = _wall(override, roster)
        return ref(
            "diagnostic.override_changes_nothing.nothing_to_take",
            person=override.instead_of,
            role=role,
            start=start,
            end=end,
        )
    if not override.fills and all(person is None for r, _, person in was if r is override.role):
        return ref("diagnostic.override_changes_nothing.nobody_has_role", role=role)
    return ref(
        "diagnostic.override_changes_nothing.has_it_anyway", person=override.person, role=role
    )


def _wall(dated: Override | Absence, roster: Roster) -> tuple[datetime, datetime]:
    zone = ZoneInfo(roster.time_zone)
    return dated.from_.astimezone(zone), dated.to.astimezone(zone)


def _held(roster: Roster, span: Interval) -> Held:
    """Return who has which role when; whole shifts do not matter, nor why."""
    pieces: dict[tuple[TurnRole, int, str | None], list[Interval]] = {}
    for shift in shifts(roster, span.from_, span.to):
        pieces.setdefault((shift.role, shift.slot, shift.person), []).append(shift.interval)
    return {holder: union(each) for holder, each in pieces.items()}


def _absences(roster: Roster, at: datetime) -> Warned:
    members = {member for layer in roster.layers for member in layer.members}
    takes_turns = members | {override.person for override in roster.overrides}
    earlier: dict[str, list[Interval]] = {}
    for index, absence in enumerate(roster.absences):
        span = Interval(absence.from_, absence.to)
        if absence.to > at and absence.person not in takes_turns:
            message = ref(
                "diagnostic.absence_changes_nothing.takes_no_turns", person=absence.person
            )
            yield ("absences", index, "person"), message
        elif absence.to > at and not subtract((span,), earlier.get(absence.person, [])):
            message = ref(
                "diagnostic.absence_changes_nothing.absent_already", person=absence.person
            )
            yield ("absences", index, "from"), message
        earlier.setdefault(absence.person, []).append(span)


def _backups(roster: Roster, span: Interval) -> Warned:
    """A backup who is the primary all the time is rung once: nobody is behind the primary."""
    found = shifts(roster, span.from_, span.to)
    backups = [
        index
        for index, layer in enumerate(roster.layers)
        if layer.role is Role.BACKUP and layer.over is None
    ]
    for slot, index in enumerate(backups):
        own = [each for each in found if each.role is Role.BACKUP and each.slot == slot]
        persons = {shift.person for shift in own if shift.person}
        if persons and all(_is_primary_too(person, own, found) for person in persons):
            message = ref("diagnostic.backup_is_primary")
            yield ("rotations", index, "members"), message


def _is_primary_too(person: str, own: list[Shift], found: tuple[Shift, ...]) -> bool:
    backup = [shift.interval for shift in own if shift.person == person]
    primary = [
        each.interval for each in found if each.role is Role.PRIMARY and each.person == person
    ]
    return intersect(backup, primary) == union(backup)


def zones_differ(desk_zone: str, roster: Roster) -> Iterator[MessageRef]:
    """Say that desk and roster tell the time differently, where they do."""
    if desk_zone != roster.time_zone:
        yield ref("diagnostic.time_zones_differ", desk=desk_zone, roster=roster.time_zone)
