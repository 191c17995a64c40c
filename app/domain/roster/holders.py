"""Who has each place of a role at an instant, by the rotations and the overrides over them.

From when to when is shifts.py; whether that person can be rung (absent, no number) on_duty.py.
"""

from dataclasses import dataclass
from datetime import datetime

from app.domain.reasons import RosterCode
from app.domain.roles import Role, TurnRole
from app.domain.roster.plan import (
    ALL_TIME,
    Override,
    Roster,
    overrides_around,
    ringable_at,
    same_absences_around,
)
from app.domain.roster.slots import Slot
from app.domain.roster.turns import RotationTurn, Turns
from app.domain.time.intervals import Interval


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a place at an instant, and the turn and override that say so."""

    person: str | None
    planned: str | None
    turn: RotationTurn | None  # what the plan says; None without any rotation
    within: Interval  # around the instant, where the plan gives the place to just this person
    override: Override | None = None

    @property
    def limit(self) -> Interval:
        """Beyond which the shift never goes on."""
        if self.override:
            return Interval(self.override.from_, self.override.to)
        return self.turn.span if self.turn and self.turn.is_turn else ALL_TIME

    def is_same_shift(self, other: "Holder") -> bool:
        """Whether two instants that follow each other lie in one shift."""
        if self.override or other.override:
            return self.override is other.override
        return (self._plan, self.person) == (other._plan, other.person)

    @property
    def _plan(self) -> tuple[Turns, int, RosterCode | None] | None:
        """Whose turn it is of which rotation, or why nobody's."""
        turn = self.turn
        return (turn.turns, turn.number, turn.nobody) if turn else None


@dataclass(frozen=True, slots=True)
class Look:
    """A role's holders at an instant, and the stretch in which just these overrides hold."""

    holders: list[Holder]
    overrides: tuple[Override, ...]
    around: Interval

    def stretch(self, slot: int) -> tuple[datetime, datetime]:
        """Around the instant, where nothing that decides the place begins or ends."""
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


NO_ROTATION = Holder(None, None, None, ALL_TIME)


def look(roster: Roster, role: TurnRole, at: datetime) -> Look:
    """Each place's turn, and over it every override in order, so that a later one wins."""
    overrides, around = overrides_around(roster, role, at)
    slots = roster.slots(role)
    holders = [_planned(slot, at) for slot in slots] or [NO_ROTATION]
    if role is Role.BACKUP and any(slot.backup_is_next for slot in slots):
        holders = _with_next(roster, at, holders)
    for override in overrides:
        place = _place_of(override, holders)
        if place is not None:
            was = holders[place]
            holders[place] = Holder(override.person, was.planned, was.turn, was.within, override)
    return Look(holders, overrides, around)


def _planned(slot: Slot, at: datetime) -> Holder:
    turn, within = slot.at(at)
    return Holder(turn.person, turn.person, turn, within)


def _with_next(roster: Roster, at: datetime, holders: list[Holder]) -> list[Holder]:
    """The backups with those who are next in line.

    Never somebody who is primary or backup already, nor somebody who cannot be rung.
    """
    primary = look(roster, Role.PRIMARY, at)
    overrides, around = overrides_around(roster, Role.BACKUP, at)
    decide = (around, primary.around, same_absences_around(roster, at))
    taken = [each.person for each in primary.holders]
    found: list[Holder] = []
    for slot, planned in zip(roster.slots(Role.BACKUP), holders, strict=True):
        holder, turn = planned, planned.turn
        if slot.backup_is_next and turn and turn.is_turn:
            person = _next_in_line(roster, turn, overrides, taken, at)
            others = (each.within for each in (*primary.holders, *found))
            within = _overlap((planned.within, *decide, *others))
            holder = Holder(person, person, turn, within)
        taken.append(holder.person)
        found.append(holder)
    return found


def _next_in_line(
    roster: Roster,
    turn: RotationTurn,
    overrides: tuple[Override, ...],
    taken: list[str | None],
    at: datetime,
) -> str | None:
    """The first one after a turn who is free; who has given the turn away is the last in line.

    Whoever an override would replace by somebody who has a role already is passed over.
    """
    passed = {each.instead_of for each in overrides if each.person in taken}
    for person in turn.turns.after(turn):
        if person not in taken and person not in passed and ringable_at(roster, person, at):
            return person
    return None


def _overlap(stretches: tuple[Interval, ...]) -> Interval:
    """What is in all of the stretches, which have an instant in common."""
    return Interval(max(each.from_ for each in stretches), min(each.to for each in stretches))


def _place_of(override: Override, holders: list[Holder]) -> int | None:
    if override.instead_of is None:
        return 0 if override.fills or holders[0].person else None
    persons = [holder.person for holder in holders]
    return persons.index(override.instead_of) if override.instead_of in persons else None
