"""A rotation's shifts cover its time without gap or overlap, whatever is laid over them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.roles import Role
from app.domain.roster.on_duty import (
    Absence,
    Override,
    Roster,
    Rotation,
    RotationKind,
    Shift,
    on_duty,
    shifts,
)
from app.domain.roster.plan import absence_at
from app.domain.roster.shifts import shifts_at
from tests.domain.roster.duty_rota import NAMES, PEOPLE, REGULAR

ZONES = ("Europe/Oslo", "Australia/Lord_Howe", "America/Havana", "UTC")
NIGHTS = (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC))
ROLES = (Role.PRIMARY, Role.BACKUP)


# Around the nights on which the clocks change.
INSTANTS = st.builds(
    lambda night, minute: night + timedelta(minutes=minute),
    st.sampled_from(NIGHTS),
    st.one_of(st.integers(-20_000, 20_000), st.integers(-60, 240)),
)
A_NAME, A_ROLE = st.sampled_from(NAMES), st.sampled_from(ROLES)
SOMEBODY_OR_NOBODY, ANY_ROLE = st.none() | A_NAME, A_ROLE | st.none()
ABSENCES = st.builds(
    lambda person, ends: Absence(person, min(ends), max(ends)),
    A_NAME,
    st.tuples(INSTANTS, INSTANTS),
)


@st.composite
def rotations(draw: st.DrawFn, role: Role = Role.PRIMARY) -> Rotation:
    kind = draw(st.sampled_from(REGULAR))
    is_followed = role is Role.PRIMARY and draw(st.booleans())
    return Rotation(
        draw(st.sampled_from(("a", "b"))),
        role,
        tuple(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=is_followed))),
        kind,
        draw(st.one_of(st.integers(0, 1439), st.integers(60, 200))),
        draw(st.dates(date(2024, 1, 1), date(2026, 2, 1))),
        draw(st.integers(0, 6)),
        every=draw(st.integers(1, 36 if kind is RotationKind.HOURS else 3)),
        backup_is_next=is_followed,
    )


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    from_, to = sorted((draw(INSTANTS), draw(INSTANTS)))
    instead_of = draw(SOMEBODY_OR_NOBODY)
    return Override(
        draw(A_NAME),
        draw(ANY_ROLE) if instead_of else draw(A_ROLE),
        from_,
        to,
        instead_of=instead_of,
        fills=draw(st.booleans()),
    )


SOME_LAYERS = st.lists(A_ROLE.flatmap(rotations), max_size=3)
SOME_OVERRIDES, SOME_ABSENCES = st.lists(overrides(), max_size=5), st.lists(ABSENCES, max_size=3)
NEAR_A_CHANGE = st.dates(date(2026, 3, 20), date(2026, 4, 5))


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    layers = draw(SOME_LAYERS)
    if layers and draw(st.booleans()):
        layers[0] = replace(layers[0], until=draw(NEAR_A_CHANGE))
    return Roster(
        "any",
        draw(st.sampled_from(ZONES)),
        PEOPLE,
        tuple(layers),
        tuple(draw(SOME_OVERRIDES)),
        tuple(draw(SOME_ABSENCES)),
    )


@settings(max_examples=40)
@given(rotations(), st.sampled_from(ZONES), INSTANTS)
def test_a_rotations_shifts_follow_each_other_with_the_members_in_turn(
    rotation: Rotation, zone: str, first: datetime
) -> None:
    last = first + 5 * rotation.period
    found = list(shifts(Roster("r", zone, PEOPLE, (rotation,)), first, last))
    primary = [each for each in found if each.role is Role.PRIMARY]
    assert primary[0].from_ == first
    assert primary[-1].to == last
    for before, after in pairwise(primary):
        assert before.to == after.from_
        assert before.from_ < before.to
    whole = primary[1:-1]
    assert all(abs(each.interval.length - rotation.period) <= timedelta(hours=1) for each in whole)


@settings(max_examples=40)
@given(rotations(), st.sampled_from(ZONES), st.integers(0, 400))
def test_the_member_on_duty_is_the_one_a_walk_from_the_start_comes_to(
    rotation: Rotation, zone: str, periods: int
) -> None:
    roster = Roster("r", zone, PEOPLE, (rotation,))
    begin = datetime.combine(rotation.start - timedelta(days=1), time(), UTC)
    walked = list(shifts(roster, begin, begin + periods * rotation.period))
    persons = [each.person for each in walked if each.role is Role.PRIMARY and each.person]
    turns = 0
    for person in persons:
        # A turn that lies wholly in a skipped hour is left out, so the walk may jump by one.
        skipped = 0
        while rotation.members[(turns + skipped) % len(rotation.members)] != person:
            skipped += 1
            assert skipped <= 1
        turns += skipped + 1


@settings(max_examples=50)
@given(rosters(), INSTANTS, st.integers(1, 60_000))
def test_shifts_cover_each_roles_time_without_gap_or_overlap(
    roster: Roster, first: datetime, minutes: int
) -> None:
    last = first + timedelta(minutes=minutes)
    slots: dict[tuple[Role, int], list[Shift]] = {}
    for each in shifts(roster, first, last):
        slots.setdefault((each.role, each.slot), []).append(each)
    assert {role for role, _ in slots} == set(ROLES)
    for found in slots.values():
        assert (found[0].from_, found[-1].to) == (first, last)
        assert all(before.to == after.from_ for before, after in pairwise(found))
        assert all(each.from_ < each.to for each in found)


@settings(max_examples=50)
@given(rosters(), st.lists(INSTANTS, min_size=5, max_size=5))
def test_on_duty_agrees_with_the_shifts_and_with_a_plain_reading_of_the_overrides(
    roster: Roster, asked: list[datetime]
) -> None:
    for at in asked:
        found = on_duty(roster, at)
        here = list(shifts(roster, at, at + timedelta.resolution))
        plain = [person for role in ROLES for person in _plain(roster, role, at)]
        assert [each.person for each in here] == plain
        present = [p for p in plain if p and absence_at(roster, p, at) is None]
        assert [each.person.id for each in found.ringing if each.person] == list(
            dict.fromkeys(present)
        )
        assert all(each.from_ <= at < each.to for each in found.ringing if each.from_ and each.to)


def _plain(roster: Roster, role: Role, at: datetime) -> list[str | None]:
    """Each override in turn, applied to whom the rotations alone give."""
    bare = replace(roster, overrides=())
    soon = at + timedelta.resolution
    holders = [each.person for each in shifts(bare, at, soon) if each.role is role]
    active = [
        each
        for each in roster.overrides
        if each.from_ <= at < each.to and each.role in (role, None)
    ]
    if role is Role.BACKUP:
        _put_next(roster, holders, active, at)
    for override in active:
        if override.instead_of is None:
            if override.fills or holders[0]:
                holders[0] = override.person
        elif override.instead_of in holders:
            holders[holders.index(override.instead_of)] = override.person
    return holders


def _put_next(
    roster: Roster, holders: list[str | None], active: list[Override], at: datetime
) -> None:
    """The backups that follow a primary rotation, counted off on the list of its members."""
    primaries = [layer for layer in roster.layers if layer.role is Role.PRIMARY]
    followed = [layer for layer in primaries if layer.backup_is_next]
    taken = _plain(roster, Role.PRIMARY, at) + holders[: len(holders) - len(followed)]
    for count, layer in enumerate(followed):
        without_backup = replace(roster, layers=(layer,), overrides=())
        [turn, *_] = shifts(without_backup, at, at + timedelta.resolution)
        if turn.person is None:
            continue
        place = layer.members.index(turn.person)
        passed = [each.instead_of for each in active if each.person in taken]
        line = [
            each
            for each in (*layer.members[place + 1 :], *layer.members[: place + 1])
            if each not in taken and each not in passed and absence_at(roster, each, at) is None
        ]
        holders[len(holders) - len(followed) + count] = line[0] if line else None
        taken.append(line[0] if line else None)


@settings(max_examples=25)
@given(rosters(), INSTANTS)
def test_a_shift_is_the_same_from_its_first_to_its_last_moment(
    roster: Roster, at: datetime
) -> None:
    wide = timedelta(days=10)
    found = shifts(roster, at - wide, at + wide)
    for each in shifts_at(roster, at):
        [same] = [
            other
            for other in found
            if (other.role, other.slot) == (each.role, each.slot) and at in other.interval
        ]
        assert (same.person, same.override) == (each.person, each.override)
        assert same.from_ == max(each.from_, at - wide)
        assert same.to == min(each.to, at + wide)
