"""Shifts: who has a role, and from when to when, by the rotations and the overrides.

Whether that person can be rung (absent, no number) is roster.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.duty_plan import Override, Roster, index, overrides_at
from app.domain.intervals import Interval
from app.domain.rotation import Role, Rotation, Turn, begins, ends, turn_at
from app.domain.segments import BEGINNING, END
from app.domain.why import Why, why

DUTY_ROLES = (Role.PRIMARY, Role.BACKUP)


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's time in one role; a gap has no person. `slot` counts a role's layers."""

    role: Role
    slot: int
    person: str | None
    from_: datetime
    to: datetime
    why: Why
    instead_of: str | None = None  # whose time it was before an override
    override: Override | None = None

    @property
    def interval(self) -> Interval:
        """From when to when."""
        return Interval(self.from_, self.to)


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who has a slot at an instant, and the turn and override that say so."""

    person: str | None
    planned: str | None
    turn: Turn  # without a person and number -1 in time outside the rotation
    override: Override | None = None

    def is_same_shift(self, other: "_Holder") -> bool:
        if self.override or other.override:
            return self.override is other.override
        return self.turn.number == other.turn.number


def shifts_at(roster: Roster, at: datetime) -> tuple[Shift, ...]:
    """The shift of every slot at the instant, gaps too, in ringing order."""
    return tuple(
        _shift(roster, role, slot, at)
        for role in DUTY_ROLES
        for slot in range(slot_count(roster, role))
    )


def shifts(roster: Roster, from_: datetime, to: datetime) -> tuple[Shift, ...]:
    """Every slot's shifts between two instants, cut at both, gaps too.

    Those of one slot follow each other without gap or overlap.
    """
    return tuple(
        shift
        for role in DUTY_ROLES
        for slot in range(slot_count(roster, role))
        for shift in _slot_shifts(roster, role, slot, from_, to)
    )


def slot_count(roster: Roster, role: Role) -> int:
    """How many people have the role at a time: one for each layer, at least one."""
    return max(1, len(roster.rotations(role)))


def _slot_shifts(
    roster: Roster, role: Role, slot: int, from_: datetime, to: datetime
) -> Iterator[Shift]:
    at = from_
    while at < to:
        shift = _shift(roster, role, slot, at)
        yield replace(shift, from_=max(shift.from_, from_), to=min(shift.to, to))
        at = shift.to


def _shift(roster: Roster, role: Role, slot: int, at: datetime) -> Shift:
    holder = _holders(roster, role, at)[slot]
    from_, to = _extent(roster, role, slot, at, holder)
    return Shift(
        role,
        slot,
        holder.person,
        from_,
        to,
        _why(roster, role, slot, holder),
        holder.planned if holder.override else None,
        holder.override,
    )


def _holders(roster: Roster, role: Role, at: datetime) -> list[_Holder]:
    """Each slot's turn, and over it every override in order, so that a later one wins."""
    holders = [_planned(rotation, roster.time_zone, at) for rotation in roster.rotations(role)]
    holders = holders or [_outside(BEGINNING, END)]
    for override in overrides_at(roster, role, at):
        slot = _slot_of(override, holders)
        if slot is not None:
            holders[slot] = replace(holders[slot], person=override.person, override=override)
    return holders


def _slot_of(override: Override, holders: list[_Holder]) -> int | None:
    if override.instead_of is None:
        return 0 if override.fills or holders[0].person else None
    persons = [holder.person for holder in holders]
    return persons.index(override.instead_of) if override.instead_of in persons else None


def _planned(rotation: Rotation, time_zone: str, at: datetime) -> _Holder:
    turn = turn_at(rotation, time_zone, at)
    if turn:
        return _Holder(turn.person, turn.person, turn)
    first = begins(rotation, time_zone)
    return (
        _outside(BEGINNING, first)
        if at < first
        else _outside(ends(rotation, time_zone) or first, END)
    )


def _outside(from_: datetime, to: datetime) -> _Holder:
    return _Holder(None, None, Turn(-1, None, from_, to))


def _extent(
    roster: Roster, role: Role, slot: int, at: datetime, holder: _Holder
) -> tuple[datetime, datetime]:
    """As far to both sides of the instant as the same turn or override goes on."""
    segments = index(roster).overrides[role][1]
    limit = holder.override or holder.turn

    def stretch(moment: datetime) -> tuple[datetime, datetime]:
        """Around the moment, where nothing that decides the slot begins or ends."""
        around = segments.around(moment)
        from_, to = around.from_, around.to
        if holder.override is None or holder.override.instead_of or not holder.override.fills:
            for other in _holders(roster, role, moment):
                from_, to = max(from_, other.turn.from_), min(to, other.turn.to)
        return from_, to

    def goes_on(moment: datetime) -> bool:
        return _holders(roster, role, moment)[slot].is_same_shift(holder)

    from_, to = stretch(at)
    while to < limit.to and goes_on(to):
        to = stretch(to)[1]
    while from_ > limit.from_ and goes_on(just_before := from_ - datetime.resolution):
        from_ = stretch(just_before)[0]
    return max(from_, limit.from_), min(to, limit.to)


def _why(roster: Roster, role: Role, slot: int, holder: _Holder) -> Why:
    if holder.override:
        note = holder.override.note
        return why("override", instead_of=holder.planned or "", note=note, role=role)
    rotations = roster.rotations(role)
    if not rotations:
        return why("no_rotation", role=role)
    rotation = rotations[slot]
    if holder.person:
        return why("rotation", rotation=rotation.id, role=role)
    if holder.turn.number >= 0:
        return why("rotation_empty", rotation=rotation.id, role=role)
    code = "rotation_not_begun" if holder.turn.from_ == BEGINNING else "rotation_ended"
    return why(code, rotation=rotation.id, role=role)
