"""What a roster is: people, rotations, and the dated overrides and absences. Values only.

Who is on duty by it is on_duty.py.
"""

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.reasons import Reason
from app.domain.roles import ROTATION_ROLES, Role, RotationRole
from app.domain.roster.rotation import Rotation, RotationTurns
from app.domain.time.intervals import Interval, Intervals, union
from app.domain.time.segments import Segments


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be on duty, with numbers in the order in which they are rung."""

    id: str
    name: str
    numbers: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """A person takes a role for a while; one further on in the roster's list wins.

    With `instead_of` only where that person would have been, so gaps stay gaps, in the role
    or, with no role given, in whichever that person has. Without it the person takes the
    role's whole time; `fills=False` leaves what nobody had.
    """

    person: str
    role: RotationRole | None
    from_: datetime
    to: datetime
    note: str = ""
    author: str = ""
    instead_of: str | None = None
    fills: bool = True

    def __post_init__(self) -> None:
        if self.role is None and self.instead_of is None:
            raise ValueError("an override names a role or whom it replaces")


@dataclass(frozen=True, slots=True)
class Absence:
    """A person cannot be rung for a while, whatever the plan says."""

    person: str
    from_: datetime
    to: datetime
    note: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who takes turns, and what differs from it. The id is the roster's own, not a desk's."""

    id: str
    time_zone: str
    people: tuple[Person, ...] = ()
    layers: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()
    absences: tuple[Absence, ...] = ()
    last_resort: tuple[str, ...] = ()  # numbers, and ids of people
    # Worked out at the first question and kept with the value: no part of it.
    index_cache: "list[RosterIndex]" = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def person(self, person_id: str) -> Person | None:
        """The person with that id, or None."""
        return index(self).people.get(person_id)

    def name_of(self, person_id: str) -> str:
        """The person's name; the id where nobody has it."""
        person = self.person(person_id)
        return person.name if person else person_id

    @property
    def last_resort_numbers(self) -> tuple[str, ...]:
        """The numbers of the last resort in order, those of its people among them."""
        each = (self._numbers_of(entry) for entry in self.last_resort)
        return tuple(dict.fromkeys(number for numbers in each for number in numbers))

    def _numbers_of(self, entry: str) -> tuple[str, ...]:
        person = self.person(entry)
        return person.numbers if person else (entry,)

    def turns(self, role: RotationRole) -> tuple[RotationTurns, ...]:
        """The turns of each layer of one role, in order.

        Of the backups those come last who follow a primary rotation: its own turns.
        """
        return index(self).turns[role]


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's time in one role; a gap has no person. `slot` counts a role's layers."""

    role: RotationRole
    slot: int
    person: str | None
    from_: datetime
    to: datetime
    why: Reason
    instead_of: str | None = None  # whose time it was before an override
    override: Override | None = None

    @property
    def interval(self) -> Interval:
        """From when to when."""
        return Interval(self.from_, self.to)


ShiftKey = tuple[RotationRole, int, datetime, tuple[datetime, ...]]


@dataclass(frozen=True, slots=True)
class RosterIndex:
    """A roster's parts as they are looked up: by id, by role, and dated ones for bisection."""

    people: dict[str, Person]
    turns: dict[RotationRole, tuple[RotationTurns, ...]]
    overrides: dict[RotationRole, tuple[tuple[Override, ...], Segments]]
    absences: dict[str, tuple[tuple[Absence, ...], Segments]]
    away: Segments  # every absence, whoever's it is
    shifts: dict[ShiftKey, Shift]  # those worked out so far


def index(roster: Roster) -> RosterIndex:
    """The roster's index, made once per roster value."""
    if not roster.index_cache:
        roster.index_cache.append(_index(roster))
    return roster.index_cache[0]


def overrides_around(
    roster: Roster, role: RotationRole, at: datetime
) -> tuple[tuple[Override, ...], Interval]:
    """The overrides that can touch a role at the instant, in order, and how long just these."""
    overrides, segments = index(roster).overrides[role]
    holding, around = segments.at(at)
    return tuple(overrides[position] for position in holding), around


def absence_at(roster: Roster, person_id: str, at: datetime) -> Absence | None:
    """The absence that keeps a person from being rung at the instant, or None."""
    found = index(roster).absences.get(person_id)
    if found is None:
        return None
    absences, segments = found
    holding, _ = segments.at(at)
    return absences[holding[-1]] if holding else None


def ringable_at(roster: Roster, person_id: str, at: datetime) -> bool:
    """Whether the person has a number and is not absent at the instant."""
    person = roster.person(person_id)
    return bool(person and person.numbers) and absence_at(roster, person_id, at) is None


def same_absences_around(roster: Roster, at: datetime) -> Interval:
    """How long around the instant just the same people are absent."""
    return index(roster).away.at(at)[1]


def absences_of(roster: Roster, person_id: str) -> Intervals:
    """When a person cannot be rung, merged."""
    found = index(roster).absences.get(person_id)
    return union(Interval(each.from_, each.to) for each in found[0]) if found else ()


def _index(roster: Roster) -> RosterIndex:
    by_role = {
        role: tuple(each for each in roster.overrides if each.role in (role, None))
        for role in ROTATION_ROLES
    }
    by_person: dict[str, list[Absence]] = {}
    for absence in roster.absences:
        by_person.setdefault(absence.person, []).append(absence)
    turns = {
        role: tuple(
            RotationTurns(layer, roster.time_zone) for layer in roster.layers if layer.role is role
        )
        for role in by_role
    }
    followed = (each for each in turns[Role.PRIMARY] if each.rotation.backup_is_next)
    turns[Role.BACKUP] = (*turns[Role.BACKUP], *followed)
    return RosterIndex(
        people={person.id: person for person in roster.people},
        turns=turns,
        overrides={role: (each, _segments(each)) for role, each in by_role.items()},
        absences={
            person: (tuple(each), _segments(tuple(each))) for person, each in by_person.items()
        },
        away=_segments(roster.absences),
        shifts={},
    )


def _segments(dated: tuple[Override, ...] | tuple[Absence, ...]) -> Segments:
    return Segments([Interval(each.from_, each.to) for each in dated])
