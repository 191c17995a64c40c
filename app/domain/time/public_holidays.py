"""Public holidays by country, from the `holidays` package, under stable keys.

Which hours such a day has is day_plan.py's. Weekly Sundays are not holidays here. Names for
speech belong to the texts, by key. The package is loaded when it is asked: most commands never do,
and the web asks before the first call.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec, module_from_spec


class HolidayClass(StrEnum):
    """Norway's two laws: helligdager (helligdagsfredloven § 2), and 1 and 17 May (1947)."""

    HOLY_DAY = "holy_day"
    NATIONAL_DAY = "national_day"


@dataclass(frozen=True, slots=True)
class Holiday:
    """What a date is called; a date can be two holidays at once (17 May 2027)."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    kind: HolidayClass


# The package calls Norwegian "no"; "nb" and "nn" silently give English, and no language at all
# gives that of the machine.
_LANGUAGE = {"NO": "no"}
_ANY_LANGUAGE = "en_US"

_NORWEGIAN_KEYS = {
    "Første nyttårsdag": "new_years_day",
    "Skjærtorsdag": "maundy_thursday",
    "Langfredag": "good_friday",
    "Første påskedag": "easter_sunday",
    "Andre påskedag": "easter_monday",
    "Arbeidernes dag": "labour_day",
    "Grunnlovsdag": "constitution_day",
    "Kristi himmelfartsdag": "ascension_day",
    "Første pinsedag": "whit_sunday",
    "Andre pinsedag": "whit_monday",
    "Første juledag": "christmas_day",
    "Andre juledag": "boxing_day",
}
NORWEGIAN_HOLIDAY_KEYS: tuple[str, ...] = tuple(_NORWEGIAN_KEYS.values())

_NATIONAL_DAYS = {"labour_day", "constitution_day"}


def holiday(country: str, day: date) -> Holiday | None:
    """The date's holiday in that country (ISO 3166 code), or None."""
    return _year(country, day.year).get(day)


def is_known_country(country: str) -> bool:
    """Whether holidays can be looked up for the code."""
    from holidays.registry import EntityLoader

    # The package's own list of countries would load the files of all 250.
    return country in EntityLoader.get_country_codes(include_aliases=False)


def warm(country: str, *years: int) -> None:
    """Loads a country's holidays, so that the first call does not wait for it (about 0.5 s)."""
    for year in years:
        _year(country, year)


@lru_cache(maxsize=512)
def _year(country: str, year: int) -> Mapping[date, Holiday]:
    import holidays

    _leave_other_countries_alone()
    found = holidays.country_holidays(
        country, years=year, expand=False, language=_LANGUAGE.get(country, _ANY_LANGUAGE)
    )
    return {day: _named(found.get_list(day)) for day in found}


def _leave_other_countries_alone() -> None:
    """Put the package of countries in its place without running it: that loads all 250 of them.

    The one that is asked for loads its own file. It saves 0.15 s and 8 MB in every process.
    """
    countries = find_spec("holidays.countries")
    if countries and countries.name not in sys.modules:
        sys.modules[countries.name] = module_from_spec(countries)


def _named(names: list[str]) -> Holiday:
    keys = tuple(_NORWEGIAN_KEYS.get(name) or _slug(name) for name in names)
    # A date that is both is a holy day: the stricter law does not vanish because two coincide.
    national = all(key in _NATIONAL_DAYS for key in keys)
    kind = HolidayClass.NATIONAL_DAY if national else HolidayClass.HOLY_DAY
    return Holiday(keys, tuple(names), kind)


def _slug(name: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
