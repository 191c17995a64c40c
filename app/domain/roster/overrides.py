"""What an override changes, and when it changes nothing: asked before it is saved."""

from dataclasses import dataclass, replace

from app.domain.roster.plan import Override, Roster, Shift, absences_of
from app.domain.roster.shifts import shifts
from app.domain.time.intervals import Intervals, clip, union
from app.domain.why import Why, why


@dataclass(frozen=True, slots=True)
class OverrideEffect:
    """When somebody else has the role because of it, what stays without anybody, and remarks."""

    changed: Intervals
    gaps_left: Intervals
    why: tuple[Why, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether everything stays as it is without it."""
        return not self.changed


def override_effect(roster: Roster, override: Override) -> OverrideEffect:
    """Compares the roster with and without the override, over the override's own time.

    One that is not in the roster yet counts as the last, so it wins over those that are.
    """
    others = tuple(each for each in roster.overrides if each is not override)
    is_new = len(others) == len(roster.overrides)
    after = replace(roster, overrides=(*others, override)) if is_new else roster
    before = replace(roster, overrides=others)
    planned = _shifts(before, override)
    changed = union(
        piece
        for now in _shifts(after, override)
        if now.override is override
        for was in planned
        if _is_other(was, now)
        for piece in clip((was.interval,), now.from_, now.to)
    )
    gaps = union(each.interval for each in _shifts(after, override) if each.person is None)
    return OverrideEffect(changed, gaps, _remarks(roster, override, planned, changed))


def _shifts(roster: Roster, override: Override) -> tuple[Shift, ...]:
    if override.from_ >= override.to:
        return ()
    found = shifts(roster, override.from_, override.to)
    return tuple(each for each in found if override.role in (each.role, None))


def _is_other(was: Shift, now: Shift) -> bool:
    same_slot = (was.role, was.slot) == (now.role, now.slot)
    return same_slot and was.person != now.person


def _remarks(
    roster: Roster, override: Override, planned: tuple[Shift, ...], changed: Intervals
) -> tuple[Why, ...]:
    remarks = [] if changed else [_why_nothing(override, planned)]
    person = roster.person(override.person)
    if person is None:
        remarks.append(why("unknown_person", person=override.person))
    elif not person.numbers:
        remarks.append(why("no_number", person=override.person))
    if clip(absences_of(roster, override.person), override.from_, override.to):
        remarks.append(why("absent", person=override.person))
    return tuple(remarks)


def _why_nothing(override: Override, planned: tuple[Shift, ...]) -> Why:
    persons = {shift.person for shift in planned}
    if not planned:
        return why("override_ends_before_it_begins")
    if override.instead_of and override.instead_of not in persons:
        return why("not_on_duty", person=override.instead_of)
    if persons == {None}:
        return why("nobody_to_replace")
    if persons == {override.person}:
        return why("already_on_duty", person=override.person)
    return why("later_override_wins")
