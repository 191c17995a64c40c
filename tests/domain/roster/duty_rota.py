"""Invented people and rotations for the stories about who is on duty."""

from dataclasses import replace
from datetime import date

from app.domain.roles import Role
from app.domain.roster.on_duty import Absence, Override, Person, Roster, Rotation, RotationKind
from tests.domain.time.wall_clock import oslo

PEOPLE = tuple(
    Person(f"duty{n}", f"Duty {n}", (f"+474900001{n}", f"+472000001{n}"), "nn") for n in range(1, 5)
)
NAMES = tuple(person.id for person in PEOPLE)
LAST_RESORT = ("+4720000009",)
MONDAY = 0
REGULAR = (RotationKind.WEEKLY, RotationKind.DAILY, RotationKind.HOURS)  # of one length


def weekly(
    role: Role = Role.PRIMARY, members: tuple[str, ...] = NAMES, start: date = date(2026, 1, 5)
) -> Rotation:
    """Handed over every Monday at 08:00; week 2 of 2026 is the first member's."""
    return Rotation(str(role), role, members, RotationKind.WEEKLY, 480, start, MONDAY)


BACKUP = weekly(Role.BACKUP, (*NAMES[1:], NAMES[0]))


def rota(*layers: Rotation, **changes: object) -> Roster:
    """A weekly primary and a backup who is the next week's primary."""
    roster = Roster(
        "vakt", "Europe/Oslo", PEOPLE, layers or (weekly(), BACKUP), (), (), LAST_RESORT
    )
    return replace(roster, **changes)  # type: ignore[arg-type]


def takes(
    person: str, from_: str, to: str, role: Role | None = Role.PRIMARY, **changes: object
) -> Override:
    """A person takes a role between two wall times in Oslo."""
    override = Override(
        person, role, oslo(from_), oslo(to), instead_of="x" if role is None else None
    )
    return replace(override, **changes)  # type: ignore[arg-type]


def away(person: str, from_: str, to: str, note: str = "") -> Absence:
    return Absence(person, oslo(from_), oslo(to), note)
