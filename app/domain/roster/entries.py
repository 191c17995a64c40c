"""Roster entries: overrides and absences, each with its author, and perhaps withdrawn.

A roster's plan is its document (people, rotations, last resort) with the entries in force.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.access.actor import Actor
from app.domain.roles import RotationRole
from app.domain.roster.plan import Absence, Override, Roster

Dated = Override | Absence
# A form takes a moment to be filled in: what began while it was is no correction of the past.
STILL_NOW: Final = timedelta(minutes=15)


class EntryKind(StrEnum):
    """What an entry does to the plan."""

    OVERRIDE = "override"  # somebody takes a role
    ABSENCE = "absence"  # somebody cannot be rung


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took an entry back, and when."""

    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether somebody had agreed to a change of their duty within the notice time."""

    person: str
    has_agreed: bool


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """An override or absence as it is stored. Withdrawn ones stay, for old calls.

    `place` is the entry in whose place it stands, where it has moved with its shift. `consents`
    are of those whose duty it changed at short notice.
    """

    id: int
    dated: Dated
    author: Actor
    made_at: datetime
    withdrawal: Withdrawal | None = None
    place: int | None = None
    consents: tuple[Consent, ...] = ()

    @property
    def is_correction(self) -> bool:
        """Whether it was made for time that was gone already; a file only tells what has been."""
        is_late = self.dated.from_ < self.made_at - STILL_NOW
        return is_late and not self.author.is_import

    @property
    def kind(self) -> EntryKind:
        """What it does to the plan."""
        return kind_of(self.dated)


@dataclass(frozen=True, slots=True)
class EntryIdentity:
    """What makes two entries the same one; why and by whom they were made does not matter."""

    kind: EntryKind
    person: str
    from_: datetime
    to: datetime
    role: RotationRole | None = None
    instead_of: str | None = None
    fills: bool = True


def kind_of(dated: Dated) -> EntryKind:
    """What an override or absence is called as an entry."""
    return EntryKind.OVERRIDE if isinstance(dated, Override) else EntryKind.ABSENCE


def identity_of(dated: Dated) -> EntryIdentity:
    """What the same entry has in common with itself, wherever it is written."""
    match dated:
        case Override(person, role, from_, to, _, _, instead_of, fills):
            return EntryIdentity(EntryKind.OVERRIDE, person, from_, to, role, instead_of, fills)
        case Absence(person, from_, to):
            return EntryIdentity(EntryKind.ABSENCE, person, from_, to)


def dated_of(roster: Roster) -> tuple[Dated, ...]:
    """Every override and absence of a roster, in their order."""
    return (*roster.overrides, *roster.absences)


def with_dated(roster: Roster, dated: Iterable[Dated]) -> Roster:
    """The roster with these overrides and absences in place of its own; later overrides win."""
    each = tuple(dated)
    return replace(
        roster,
        overrides=tuple(one for one in each if isinstance(one, Override)),
        absences=tuple(one for one in each if isinstance(one, Absence)),
    )


def corrects_the_past(dated: Dated, now: datetime) -> bool:
    """Whether an entry made now would change time that is gone."""
    return dated.from_ < now - STILL_NOW


def is_over(dated: Dated, at: datetime) -> bool:
    """Whether it changes nothing from an instant on."""
    return dated.to <= at
