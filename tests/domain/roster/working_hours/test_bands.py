"""Every hour is in one band, as long as it really is."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.reasons import FigureKind
from app.domain.roster.working_hours.bands import Band, band_of
from app.domain.roster.working_hours.report import persons_hours
from app.domain.roster.working_hours.rules import USUAL_RULES
from app.domain.time.wall_time import parse_clock
from tests.domain.roster.duty_rota import rota, weekly
from tests.domain.roster.working_hours.counted_rota import counted, hours, of, sources, span

ALONE = rota(weekly(members=("duty1",)))


@pytest.mark.parametrize(
    ("day", "at", "band"),
    [
        ("2026-11-18", "00:00", Band.NIGHT),  # a Wednesday
        ("2026-11-18", "05:59", Band.NIGHT),
        ("2026-11-18", "06:00", Band.WEEKDAY),
        ("2026-11-18", "17:00", Band.EVENING),
        ("2026-11-18", "21:00", Band.NIGHT),
        ("2026-11-20", "23:59", Band.NIGHT),  # Friday night, until midnight
        ("2026-11-21", "00:00", Band.SATURDAY),
        ("2026-11-22", "23:59", Band.SUNDAY),
        ("2026-05-17", "10:00", Band.HOLIDAY),  # a Sunday too
        ("2026-04-01", "11:59", Band.WEEKDAY),  # the Wednesday before Maundy Thursday
        ("2026-04-01", "12:00", Band.EVE),
        ("2026-04-01", "23:00", Band.EVE),
        ("2026-04-04", "03:00", Band.EVE),  # Easter eve, all day
        ("2026-05-23", "11:00", Band.SATURDAY),  # Whitsun eve
        ("2026-05-23", "12:00", Band.EVE),
        ("2026-12-24", "06:00", Band.WEEKDAY),
        ("2026-12-24", "12:00", Band.EVE),
        ("2026-12-31", "12:00", Band.EVE),
        ("2027-01-01", "00:00", Band.HOLIDAY),
    ],
)
def test_an_hour_is_in_its_band(day: str, at: str, band: Band) -> None:
    assert band_of(USUAL_RULES, date.fromisoformat(day), parse_clock(at)) is band


@pytest.mark.parametrize(
    ("night", "lasts"),
    [
        (("2026-03-29 00:00", "2026-03-30 00:00"), 23),  # a Sunday
        (("2026-10-25 00:00", "2026-10-26 00:00"), 25),
        (("2026-03-28 00:00", "2026-03-29 00:00"), 24),
    ],
)
def test_the_day_of_a_clock_change_is_as_long_as_it_is(night: tuple[str, str], lasts: int) -> None:
    found = of(persons_hours(sources(ALONE), span(*night)), "duty1")
    assert hours(found.of(FigureKind.DUTY)) == lasts
    sunday = FigureKind.SATURDAY if lasts == 24 else FigureKind.SUNDAY
    assert hours(found.of(sunday)) == lasts
    assert hours(found.of(FigureKind.ANY_NIGHT)) == lasts - 15


def test_a_week_without_holidays_is_shared_out_among_the_bands() -> None:
    week = of(persons_hours(sources(ALONE), span("2026-01-12 08:00", "2026-01-19 08:00")), "duty1")
    assert {kind: hours(week.of(kind)) for kind in list(FigureKind)[:10]} == {
        FigureKind.DUTY: 128,
        FigureKind.WEEKDAY: 5 * 3,  # 06-08 and 16-17
        FigureKind.EVENING: 5 * 4,
        FigureKind.NIGHT: 5 * 9,
        FigureKind.SATURDAY: 24,
        FigureKind.SUNDAY: 24,
        FigureKind.EVE: 0,
        FigureKind.HOLIDAY: 0,
        FigureKind.ANY_EVENING: 7 * 4,
        FigureKind.ANY_NIGHT: 7 * 9,
    }


def test_a_roster_without_holidays_has_none() -> None:
    rules = replace(USUAL_RULES, holidays=None, eves=())
    plain = sources(replace(ALONE, working_hours=rules))
    christmas = span("2026-12-24 00:00", "2026-12-27 00:00")
    assert hours(counted(plain, christmas, "duty1", FigureKind.HOLIDAY)) == 0
    assert hours(counted(sources(ALONE), christmas, "duty1", FigureKind.HOLIDAY)) == 48
    assert (
        hours(counted(sources(ALONE), christmas, "duty1", FigureKind.EVE)) == 8
    )  # open until 16:00


def test_nights_weekend_days_and_holidays_are_counted_for_who_had_most_of_them() -> None:
    """A handover at 08:00 makes no Saturday of two hours: Friday's night is Friday's."""
    week = span("2026-12-21 00:00", "2027-01-04 00:00")
    found = persons_hours(sources(rota(weekly(members=("duty1", "duty2")))), week)
    counts = (FigureKind.NIGHTS, FigureKind.WEEKEND_DAYS, FigureKind.HOLIDAYS)
    first, second = (
        tuple(of(found, who).of(each) for each in counts) for who in ("duty1", "duty2")
    )
    assert sorted((first, second)) == sorted([(7, 2, 3), (7, 2, 2)])
