"""A year at a glance: each date is what the telephone makes of it, and a kind beside it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.desks.hours_of_year import DayLook, UsualHours, days_of_year, usual_hours
from app.domain.time.calendars import (
    Calendar,
    DatedException,
    EarlyClosing,
    HolidayPolicy,
    Window,
    YearlyDay,
)
from app.domain.time.day_plan import day_plan

WEEK = frozenset(range(5))
OFFICE = Calendar(
    "office",
    "Kontortid",
    "Europe/Oslo",
    (Window(WEEK, 480, 960),),
    holidays="NO",
    holiday_policy=HolidayPolicy.CLOSED,
    exceptions=(
        DatedException(date(2026, 6, 12), ((480, 720),), "Sommarfest"),
        DatedException(date(2026, 6, 13), ((600, 840),)),
        DatedException(date(2026, 6, 15)),
        DatedException(date(2026, 6, 16), ((540, 1020),)),
    ),
    early_closings=(EarlyClosing(YearlyDay(12, 23), 720, "Lille julaftan"),),
)


@pytest.mark.parametrize(
    ("day", "look"),
    [
        (date(2026, 6, 11), DayLook.OPEN),
        (date(2026, 6, 12), DayLook.SHORT),
        (date(2026, 6, 13), DayLook.OTHER),  # a Saturday
        (date(2026, 6, 14), DayLook.CLOSED),
        (date(2026, 6, 15), DayLook.CLOSED_ONCE),
        (date(2026, 6, 16), DayLook.OTHER),
        (date(2026, 12, 23), DayLook.SHORT),
        (date(2026, 12, 25), DayLook.HOLIDAY),
    ],
)
def test_each_day_has_a_kind_of_its_own(day: date, look: DayLook) -> None:
    found = next(each for each in days_of_year(OFFICE, 2026) if each.day == day)
    assert found.look is look


@given(year=st.integers(2020, 2040))
def test_a_year_shows_every_day_with_the_hours_by_which_calls_are_routed(year: int) -> None:
    days = days_of_year(OFFICE, year)
    assert [each.day.year for each in (days[0], days[-1])] == [year, year]
    assert len({each.day for each in days}) == len(days) in (365, 366)
    assert all(each.hours == day_plan(OFFICE, each.day).hours for each in days)
    opens = (DayLook.OPEN, DayLook.SHORT, DayLook.OTHER)
    assert all(each.hours for each in days if each.look in opens)
    assert not any(
        each.hours for each in days if each.look in (DayLook.CLOSED, DayLook.CLOSED_ONCE)
    )


def test_days_in_a_row_with_the_same_hours_stand_together() -> None:
    assert usual_hours(OFFICE.windows) == (UsualHours(0, 4, ((480, 960),)), UsualHours(5, 6, ()))
    assert usual_hours(()) == (UsualHours(0, 6, ()),)
