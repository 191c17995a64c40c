"""Rotations that hold in some hours only, and rotations laid over one another in one place."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.desks.duty_hours import DutyHours
from app.domain.roles import Role
from app.domain.roster.coverage import uncovered
from app.domain.roster.on_duty import Roster, Rotation, RotationKind, Shift, on_duty, shifts
from app.domain.roster.shifts import shifts_at
from app.domain.time.calendars import Calendar, HolidayPolicy, Window, overnight
from app.domain.time.hours import open_intervals
from app.domain.time.intervals import Interval
from tests.domain.roster.duty_rota import away, rota, takes, weekly
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.any_rosters import any_rosters, hours

WORKDAYS, WEEKEND = frozenset(range(5)), frozenset({5, 6})
NIGHTS = overnight(WORKDAYS, 15 * 60 + 30, 8 * 60)
ALL_DAY = Window(WEEKEND, 0, 1440)


def hours_of(*windows: Window, **more: object) -> Calendar:
    calendar = Calendar("rotation", "rotation", "Europe/Oslo", windows)
    return replace(calendar, **more)  # type: ignore[arg-type]


def nights_and_weekends(**more: object) -> Rotation:
    """Monday to Friday 15:30 to 08:00, Saturday and Sunday all day."""
    return replace(weekly(), hours=hours_of(NIGHTS, ALL_DAY, **more))


def primaries(roster: Roster, from_: str, to: str) -> list[tuple[str | None, str, str]]:
    found = shifts(roster, oslo(from_), oslo(to))
    return [
        (each.person, in_oslo(each.from_), in_oslo(each.to))
        for each in found
        if each.role is Role.PRIMARY and each.slot == 0
    ]


def primary_at(roster: Roster, at: str) -> str | None:
    return shifts_at(roster, oslo(at))[0].person


def test_a_week_of_nights_and_the_whole_weekend() -> None:
    assert primaries(rota(nights_and_weekends()), "2026-11-19 00:00", "2026-11-24 12:00") == [
        ("duty2", "Thu 2026-11-19 00:00", "Thu 2026-11-19 08:00"),
        (None, "Thu 2026-11-19 08:00", "Thu 2026-11-19 15:30"),
        ("duty2", "Thu 2026-11-19 15:30", "Fri 2026-11-20 08:00"),
        (None, "Fri 2026-11-20 08:00", "Fri 2026-11-20 15:30"),
        ("duty2", "Fri 2026-11-20 15:30", "Mon 2026-11-23 00:00"),
        (None, "Mon 2026-11-23 00:00", "Mon 2026-11-23 15:30"),
        ("duty3", "Mon 2026-11-23 15:30", "Tue 2026-11-24 08:00"),
        (None, "Tue 2026-11-24 08:00", "Tue 2026-11-24 12:00"),
    ]


def test_outside_its_hours_it_says_that_it_does_not_hold() -> None:
    found = on_duty(rota(nights_and_weekends()), oslo("2026-11-18 12:00"))
    assert (found.gaps[0].code, found.gaps[0].get("rotation")) == ("outside_rotation", "primary")
    assert [each.role for each in found.ringing] == [Role.LAST_RESORT]


def test_hours_over_the_handover_go_on_with_the_next_member() -> None:
    weekend = overnight(frozenset({6}), 20 * 60, 12 * 60)
    roster = rota(replace(weekly(), hours=hours_of(weekend)))
    assert primaries(roster, "2026-11-22 20:00", "2026-11-23 12:00") == [
        ("duty2", "Sun 2026-11-22 20:00", "Mon 2026-11-23 08:00"),
        ("duty3", "Mon 2026-11-23 08:00", "Mon 2026-11-23 12:00"),
    ]


def test_a_public_holiday_has_the_hours_of_a_sunday_where_the_rotation_says_so() -> None:
    plain = rota(nights_and_weekends())
    red = rota(nights_and_weekends(holidays="NO", holiday_policy=HolidayPolicy.AS_SUNDAY))
    ascension_day = "2027-05-06 12:00"
    assert primary_at(plain, ascension_day) is None
    assert primary_at(red, ascension_day) is not None


@pytest.mark.parametrize(
    ("night", "to", "length"),
    [("2026-03-28", "2026-03-29", 15.5), ("2026-10-24", "2026-10-25", 17.5)],
)
def test_a_night_across_a_clock_change_ends_at_eight_by_the_wall(
    night: str, to: str, length: float
) -> None:
    every_night = replace(weekly(), hours=hours_of(overnight(frozenset(range(7)), 930, 480)))
    [shift] = (
        each
        for each in shifts_at(rota(every_night), oslo(f"{night} 23:00"))
        if each.role is Role.PRIMARY
    )
    assert in_oslo(shift.to)[-16:] == f"{to} 08:00"
    assert shift.interval.length == timedelta(hours=length)


def test_the_hole_that_the_hours_leave_is_found() -> None:
    span = Interval(oslo("2026-11-18 00:00"), oslo("2026-11-19 00:00"))
    gaps = uncovered(rota(nights_and_weekends()), DutyHours(when_unstaffed=True), (), span)
    assert gaps == (Interval(oslo("2026-11-18 08:00"), oslo("2026-11-18 15:30")),)


# --- one laid over another -----------------------------------------------------------------------


def weekend_over(below: str = "primary", **more: object) -> Rotation:
    """The weekends, two people in turn: Saturday 00:00 to Monday 08:00."""
    monday = Window(frozenset({0}), 0, 480)
    layer = replace(weekly(members=("duty4", "duty1")), id="weekend", over=below)
    changes = {"hours": hours_of(ALL_DAY, monday), **more}
    return replace(layer, **changes)  # type: ignore[arg-type]


def test_one_place_has_the_weekdays_from_one_rotation_and_the_weekends_from_another() -> None:
    roster = rota(weekly(members=("duty1", "duty2", "duty3")), weekend_over())
    assert primaries(roster, "2026-11-16 08:00", "2026-11-30 08:00") == [
        ("duty1", "Mon 2026-11-16 08:00", "Sat 2026-11-21 00:00"),
        ("duty1", "Sat 2026-11-21 00:00", "Mon 2026-11-23 08:00"),
        ("duty2", "Mon 2026-11-23 08:00", "Sat 2026-11-28 00:00"),
        ("duty4", "Sat 2026-11-28 00:00", "Mon 2026-11-30 08:00"),
    ]
    assert len({each.slot for each in shifts_at(roster, oslo("2026-11-18 12:00"))}) == 1


def test_a_layer_in_the_middle_of_a_turn_splits_it_in_two() -> None:
    wednesdays = weekend_over(id="wednesdays", hours=hours_of(Window(frozenset({2}), 480, 960)))
    roster = rota(weekly(members=("duty2",)), wednesdays)
    assert primaries(roster, "2026-11-16 08:00", "2026-11-23 08:00") == [
        ("duty2", "Mon 2026-11-16 08:00", "Wed 2026-11-18 08:00"),
        ("duty1", "Wed 2026-11-18 08:00", "Wed 2026-11-18 16:00"),
        ("duty2", "Wed 2026-11-18 16:00", "Mon 2026-11-23 08:00"),
    ]


def test_two_layers_that_split_each_other_leave_each_its_own() -> None:
    """A day each, and a week of nights over them: neither is split where only the other changes."""
    by_day = replace(weekly(members=("duty1", "duty2")), kind=RotationKind.DAILY)
    nights = hours_of(overnight(frozenset(range(7)), 20 * 60, 6 * 60))
    by_night = weekend_over(members=("duty3", "duty4"), hours=nights)
    assert primaries(rota(by_day, by_night), "2026-11-22 12:00", "2026-11-24 06:00") == [
        ("duty2", "Sun 2026-11-22 12:00", "Sun 2026-11-22 20:00"),
        ("duty4", "Sun 2026-11-22 20:00", "Mon 2026-11-23 06:00"),
        ("duty2", "Mon 2026-11-23 06:00", "Mon 2026-11-23 08:00"),
        ("duty1", "Mon 2026-11-23 08:00", "Mon 2026-11-23 20:00"),
        ("duty3", "Mon 2026-11-23 20:00", "Tue 2026-11-24 06:00"),
    ]


def test_of_several_layers_the_last_one_that_has_somebody_wins() -> None:
    ends = weekend_over(id="temporary", members=("duty3",), hours=None, until=date(2026, 11, 19))
    roster = rota(weekly(members=("duty2",)), weekend_over(), ends)
    assert primary_at(roster, "2026-11-14 12:00") == "duty3"
    assert primary_at(roster, "2026-11-20 12:00") == "duty2"
    assert primary_at(roster, "2026-11-28 12:00") == "duty4"


def test_whoever_is_absent_has_the_place_all_the_same_and_is_skipped() -> None:
    roster = rota(
        weekly(members=("duty2",)),
        weekend_over(),
        absences=(away("duty4", "2026-11-28 00:00", "2026-11-30 08:00"),),
    )
    found = on_duty(roster, oslo("2026-11-28 12:00"))
    assert [each.person for each in found.skipped] == ["duty4"]
    assert [each.role for each in found.ringing] == [Role.LAST_RESORT]


def test_where_no_layer_has_anybody_it_says_so_for_the_one_that_is_in_force() -> None:
    ended = replace(weekly(), until=date(2026, 11, 1))
    gap = on_duty(rota(ended, weekend_over()), oslo("2026-11-18 12:00")).gaps[0]
    assert (gap.code, gap.get("rotation")) == ("outside_rotation", "weekend")


def test_the_backup_is_the_next_in_line_of_whichever_rotation_has_the_place() -> None:
    below = replace(weekly(members=("duty1", "duty2", "duty3")), backup_is_next=True)
    roster = rota(below, weekend_over())

    def rung(at: str) -> list[str]:
        return [each.person.id for each in on_duty(roster, oslo(at)).ringing if each.person]

    assert rung("2026-11-18 12:00") == ["duty1", "duty2"]
    assert rung("2026-11-28 12:00") == ["duty4", "duty1"]


def test_a_take_over_across_layers_is_one_shift() -> None:
    taken = takes("duty3", "2026-11-20 12:00", "2026-11-24 12:00")
    roster = rota(weekly(members=("duty2",)), weekend_over(), overrides=(taken,))
    assert primaries(roster, "2026-11-20 00:00", "2026-11-25 00:00") == [
        ("duty2", "Fri 2026-11-20 00:00", "Fri 2026-11-20 12:00"),
        ("duty3", "Fri 2026-11-20 12:00", "Tue 2026-11-24 12:00"),
        ("duty2", "Tue 2026-11-24 12:00", "Wed 2026-11-25 00:00"),
    ]


def test_impossible_rotations_are_refused() -> None:
    with pytest.raises(ValueError, match="primary"):
        weekend_over(backup_is_next=True)
    with pytest.raises(ValueError, match="rotation"):
        replace(weekly(), hours=hours_of())


# --- whatever the hours -------------------------------------------------------------------------

FIRST = datetime(2026, 3, 1, tzinfo=ZoneInfo("UTC"))
INSTANTS = st.timedeltas(timedelta(), timedelta(days=270)).map(lambda after: FIRST + after)


@settings(max_examples=25)
@given(hours("Europe/Oslo"), st.lists(INSTANTS, min_size=5, max_size=5))
def test_within_its_hours_everybody_has_the_turns_they_have_without(
    held: Calendar, asked: list[datetime]
) -> None:
    plain = weekly(start=date(2025, 1, 6))
    restricted = rota(replace(plain, hours=held))
    for at in asked:
        there = open_intervals(held, at, at + timedelta.resolution, as_borders=True)
        expected = shifts_at(rota(plain), at)[0].person if there else None
        assert shifts_at(restricted, at)[0].person == expected


@settings(max_examples=25)
@given(any_rosters(), INSTANTS)
def test_shifts_of_any_rotations_follow_each_other_and_are_as_long_as_they_can_be(
    roster: Roster, first: datetime
) -> None:
    last = first + timedelta(days=9)
    places: dict[tuple[Role, int], list[Shift]] = {}
    for each in shifts(roster, first, last):
        places.setdefault((each.role, each.slot), []).append(each)
    for found in places.values():
        assert (found[0].from_, found[-1].to) == (first, last)
        for before, after in pairwise(found):
            assert before.to == after.from_
            assert before.from_ < before.to
    for at in (first, first + timedelta(days=4, minutes=7)):
        for each in shifts_at(roster, at):
            [same] = (s for s in places[each.role, each.slot] if at in s.interval)
            assert (same.person, same.why, same.override) == (each.person, each.why, each.override)
            assert (same.from_, same.to) == (max(each.from_, first), min(each.to, last))


@settings(max_examples=25)
@given(any_rosters(), st.lists(INSTANTS, min_size=4, max_size=4))
def test_a_place_is_had_by_the_last_of_its_rotations_that_has_somebody(
    roster: Roster, asked: list[datetime]
) -> None:
    bare = replace(roster, overrides=(), absences=())
    alone = [
        replace(bare, layers=(replace(layer, over=None, backup_is_next=False),))
        for layer in roster.layers
    ]
    below = {layer.id: layer.over for layer in roster.layers}

    def lowest(rotation: str) -> str:
        under = below[rotation]
        return lowest(under) if under else rotation

    for at in asked:
        had: dict[str, str | None] = {}
        for layer, only in zip(roster.layers, alone, strict=True):
            if layer.role is not Role.PRIMARY:
                continue
            person = shifts_at(only, at)[0].person
            had[lowest(layer.id)] = person or had.get(lowest(layer.id))
        here = [each.person for each in shifts_at(bare, at) if each.role is Role.PRIMARY]
        assert here == (list(had.values()) or [None])
