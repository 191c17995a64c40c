"""Shifts: who has a role, and from when to when, by the rotations and the overrides.

Whether that person can be rung (absent, no number) is on_duty.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain.message_refs import MessageRef
from app.domain.reasons import Reason, RosterCode, because
from app.domain.roles import ROTATION_ROLES, Role, RotationRole
from app.domain.roster.plan import (
    Override,
    Roster,
    Shift,
    index,
    overrides_around,
    ringable_at,
    same_absences_around,
)
from app.domain.roster.rotation import RotationTurn, RotationTurns
from app.domain.time.intervals import Interval
from app.domain.time.segments import BEGINNING, END

MAX_CACHED_SHIFTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who has a slot at an instant, and the turn and override that say so."""

    person: str | None
    planned: str | None
    turn: RotationTurn  # number -1 in time outside the rotation
    within: Interval  # around the instant, where the plan gives the slot to just this person
    override: Override | None = None

    def is_same_shift(self, other: "_Holder") -> bool:
        if self.override or other.override:
            return self.override is other.override
        return (self.turn.number, self.person) == (other.turn.number, other.person)


@dataclass(frozen=True, slots=True)
class _Look:
    """A role's holders at an instant, and the stretch in which just these overrides hold."""

    holders: list[_Holder]
    overrides: tuple[Override, ...]
    around: Interval

    def stretch(self, slot: int) -> tuple[datetime, datetime]:
        """Around the instant, where nothing that decides the slot begins or ends."""
        from_, to = self.around.from_, self.around.to
        for within in self._deciding(slot):
            from_, to = max(from_, within.from_), min(to, within.to)
        return from_, to

    def _deciding(self, slot: int) -> list[Interval]:
        holder = self.holders[slot]
        if holder.override and holder.override.instead_of is None and holder.override.fills:
            return []
        if any(override.instead_of for override in self.overrides):
            return [each.within for each in self.holders]  # whom it replaces may change anywhere
        return [holder.within]


def shifts_at(roster: Roster, at: datetime) -> tuple[Shift, ...]:
    """The shift of every slot at the instant, gaps too, in ringing order."""
    looks = ((role, _look(roster, role, at)) for role in ROTATION_ROLES)
    return tuple(
        _shift(roster, role, slot, look)
        for role, look in looks
        for slot in range(len(look.holders))
    )


def shifts(roster: Roster, from_: datetime, to: datetime) -> tuple[Shift, ...]:
    """Every slot's shifts between two instants, cut at both, gaps too.

    Those of one slot follow each other without gap or overlap.
    """
    return tuple(
        shift
        for role in ROTATION_ROLES
        for slot in range(max(1, len(roster.turns(role))))
        for shift in _slot_shifts(roster, role, slot, from_, to)
    )


def _slot_shifts(
    roster: Roster, role: RotationRole, slot: int, from_: datetime, to: datetime
) -> Iterator[Shift]:
    at = from_
    while at < to:
        shift = _shift(roster, role, slot, _look(roster, role, at))
        yield replace(shift, from_=max(shift.from_, from_), to=min(shift.to, to))
        at = shift.to


def _shift(roster: Roster, role: RotationRole, slot: int, look: _Look) -> Shift:
    """The slot's shift; one that was worked out before is found again by what decided it."""
    seen = index(roster).shifts
    plans = tuple(holder.within.from_ for holder in look.holders)
    key = (role, slot, look.around.from_, plans)
    shift = seen.get(key)
    if shift is None:
        if len(seen) >= MAX_CACHED_SHIFTS:
            seen.clear()
        shift = seen[key] = _work_out(roster, role, slot, look)
    return shift


def _work_out(roster: Roster, role: RotationRole, slot: int, look: _Look) -> Shift:
    holder = look.holders[slot]
    from_, to = _extent(roster, role, slot, look)
    reason = _why(roster, role, slot, holder)
    replaced = holder.planned if holder.override else None
    return Shift(role, slot, holder.person, from_, to, reason, replaced, holder.override)


def _look(roster: Roster, role: RotationRole, at: datetime) -> _Look:
    """Each slot's turn, and over it every override in order, so that a later one wins."""
    overrides, around = overrides_around(roster, role, at)
    holders = [_planned(turns, at) for turns in roster.turns(role)]
    if any(_is_next(turns, role) for turns in roster.turns(role)):
        holders = _with_next(roster, at, holders)
    holders = holders or [_outside(BEGINNING, END)]
    for override in overrides:
        slot = _slot_of(override, holders)
        if slot is not None:
            was = holders[slot]
            holders[slot] = _Holder(override.person, was.planned, was.turn, was.within, override)
    return _Look(holders, overrides, around)


def _is_next(turns: RotationTurns, role: RotationRole) -> bool:
    """Whether a backup is whoever is next in the line of a primary rotation."""
    return role is not turns.rotation.role


def _with_next(roster: Roster, at: datetime, holders: list[_Holder]) -> list[_Holder]:
    """The backups with those who are next in line.

    Never somebody who is primary or backup already, nor somebody who cannot be rung.
    """
    primary = _look(roster, Role.PRIMARY, at)
    overrides, around = overrides_around(roster, Role.BACKUP, at)
    decide = (around, primary.around, same_absences_around(roster, at))
    taken = [each.person for each in primary.holders]
    found: list[_Holder] = []
    for line, planned in zip(roster.turns(Role.BACKUP), holders, strict=True):
        holder = planned
        if _is_next(line, Role.BACKUP) and planned.turn.number >= 0:
            person = _next_in_line(roster, line, planned.turn, overrides, taken, at)
            others = (each.within for each in (*primary.holders, *found))
            within = _overlap((planned.within, *decide, *others))
            holder = _Holder(person, person, planned.turn, within)
        taken.append(holder.person)
        found.append(holder)
    return found


def _next_in_line(
    roster: Roster,
    line: RotationTurns,
    turn: RotationTurn,
    overrides: tuple[Override, ...],
    taken: list[str | None],
    at: datetime,
) -> str | None:
    """The first one after a turn who is free; who has given the turn away is the last in line.

    Whoever an override would replace by somebody who has a role already is passed over.
    """
    passed = {each.instead_of for each in overrides if each.person in taken}
    for person in line.after(turn):
        if person not in taken and person not in passed and ringable_at(roster, person, at):
            return person
    return None


def _overlap(stretches: tuple[Interval, ...]) -> Interval:
    """What is in all of the stretches, which have an instant in common."""
    return Interval(max(each.from_ for each in stretches), min(each.to for each in stretches))


def _slot_of(override: Override, holders: list[_Holder]) -> int | None:
    if override.instead_of is None:
        return 0 if override.fills or holders[0].person else None
    persons = [holder.person for holder in holders]
    return persons.index(override.instead_of) if override.instead_of in persons else None


def _planned(turns: RotationTurns, at: datetime) -> _Holder:
    turn = turns.at(at)
    if turn:
        return _Holder(turn.person, turn.person, turn, Interval(turn.from_, turn.to))
    if turns.ends and at >= turns.ends:
        return _outside(turns.ends, END)
    return _outside(BEGINNING, turns.begins)


def _outside(from_: datetime, to: datetime) -> _Holder:
    return _Holder(None, None, RotationTurn(-1, None, from_, to), Interval(from_, to))


def _extent(
    roster: Roster, role: RotationRole, slot: int, look: _Look
) -> tuple[datetime, datetime]:
    """As far to both sides as the same turn or override goes on."""
    holder = look.holders[slot]
    limit = holder.override or holder.turn

    def goes_on(moment: datetime) -> _Look | None:
        there = _look(roster, role, moment)
        return there if there.holders[slot].is_same_shift(holder) else None

    from_, to = look.stretch(slot)
    while to < limit.to and (further := goes_on(to)):
        to = further.stretch(slot)[1]
    while from_ > limit.from_ and (further := goes_on(from_ - datetime.resolution)):
        from_ = further.stretch(slot)[0]
    return max(from_, limit.from_), min(to, limit.to)


def _why(roster: Roster, role: RotationRole, slot: int, holder: _Holder) -> Reason:
    if holder.override:
        note = holder.override.note or None
        planned = roster.name_of(holder.planned) if holder.planned else None
        return because(RosterCode.OVERRIDE, instead_of=planned, note=note)
    layers = roster.turns(role)
    if not layers:
        return because(RosterCode.NO_ROTATION, role=MessageRef(f"role.{role}"))
    is_next = _is_next(layers[slot], role)
    code = RosterCode.NEXT_IN_LINE if is_next else RosterCode.ROTATION
    if holder.turn.number < 0:
        not_begun = holder.turn.from_ == BEGINNING
        code = RosterCode.ROTATION_NOT_BEGUN if not_begun else RosterCode.ROTATION_ENDED
    elif holder.person is None:
        code = RosterCode.NOBODY_NEXT_IN_LINE if is_next else RosterCode.ROTATION_EMPTY
    return because(code, rotation=layers[slot].rotation.id)
