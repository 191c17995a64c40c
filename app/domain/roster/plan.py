"""What a roster is: people, rotations, and the dated overrides and absences. Values only.

Who is on duty by it is on_duty.py.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.reasons import Reason
from app.domain.roles import ROTATION_ROLES, TURN_ROLES, RotationRole, TurnRole
from app.domain.roster.confirmation_rules import ConfirmationRules
from app.domain.roster.member_days import NO_DAYS, MemberDays
from app.domain.roster.rotation import Rotation
from app.domain.roster.slots import Slot, slots_of
from app.domain.roster.working_hours.pay_rules import NO_PAY, PayRules
from app.domain.roster.working_hours.rules import USUAL_RULES, WorkingHoursRules
from app.domain.time.intervals import Interval, Intervals, union
from app.domain.time.segments import BEGINNING, END, Segments
from app.domain.time.wall_time import starts_at, wall

USUAL_NOTICE_DAYS: Final = 14  # aml § 10-3: the plan is there two weeks before it begins


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be on duty, with numbers in the order in which they are rung.

    `days` are the first and the last on which they are there. What turns they have then is
    member_days.py; whatever else names them counts from midnight to midnight.
    """

    id: str
    name: str
    numbers: tuple[str, ...]
    language: str = ""
    days: MemberDays = NO_DAYS


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
    working_hours: WorkingHoursRules = USUAL_RULES
    pay: PayRules = NO_PAY
    notice_days: int = USUAL_NOTICE_DAYS  # how long before a change of duty people are told
    swaps_need_approval: bool = False  # by a coordinator, after both have said yes
    confirmation: ConfirmationRules | None = None  # of shifts; nobody is asked without it
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

    def slots(self, role: TurnRole) -> tuple[Slot, ...]:
        """The places of one role, in order.

        Of the backups those come last who follow a primary rotation: its own place.
        """
        return index(self).slots[role]


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's time in one role; a gap has no person. `slot` counts a role's places."""

    role: TurnRole
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


ALL_TIME: Final = Interval(BEGINNING, END)
ShiftKey = tuple[TurnRole, int, datetime, tuple[datetime, ...]]


@dataclass(frozen=True, slots=True)
class RosterIndex:
    """A roster's parts as they are looked up: by id, by role, and dated ones for bisection."""

    people: dict[str, Person]
    slots: dict[TurnRole, tuple[Slot, ...]]
    overrides: dict[TurnRole, tuple[tuple[Override, ...], Segments]]
    absences: dict[str, tuple[tuple[Absence, ...], Segments]]
    absent: dict[str, Intervals]  # the same, merged
    days: dict[str, Interval]  # of those who have a first or a last day
    away: Segments  # every absence and every such day, whoever's it is
    shifts: dict[ShiftKey, Shift]  # those worked out so far


def index(roster: Roster) -> RosterIndex:
    """The roster's index, made once per roster value."""
    if not roster.index_cache:
        roster.index_cache.append(_index(roster))
    return roster.index_cache[0]


def overrides_around(
    roster: Roster, role: TurnRole, at: datetime
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
    if not (person and person.numbers) or absence_at(roster, person_id, at):
        return False
    there = index(roster).days.get(person_id)
    return there is None or at in there


def days_of(roster: Roster, person_id: str) -> Interval:
    """From the midnight of a person's first day to that after the last one."""
    return index(roster).days.get(person_id, ALL_TIME)


def has_left(roster: Roster, person_id: str, at: datetime) -> bool:
    """Whether the person's last day is over: they are on the roster for what was, and no more."""
    return days_of(roster, person_id).to <= at


def same_absences_around(roster: Roster, at: datetime) -> Interval:
    """How long around the instant just the same people are absent, or have not come or left."""
    return index(roster).away.at(at)[1]


def absences_of(roster: Roster, person_id: str) -> Intervals:
    """When a person cannot be rung, merged."""
    return index(roster).absent.get(person_id, ())


def _index(roster: Roster) -> RosterIndex:
    days = {person.id: person.days for person in roster.people if person.days != NO_DAYS}
    there = {person: _interval(each, ZoneInfo(roster.time_zone)) for person, each in days.items()}
    by_person: dict[str, list[Absence]] = {}
    for absence in roster.absences:
        by_person.setdefault(absence.person, []).append(absence)
    away = [Interval(each.from_, each.to) for each in roster.absences]
    return RosterIndex(
        people={person.id: person for person in roster.people},
        slots=slots_of(roster.layers, roster.time_zone, days),
        overrides={role: _overrides(roster.overrides, role, there) for role in TURN_ROLES},
        absences={
            person: (tuple(each), Segments([Interval(one.from_, one.to) for one in each]))
            for person, each in by_person.items()
        },
        absent={
            person: union(Interval(one.from_, one.to) for one in each)
            for person, each in by_person.items()
        },
        days=there,
        away=Segments([*away, *there.values()]),
        shifts={},
    )


def _overrides(
    overrides: tuple[Override, ...], role: TurnRole, days: dict[str, Interval]
) -> tuple[tuple[Override, ...], Segments]:
    """The overrides of a role, each while its person is there; shadows have none."""
    if role not in ROTATION_ROLES:
        return (), Segments(())
    of_role = tuple(each for each in overrides if each.role in (role, None))
    spans = [Interval(each.from_, each.to) for each in of_role]
    for place, each in enumerate(of_role) if days else ():
        there = days.get(each.person, ALL_TIME)
        spans[place] = Interval(max(each.from_, there.from_), min(each.to, there.to))
    return of_role, Segments(spans)


def _interval(days: MemberDays, zone: ZoneInfo) -> Interval:
    """From the first midnight to the last."""
    from_ = starts_at(wall(days.first, 0), zone) if days.first else BEGINNING
    to = starts_at(wall(days.last + timedelta(days=1), 0), zone) if days.last else END
    return Interval(from_, to)
