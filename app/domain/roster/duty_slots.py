"""A shift that two people have agreed about, found again where the rotation has moved it.

The shift is its owner's time in one role. It is the same one as long as the two share more than
half of the longer of them: so there is never more than one, and a day never becomes a week.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from app.domain.roles import ROTATION_ROLES, Role, RotationRole
from app.domain.roster.plan import Override, Roster, Shift
from app.domain.roster.shifts import shifts, shifts_at
from app.domain.time.intervals import Interval

LONGEST_ASKED: Final = timedelta(days=400)  # a time whose shifts are asked about at once


@dataclass(frozen=True, slots=True)
class DutySlot:
    """Somebody's time in a role, as it was when it was agreed about.

    `shift` is all of their shift, `when` the part of it that is meant; an end that is the
    shift's own moves with the shift.
    """

    person: str
    role: RotationRole
    shift: Interval
    when: Interval

    @property
    def is_whole(self) -> bool:
        """Whether all of the shift is meant."""
        return self.shift == self.when

    def taken_by(self, person: str, note: str, author: str) -> Override:
        """The override by which somebody takes it."""
        when = self.when
        return Override(person, self.role, when.from_, when.to, note, author, self.person)


def slot_at(roster: Roster, person: str, role: Role, when: Interval) -> DutySlot | None:
    """The slot of somebody who has one shift in a role all through a time; None for others."""
    found = next(
        (each for each in shifts_at(roster, when.from_) if _is_of(each, person, role)), None
    )
    if found is None or found.to < when.to:
        return None
    role_of = next(each for each in ROTATION_ROLES if each is role)
    return DutySlot(person, role_of, found.interval, when)


def slots_between(roster: Roster, person: str, span: Interval) -> tuple[DutySlot, ...]:
    """Every shift that somebody has in a time, as far as it lies in it."""
    found = (each for each in shifts(roster, span.from_, span.to) if each.person == person)
    slots = (slot_at(roster, person, each.role, each.interval) for each in found)
    return tuple(sorted(filter(None, slots), key=lambda each: (each.when, each.role)))


def slot_now(roster: Roster, slot: DutySlot) -> DutySlot | None:
    """The same slot in the roster as it is; None where it is there no more."""
    there = _shifts_of(roster, slot)
    holding = (each for each in there if _holds(slot, each))
    shift = next(chain(holding, (each for each in there if _is_same(slot, each))), None)
    if shift is None:
        return None
    from_ = shift.from_ if slot.when.from_ == slot.shift.from_ else slot.when.from_
    to = shift.to if slot.when.to == slot.shift.to else slot.when.to
    from_, to = max(from_, shift.from_), min(to, shift.to)
    return replace(slot, shift=shift, when=Interval(from_, to)) if from_ < to else None


def _shifts_of(roster: Roster, slot: DutySlot) -> tuple[Interval, ...]:
    """All of its owner's shifts that lie in the time of the shift, uncut."""
    cut = shifts(roster, slot.shift.from_, slot.shift.to)
    begins = (each.from_ for each in cut if _is_of(each, slot.person, slot.role))
    return tuple(_whole(roster, slot, at) for at in begins)


def _whole(roster: Roster, slot: DutySlot, at: datetime) -> Interval:
    there = shifts_at(roster, at)
    return next(each.interval for each in there if _is_of(each, slot.person, slot.role))


def _holds(slot: DutySlot, piece: Interval) -> bool:
    """Whether a piece of the shift is left that has all that is meant: the rest was given away."""
    outer, inner = slot.shift, slot.when
    return outer.from_ <= piece.from_ <= inner.from_ and inner.to <= piece.to <= outer.to


def _is_same(slot: DutySlot, shift: Interval) -> bool:
    shared = min(slot.shift.to, shift.to) - max(slot.shift.from_, shift.from_)
    longer = max(slot.shift.to - slot.shift.from_, shift.to - shift.from_)
    return 2 * shared > longer


def _is_of(shift: Shift, person: str, role: Role) -> bool:
    return shift.person == person and shift.role is role
