"""By which rules hours are counted: the limits of the bands, home duty, ordinary working hours.

Values only, with the usual ones of Norway; a roster may have its own ([working_hours] in
roster.toml).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.time.calendars import Calendar, HolidayPolicy, Window, YearlyDay
from app.domain.time.wall_time import MINUTES_A_DAY

NOON: Final = MINUTES_A_DAY // 2
MONDAY_TO_FRIDAY: Final = frozenset(range(5))
LEAST_OF_THE_LAW: Final = Fraction(1, 7)  # aml § 10-4 (3), since 1 July 2015; before that 1/5


@dataclass(frozen=True, slots=True)
class Eve:
    """A day of every year that counts as an eve from a minute on."""

    on: YearlyDay
    from_minute: int = NOON


# Hovedtariffavtalen (KS) chapter 1 § 5.3.1: from 12:00 on these days, on Easter eve all day.
EVES: Final = (
    Eve(YearlyDay(from_easter=-4)),
    Eve(YearlyDay(from_easter=-1), 0),
    Eve(YearlyDay(from_easter=48)),
    Eve(YearlyDay(12, 24)),
    Eve(YearlyDay(12, 31)),
)


@dataclass(frozen=True, slots=True)
class WorkingHoursRules:
    """How a roster's hours are counted. Minutes are since midnight, on the roster's wall."""

    home_duty: Fraction = LEAST_OF_THE_LAW  # how much of an hour of home duty counts
    night_ends: int = 6 * 60  # aml § 10-11: night is from 21:00 to 06:00
    evening_begins: int = 17 * 60
    night_begins: int = 21 * 60
    holidays: str | None = "NO"  # country code; None knows no public holidays
    eves: tuple[Eve, ...] = EVES
    ordinary: Calendar | None = None  # None: Monday to Friday 08:00-16:00, but on holidays

    def ordinary_in(self, time_zone: str) -> Calendar:
        """The ordinary working hours of whoever has duty, which rest lies between."""
        return self.ordinary or _office_hours(time_zone, self.holidays)


USUAL_RULES: Final = WorkingHoursRules()


def _office_hours(time_zone: str, holidays: str | None) -> Calendar:
    hours = Window(MONDAY_TO_FRIDAY, 8 * 60, 16 * 60)
    policy = HolidayPolicy.CLOSED
    return Calendar("ordinary", "ordinary", time_zone, (hours,), holidays, policy)
