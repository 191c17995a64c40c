"""Holidays that are shared out apart: each of them goes round, and the ordinary order rolls on."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.config.roster_document import read_roster
from app.domain.roles import Role
from app.domain.roster.holiday_turns import HolidayTurns, occurrences
from app.domain.roster.member_days import MemberDays
from app.domain.roster.on_duty import Roster, Rotation, RotationKind, on_duty, shifts
from app.domain.roster.rotation import HolidayPeriod
from app.domain.roster.shifts import shifts_at
from app.domain.roster.turn_order import Weights
from app.domain.roster.turns import RotationTurn
from app.domain.time.calendars import YearlyDay, parse_yearly_day
from app.domain.time.wall_time import starts_at
from tests.domain.config.desk_texts import ROSTER, changed, codes, line_of
from tests.domain.roster.duty_rota import NAMES, rota, weekly
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.any_rosters import holidays

OSLO = ZoneInfo("Europe/Oslo")


def period(name: str, first: str, last: str = "") -> HolidayPeriod:
    return HolidayPeriod(name, _day(first), _day(last or first))


def _day(text: str) -> YearlyDay | date:
    return date.fromisoformat(text) if text[:4].isdigit() else parse_yearly_day(text)


JUL = period("jul", "12-24", "12-26")
NEW_YEAR = period("nyttår", "12-31", "01-01")
EASTER = period("påske", "easter-3", "easter+1")


def shared(*periods: HolidayPeriod, **more: object) -> Rotation:
    """Over the weekly rotation, from 2026 on."""
    layer = Rotation(
        "holidays",
        Role.PRIMARY,
        NAMES,
        RotationKind.HOLIDAYS,
        480,
        date(2026, 1, 1),
        over="primary",
        holidays=periods,
    )
    return replace(layer, **more)  # type: ignore[arg-type]


def turns_of(rotation: Rotation, until: int) -> list[RotationTurn]:
    """Every holiday before a year."""
    turns = HolidayTurns(replace(rotation, over=None), OSLO.key)
    found, at = [], starts_at(rotation.first_handover, OSLO)
    while at < datetime(until, 1, 1, 12, tzinfo=OSLO):
        turn = turns.at(at)
        found.append(turn)
        at = turn.span.to
    return [turn for turn in found if turn.is_turn]


def told(turns: list[RotationTurn]) -> list[str]:
    return [
        f"{turn.person} {in_oslo(turn.span.from_)[:-6]} to {in_oslo(turn.span.to)[:-6]}"
        for turn in turns
    ]


def primary(roster: Roster, at: str) -> str | None:
    return shifts_at(roster, oslo(at))[0].person


def test_each_year_the_next_one_has_christmas_and_another_one_new_year() -> None:
    assert told(turns_of(shared(JUL, NEW_YEAR), 2029)) == [
        "duty1 Thu 2026-12-24 to Sun 2026-12-27",
        "duty2 Thu 2026-12-31 to Sat 2027-01-02",
        "duty2 Fri 2027-12-24 to Mon 2027-12-27",
        "duty3 Fri 2027-12-31 to Sun 2028-01-02",
        "duty3 Sun 2028-12-24 to Wed 2028-12-27",
        "duty4 Sun 2028-12-31 to Tue 2029-01-02",
    ]


def test_easter_is_found_every_year() -> None:
    assert told(turns_of(shared(EASTER), 2029)) == [
        "duty1 Thu 2026-04-02 to Tue 2026-04-07",
        "duty2 Thu 2027-03-25 to Tue 2027-03-30",
        "duty3 Thu 2028-04-13 to Tue 2028-04-18",
    ]


def test_with_a_handover_day_it_is_the_whole_weeks() -> None:
    weeks = shared(period("jul", "12-25"), handover_weekday=0)
    assert told(turns_of(weeks, 2028)) == [
        "duty1 Mon 2026-12-21 to Mon 2026-12-28",
        "duty2 Mon 2027-12-20 to Mon 2027-12-27",
    ]


def test_given_dates_of_one_name_are_one_holiday() -> None:
    ferie = (
        period("høstferie", "2026-10-05", "2026-10-09"),
        period("høstferie", "2027-10-04", "2027-10-08"),
    )
    assert told(turns_of(shared(*ferie), 2030)) == [
        "duty1 Mon 2026-10-05 to Sat 2026-10-10",
        "duty2 Mon 2027-10-04 to Sat 2027-10-09",
    ]


def test_of_two_holidays_that_overlap_the_first_one_goes_on() -> None:
    weeks = shared(JUL, NEW_YEAR, handover_weekday=0)
    assert told(turns_of(weeks, 2029))[-2:] == [
        "duty3 Mon 2028-12-18 to Mon 2029-01-01",
        "duty4 Mon 2029-01-01 to Mon 2029-01-08",
    ]


def test_the_ordinary_order_rolls_on_as_if_there_were_no_holidays() -> None:
    plain, with_holidays = rota(weekly()), rota(weekly(), shared(JUL, EASTER))
    for week in range(150):
        at = oslo("2026-01-07 12:00") + timedelta(weeks=week)
        local = at.astimezone(OSLO).date()
        is_holiday = any(
            days and days[0] <= local <= days[1]
            for each in (JUL, EASTER)
            if (days := each.in_year(local.year))
        )
        if not is_holiday:
            assert shifts_at(with_holidays, at)[0].person == shifts_at(plain, at)[0].person


def test_christmas_in_the_middle_of_a_week_splits_it() -> None:
    roster = rota(weekly(), shared(JUL, members=("duty4",)))
    found = shifts(roster, oslo("2026-12-21 08:00"), oslo("2026-12-28 08:00"))
    primaries = [each for each in found if each.role is Role.PRIMARY]
    assert [(each.person, in_oslo(each.to)) for each in primaries] == [
        ("duty3", "Thu 2026-12-24 08:00"),
        ("duty4", "Sun 2026-12-27 08:00"),
        ("duty3", "Mon 2026-12-28 08:00"),
    ]


def test_it_says_which_rotation_has_it() -> None:
    first = on_duty(rota(weekly(), shared(JUL)), oslo("2026-12-25 12:00")).ringing[0]
    assert (first.why[0].code, first.why[0].get("rotation")) == ("rotation", "holidays")


def test_the_next_in_line_of_a_holiday_is_whoever_has_it_next() -> None:
    below = replace(weekly(), backup_is_next=True)
    found = on_duty(rota(below, shared(JUL)), oslo("2026-12-25 12:00")).ringing
    assert [each.person.id for each in found if each.person] == ["duty1", "duty2"]


def test_whoever_has_left_has_no_holiday_any_more() -> None:
    turns = HolidayTurns(
        replace(shared(JUL), over=None), OSLO.key, {"duty2": MemberDays(last=date(2027, 12, 25))}
    )
    persons = [turns.at(oslo(f"{year}-12-25 12:00")).person for year in range(2026, 2032)]
    assert persons == ["duty1", "duty3", "duty4", "duty1", "duty3", "duty4"]


def test_before_it_begins_and_after_it_ends_it_has_nobody() -> None:
    short = rota(weekly(), shared(JUL, start=date(2027, 1, 1), until=date(2028, 12, 25)))
    assert primary(short, "2026-12-25 12:00") == primary(rota(weekly()), "2026-12-25 12:00")
    assert primary(short, "2027-12-25 12:00") == "duty1"
    assert primary(short, "2028-12-24 12:00") == "duty2"
    assert primary(short, "2028-12-25 12:00") == primary(rota(weekly()), "2028-12-25 12:00")


def test_a_holiday_of_two_kinds_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="jul"):
        period("jul", "12-24", "2026-12-26")
    with pytest.raises(ValueError, match="weekly"):
        replace(weekly(), holidays=(JUL,))


# --- whatever the holidays -----------------------------------------------------------------------


@settings(max_examples=15)
@given(
    st.lists(holidays(), min_size=1, max_size=4),
    st.none() | st.integers(0, 6),
    st.lists(st.integers(1, 4), min_size=4, max_size=4),
)
def test_everybody_has_every_holiday_as_often_as_their_weight_says(
    periods: list[HolidayPeriod], weekday: int | None, quarters: list[int]
) -> None:
    weights = Weights(tuple((n, 25 * q) for n, q in zip(NAMES, quarters, strict=True)))
    rotation = shared(*periods, handover_weekday=weekday, weights=(weights,))
    bare = replace(rotation, members=(), weights=())
    had: dict[int, list[str | None]] = {}
    for turn in turns_of(rotation, 2060):
        had.setdefault(occurrences(bare)[turn.number].holiday, []).append(turn.person)
    for persons in had.values():
        for name, quarter in zip(NAMES, quarters, strict=True):
            share = Fraction(len(persons) * quarter, sum(quarters))
            assert abs(persons.count(name) - share) < 1


@settings(max_examples=15)
@given(st.lists(holidays(), min_size=1, max_size=4), st.none() | st.integers(0, 6))
def test_no_day_of_a_holiday_is_left_out_and_none_is_anothers(
    periods: list[HolidayPeriod], weekday: int | None
) -> None:
    turns = HolidayTurns(shared(*periods, handover_weekday=weekday, over=None), OSLO.key)
    for year in range(2027, 2031):
        for each in filter(None, (period.in_year(year) for period in periods)):
            at = oslo(f"{each[0]} 12:00")
            assert turns.at(at).person
            assert turns.at(oslo(f"{each[1]} 12:00")).person
    for before, after in pairwise(turns_of(turns.rotation, 2031)):
        assert before.span.to <= after.span.from_


# --- as it is written ----------------------------------------------------------------------------

HOLIDAYS = """
[[rotations]]
id = "jul"
role = "primary"
over = "primary"
kind = "holidays"
handover = "08:00"
start = 2026-01-01
members = ["vakt-1", "vakt-2"]

[[rotations.holidays]]
name = "Jul"
from = "12-24"
to = "12-26"

[[rotations.holidays]]
name = "Høstferie"
from = 2026-10-05
to = "2026-10-09"
"""


def test_holidays_are_days_of_every_year_or_dates() -> None:
    read = read_roster(ROSTER + HOLIDAYS, "roster.toml")
    assert read.value
    assert read.value.layers[1].holidays == (
        period("Jul", "12-24", "12-26"),
        period("Høstferie", "2026-10-05", "2026-10-09"),
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ('over = "primary"', 'over = "primry"', "unknown_rotation", "primry"),
        ('over = "primary"', 'over = "jul"', "unknown_rotation", 'over = "jul"'),
        (
            'role = "primary"\nover',
            'role = "backup"\nover',
            "over_another_role",
            'over = "primary"',
        ),
        ("members", 'backup = "next"\nmembers', "backup_of_the_one_below", "backup ="),
        ("start", "every = 2\nstart", "holidays_have_no_length", "every = 2"),
        ('kind = "holidays"', 'kind = "daily"', "not_holidays", "[[rotations.holidays]]"),
        ('to = "12-26"', 'to = "12-22"', "holiday_too_long", 'to = "12-22"'),
        ('to = "12-26"', "to = 2026-12-26", "date_and_day", "to = 2026-12-26"),
        ('from = "12-24"', 'from = "jul"', "bad_day", 'from = "jul"'),
        ('from = "12-24"\n', "", "missing", "[[rotations.holidays]]"),
        ('"2026-10-09"', '"2026-10-01"', "ends_before_start", "2026-10-01"),
        ('name = "Jul"\n', "", "missing", "[[rotations.holidays]]"),
    ],
)
def test_a_mistake_in_them_is_refused_where_it_stands(
    old: str, new: str, code: str, where: str
) -> None:
    text = ROSTER + changed(HOLIDAYS, old, new)
    diagnostics = read_roster(text, "roster.toml").diagnostics
    diagnostic = next(diagnostic for diagnostic in diagnostics if diagnostic.code == code)
    assert diagnostic.is_error
    assert abs(diagnostic.position.line - line_of(text, where)) <= 1


def test_a_rotation_of_holidays_without_any_is_refused() -> None:
    bare = HOLIDAYS[: HOLIDAYS.index("[[rotations.holidays]]")]
    assert codes(read_roster(ROSTER + bare, "roster.toml").diagnostics) == ["missing"]
