"""What other rota systems have got wrong, or took long to get right, told in our own words.

Their threads are about shifts across a clock change, and overrides that touch a shift's border.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.domain.roles import Role
from app.domain.roster.on_duty import Override, Roster, Rotation, RotationKind, shifts
from tests.domain.roster.duty_rota import NAMES, rota, takes, weekly
from tests.domain.roster.test_rotation_hours import nights_and_weekends, primaries
from tests.domain.time.wall_clock import in_oslo, oslo

YEAR = ("2026-01-05 08:00", "2027-01-04 08:00")
DAILY = replace(weekly(), kind=RotationKind.DAILY)
SHIFTS_OF_12 = replace(weekly(), kind=RotationKind.HOURS, every=12)
SHIFTS_OF_8 = replace(weekly(), kind=RotationKind.HOURS, every=8)
FORTNIGHTS = replace(weekly(), every=2)


def of_a_year(rotation: Rotation) -> list[tuple[str | None, str, timedelta]]:
    found = shifts(rota(rotation), *map(oslo, YEAR))
    return [
        (each.person, in_oslo(each.from_)[-5:], each.interval.length)
        for each in found
        if each.role is Role.PRIMARY
    ]


@pytest.mark.parametrize(
    ("rotation", "handovers", "length"),
    [
        (weekly(), {"08:00"}, timedelta(weeks=1)),
        (FORTNIGHTS, {"08:00"}, timedelta(weeks=2)),
        (DAILY, {"08:00"}, timedelta(days=1)),
        (SHIFTS_OF_12, {"08:00", "20:00"}, timedelta(hours=12)),
        (SHIFTS_OF_8, {"08:00", "16:00", "00:00"}, timedelta(hours=8)),
    ],
)
def test_a_clock_change_moves_no_handover_and_leaves_no_hole(
    rotation: Rotation, handovers: set[str], length: timedelta
) -> None:
    """Just one shift of the year is an hour shorter, and one an hour longer."""
    found = of_a_year(rotation)
    assert {handover for _, handover, _ in found} == handovers
    hour = timedelta(hours=1)
    assert sorted(each for *_, each in found if each != length) == [length - hour, length + hour]
    assert all(person for person, *_ in found)


@pytest.mark.parametrize("rotation", [weekly(), FORTNIGHTS, DAILY, SHIFTS_OF_12, SHIFTS_OF_8])
def test_nobody_loses_or_gets_a_turn_by_a_clock_change(rotation: Rotation) -> None:
    persons = [person for person, *_ in of_a_year(rotation)]
    for before, after in pairwise(persons):
        assert after == NAMES[(NAMES.index(before or "") + 1) % len(NAMES)]


@pytest.mark.parametrize(
    ("night", "hours"),
    [(("2026-03-29 00:00", "2026-03-29 06:00"), 5), (("2026-10-25 00:00", "2026-10-25 06:00"), 7)],
)
def test_an_override_of_the_night_of_the_clock_change_is_as_long_as_the_night(
    night: tuple[str, str], hours: int
) -> None:
    found = shifts(rota(weekly(), overrides=(takes("duty4", *night),)), *map(oslo, night))
    assert found[0].person == "duty4"
    assert found[0].interval.length == timedelta(hours=hours)


# --- where an override lies in a week (Monday 16 to Monday 23 November is duty2's) ----------------

MONDAY, TUESDAY = "Mon 2026-11-16 08:00", "Tue 2026-11-17 08:00"
NEXT_MONDAY, TWO_WEEKS_ON = "Mon 2026-11-23 08:00", "Mon 2026-11-30 08:00"
BEFORE, AFTER = "Mon 2026-11-09 08:00", "Mon 2026-12-07 08:00"

Told = list[tuple[str | None, str]]  # who has it from when


def told(roster: Roster) -> Told:
    found = primaries(roster, "2026-11-09 08:00", "2026-12-07 08:00")
    assert found[-1][2] == AFTER
    return [(person, from_) for person, from_, _ in found]


def taken(from_: str, to: str, **changes: object) -> Override:
    return takes("duty1", from_, to, **changes)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        pytest.param(
            taken("2026-11-17 08:00", "2026-11-18 08:00"),
            [("duty2", MONDAY), ("duty1", TUESDAY), ("duty2", "Wed 2026-11-18 08:00")],
            id="inside",
        ),
        pytest.param(
            taken("2026-11-16 08:00", "2026-11-17 08:00"),
            [("duty1", MONDAY), ("duty2", TUESDAY)],
            id="from its beginning",
        ),
        pytest.param(
            taken("2026-11-22 08:00", "2026-11-23 08:00"),
            [("duty2", MONDAY), ("duty1", "Sun 2026-11-22 08:00")],
            id="to its end",
        ),
        pytest.param(
            taken("2026-11-16 08:00", "2026-11-23 08:00"),
            [("duty1", MONDAY)],
            id="just all of it",
        ),
    ],
)
def test_an_override_takes_its_own_time_and_leaves_the_rest(
    override: Override, expected: Told
) -> None:
    others = [("duty3", NEXT_MONDAY), ("duty4", TWO_WEEKS_ON)]
    assert told(rota(weekly(), overrides=(override,))) == [("duty1", BEFORE), *expected, *others]


def test_an_override_past_a_border_cuts_the_shifts_on_both_sides() -> None:
    past = taken("2026-11-22 20:00", "2026-11-24 20:00")
    assert told(rota(weekly(), overrides=(past,)))[1:4] == [
        ("duty2", MONDAY),
        ("duty1", "Sun 2026-11-22 20:00"),
        ("duty3", "Tue 2026-11-24 20:00"),
    ]


def test_an_override_over_several_shifts_is_one_shift_and_moves_nobody_elses_turn() -> None:
    long = taken("2026-11-12 08:00", "2026-12-01 08:00")
    assert told(rota(weekly(), overrides=(long,))) == [
        ("duty1", BEFORE),
        ("duty1", "Thu 2026-11-12 08:00"),
        ("duty4", "Tue 2026-12-01 08:00"),
    ]


def test_a_stand_in_over_several_restricted_shifts_keeps_the_gaps_between_them() -> None:
    stand_in = taken("2026-11-16 08:00", "2026-11-20 08:00", instead_of="duty2", role=None)
    roster = rota(nights_and_weekends(), overrides=(stand_in,))
    assert primaries(roster, "2026-11-17 08:00", "2026-11-18 12:00") == [
        (None, "Tue 2026-11-17 08:00", "Tue 2026-11-17 15:30"),
        ("duty1", "Tue 2026-11-17 15:30", "Wed 2026-11-18 08:00"),
        (None, "Wed 2026-11-18 08:00", "Wed 2026-11-18 12:00"),
    ]


def test_whoever_fills_the_gaps_has_them_too() -> None:
    fills = taken("2026-11-17 08:00", "2026-11-18 12:00")
    roster = rota(nights_and_weekends(), overrides=(fills,))
    assert primaries(roster, "2026-11-17 08:00", "2026-11-18 12:00") == [
        ("duty1", "Tue 2026-11-17 08:00", "Wed 2026-11-18 12:00")
    ]


def test_a_plan_that_ends_and_the_next_one_laid_over_it_leave_no_hole_between_them() -> None:
    ends = replace(weekly(members=("duty1",)), until=date(2026, 11, 18))
    follows = replace(
        weekly(members=("duty2",)), id="next", over="primary", kind=RotationKind.DAILY
    )
    follows = replace(follows, start=date(2026, 11, 18))
    assert primaries(rota(ends, follows), "2026-11-17 08:00", "2026-11-19 08:00") == [
        ("duty1", "Tue 2026-11-17 08:00", "Wed 2026-11-18 08:00"),
        ("duty2", "Wed 2026-11-18 08:00", "Thu 2026-11-19 08:00"),
    ]
