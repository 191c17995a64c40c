"""Norwegian holidays under stable keys, with the two laws kept apart."""

from datetime import date, timedelta

import pytest

from app.domain.time.calendars import easter_sunday
from app.domain.time.public_holidays import (
    NORWEGIAN_HOLIDAY_KEYS,
    HolidayClass,
    holiday,
    is_known_country,
    warm,
)

A_YEAR_OF_DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def test_2026_has_these_holidays_and_no_others() -> None:
    found = {str(day): each.keys[0] for day in A_YEAR_OF_DAYS if (each := holiday("NO", day))}
    assert found == {
        "2026-01-01": "new_years_day",
        "2026-04-02": "maundy_thursday",
        "2026-04-03": "good_friday",
        "2026-04-05": "easter_sunday",
        "2026-04-06": "easter_monday",
        "2026-05-01": "labour_day",
        "2026-05-14": "ascension_day",
        "2026-05-17": "constitution_day",
        "2026-05-24": "whit_sunday",
        "2026-05-25": "whit_monday",
        "2026-12-25": "christmas_day",
        "2026-12-26": "boxing_day",
    }
    assert set(found.values()) == set(NORWEGIAN_HOLIDAY_KEYS)


def test_an_ordinary_sunday_is_no_holiday() -> None:
    assert holiday("NO", date(2026, 11, 22)) is None


def test_1_and_17_may_are_of_their_own_law() -> None:
    national = {
        str(day)
        for day in A_YEAR_OF_DAYS
        if (each := holiday("NO", day)) and each.kind is HolidayClass.NATIONAL_DAY
    }
    assert national == {"2026-05-01", "2026-05-17"}


@pytest.mark.parametrize("day", [date(2027, 5, 17), date(2032, 5, 17), date(2043, 5, 17)])
def test_17_may_at_pentecost_is_both_and_a_holy_day(day: date) -> None:
    found = holiday("NO", day)
    assert found is not None
    assert "constitution_day" in found.keys
    assert found.keys[0] != found.keys[1]
    assert found.kind is HolidayClass.HOLY_DAY


def test_the_names_are_norwegian() -> None:
    found = holiday("NO", date(2026, 5, 14))
    assert found is not None
    assert found.names == ("Kristi himmelfartsdag",)


def test_easter_is_the_day_that_the_holidays_say_for_a_century() -> None:
    for year in range(1950, 2051):
        found = holiday("NO", easter_sunday(year))
        assert found is not None
        assert "easter_sunday" in found.keys


def test_another_country_has_keys_made_of_its_english_names() -> None:
    found = holiday("SE", date(2026, 6, 6))
    assert found is not None
    assert found.keys == ("national_day",)


def test_a_country_that_nobody_knows_is_refused_beforehand() -> None:
    assert is_known_country("NO")
    assert not is_known_country("XX")


def test_holidays_can_be_loaded_before_the_first_call() -> None:
    warm("NO", 2031, 2032)
    assert holiday("NO", date(2031, 12, 25)) is not None
