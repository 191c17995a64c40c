"""Who is on duty at an instant, in ringing order, who is skipped, who is only told, and why.

Wall time appears only as a rotation's handovers (turns.py); all else are instants.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.domain.desks.duty_hours import DutyHours, DutyHoursAnswer
from app.domain.message_refs import MessageRef
from app.domain.reasons import Reason, RosterCode, because
from app.domain.roles import DutyRole, Role
from app.domain.roster.plan import Absence, Override, Person, Roster, Shift, absence_at, days_of
from app.domain.roster.rotation import Rotation, RotationKind
from app.domain.roster.shifts import shadow_shifts_at, shifts, shifts_at

__all__ = [
    "Absence",
    "DutyHours",
    "DutyHoursAnswer",
    "DutyList",
    "OnDuty",
    "Override",
    "Person",
    "Roster",
    "Rotation",
    "RotationKind",
    "Shadow",
    "Shift",
    "Skipped",
    "on_duty",
    "shifts",
]


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody to ring, with their numbers in order and the time of their shift.

    The last resort has no end, and its bare numbers have no person.
    """

    person: Person | None
    role: DutyRole
    numbers: tuple[str, ...]
    from_: datetime | None
    to: datetime | None
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Somebody whose shift it is, but who cannot be rung or is in the list already."""

    person: str
    role: DutyRole
    why: Reason


@dataclass(frozen=True, slots=True)
class Shadow:
    """Somebody who gets the duty's SMS, is never rung, and covers nothing.

    With a hindrance they do not get it either: it says why not.
    """

    person: Person
    from_: datetime
    to: datetime
    why: Reason
    hindrance: Reason | None = None


@dataclass(frozen=True, slots=True)
class DutyList:
    """Who is rung, in order; who is skipped; the roles that nobody has; and who is only told."""

    ringing: tuple[OnDuty, ...]
    skipped: tuple[Skipped, ...] = ()
    gaps: tuple[Reason, ...] = ()
    shadows: tuple[Shadow, ...] = ()

    @property
    def sms_only(self) -> tuple[Person, ...]:
        """Those who get the duty's SMS and are never rung."""
        return tuple(each.person for each in self.shadows if each.hindrance is None)


def on_duty(roster: Roster, at: datetime) -> DutyList:
    """Primary, backup and last resort at the instant, in ringing order, with reasons.

    Nobody is listed twice. Absent people and people without a number are skipped.
    """
    ringing: list[OnDuty] = []
    skipped: list[Skipped] = []
    gaps: list[Reason] = []
    for shift in shifts_at(roster, at):
        if shift.person is None:
            gaps.append(shift.why)
            continue
        person, role = roster.person(shift.person), shift.role
        assert role is not Role.SHADOW
        hindrance = _hindrance(roster, shift.person, at) or _listed(ringing, shift.person)
        if hindrance or person is None:
            why = hindrance or because(RosterCode.UNKNOWN_PERSON)
            skipped.append(Skipped(shift.person, role, why))
        else:
            ringing.append(
                OnDuty(person, role, person.numbers, shift.from_, shift.to, (shift.why,))
            )
    for entry in _last_resort(roster, at, ringing):
        if isinstance(entry, Skipped):
            skipped.append(entry)
        else:
            ringing.append(entry)
    shadows = tuple(_shadows(roster, at, ringing)) if roster.slots(Role.SHADOW) else ()
    return DutyList(tuple(ringing), tuple(skipped), tuple(gaps), shadows)


def _shadows(roster: Roster, at: datetime, ringing: list[OnDuty]) -> Iterator[Shadow]:
    for shift in shadow_shifts_at(roster, at):
        person = roster.person(shift.person) if shift.person else None
        if person:
            hindrance = _hindrance(roster, person.id, at) or _listed(ringing, person.id)
            yield Shadow(person, shift.from_, shift.to, shift.why, hindrance)


def _last_resort(roster: Roster, at: datetime, before: list[OnDuty]) -> Iterator[OnDuty | Skipped]:
    """Who is rung when all others are silent, in order: people, and numbers that are nobody's."""
    reason = (because(RosterCode.LAST_RESORT),)
    for is_person, entries in groupby(roster.last_resort, lambda e: roster.person(e) is not None):
        together = tuple(entries)
        if not is_person:
            yield OnDuty(None, Role.LAST_RESORT, together, None, None, reason)
            continue
        for person in filter(None, map(roster.person, together)):
            hindrance = _not_there(roster, person.id, at) or _hindrance(roster, person.id, at)
            hindrance = hindrance or _listed(before, person.id)
            if hindrance:
                yield Skipped(person.id, Role.LAST_RESORT, hindrance)
            else:
                yield OnDuty(person, Role.LAST_RESORT, person.numbers, None, None, reason)


def _hindrance(roster: Roster, person_id: str, at: datetime) -> Reason | None:
    """Why a person cannot be rung at the instant, or None."""
    person = roster.person(person_id)
    if person is None:
        return because(RosterCode.UNKNOWN_PERSON)
    absence = absence_at(roster, person_id, at)
    if absence:
        return because(RosterCode.ABSENT, note=absence.note or None)
    return None if person.numbers else because(RosterCode.NO_NUMBER)


def _not_there(roster: Roster, person_id: str, at: datetime) -> Reason | None:
    """Why somebody is not there by their first and last day; a turn has its own rule."""
    days = days_of(roster, person_id)
    if at < days.from_:
        return because(RosterCode.NOT_THERE_YET)
    return because(RosterCode.HAS_LEFT) if at >= days.to else None


def _listed(ringing: list[OnDuty], person_id: str) -> Reason | None:
    for earlier in ringing:
        if earlier.person and earlier.person.id == person_id:
            return because(RosterCode.ALREADY_LISTED, role=MessageRef(f"role.{earlier.role}"))
    return None
