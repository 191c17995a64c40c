"""Seasons: a part of every year with weekly hours of its own, and what still wins over it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.desks.duty_hours import DutyHours, in_duty_hours
from app.domain.message_refs import ref
from app.domain.reasons import HoursCode
from app.domain.time.calendars import (
    Calendar,
    DatedException,
    EarlyClosing,
    HolidayPolicy,
    Season,
    Window,
    overnight,
    parse_yearly_day,
)
from app.domain.time.hours import is_open, next_opening, open_intervals
from tests.domain.config.desk_texts import DESK, changed, codes, folder, line_of
from tests.domain.time.wall_clock import SUNDAY, WEEKDAYS, in_oslo, oslo, weekdays_8_to_16

SUMMER = Season((6, 15), (8, 15), (Window(WEEKDAYS, 9 * 60, 15 * 60),), "summer")
NEW_YEAR = Season((12, 15), (1, 5), (Window(WEEKDAYS, 10 * 60, 14 * 60),), "turn of the year")
DESK_HOURS = weekdays_8_to_16(seasons=(SUMMER, NEW_YEAR))


@pytest.mark.parametrize(
    ("at", "is_open_then"),
    [
        ("2027-06-14 08:00", True),  # the Monday before it begins
        ("2027-06-15 08:59", False),
        ("2027-06-15 09:00", True),
        ("2027-06-15 15:00", False),
        ("2027-08-13 15:30", False),  # its last Friday
        ("2027-08-16 15:30", True),
        ("2026-12-14 15:30", True),
        ("2026-12-15 09:30", False),
        ("2027-01-05 13:59", True),
        ("2027-01-05 14:00", False),
        ("2027-01-06 14:00", True),
    ],
)
def test_in_a_season_its_own_windows_hold_and_outside_it_the_ordinary_ones(
    at: str, is_open_then: bool
) -> None:
    assert is_open(DESK_HOURS, oslo(at)).open is is_open_then


def test_the_answer_names_the_season() -> None:
    inside = is_open(DESK_HOURS, oslo("2027-07-05 10:00"))
    outside = is_open(DESK_HOURS, oslo("2027-07-05 08:30"))
    ordinary = is_open(DESK_HOURS, oslo("2027-09-06 10:00"))
    assert (inside.reason.code, inside.reason.get("season")) == (HoursCode.INSIDE_WINDOW, "summer")
    assert (outside.reason.code, outside.reason.get("season")) == (
        HoursCode.OUTSIDE_HOURS,
        "summer",
    )
    assert ordinary.reason.get("season") == ""


def test_a_weekday_that_the_season_leaves_out_is_closed() -> None:
    mondays = Season((6, 15), (8, 15), (Window(frozenset({0}), 540, 900),), "Mondays")
    calendar = weekdays_8_to_16(seasons=(mondays,))
    assert in_oslo(next_opening(calendar, oslo("2027-07-06 08:00"))) == "Mon 2027-07-12 09:00"


def test_a_season_without_windows_is_closed_throughout() -> None:
    calendar = weekdays_8_to_16(seasons=(Season((7, 1), (7, 31), (), "closed in July"),))
    answer = is_open(calendar, oslo("2027-07-06 10:00"))
    assert (answer.open, answer.reason.get("season")) == (False, "closed in July")
    assert in_oslo(next_opening(calendar, oslo("2027-07-06 10:00"))) == "Mon 2027-08-02 08:00"


# --- 29 February -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [(2028, date(2028, 2, 29), date(2028, 3, 31)), (2027, date(2027, 3, 1), date(2027, 3, 31))],
)
def test_a_season_from_29_february_begins_on_1_march_in_other_years(
    year: int, first: date, last: date
) -> None:
    season = Season((2, 29), (3, 31), (), "spring")
    days = [date(year, 1, 1) + timedelta(days=count) for count in range(365)]
    held = [day for day in days if season.holds(day)]
    assert (held[0], held[-1]) == (first, last)


def test_a_season_to_29_february_ends_on_the_last_of_the_month() -> None:
    season = Season((2, 1), (2, 29), (), "winter")
    assert season.holds(date(2027, 2, 28))
    assert not season.holds(date(2027, 3, 1))
    assert season.holds(date(2028, 2, 29))


def test_a_season_of_one_day_is_that_day() -> None:
    season = Season((12, 31), (12, 31), (), "last day")
    held = [
        d for d in (date(2026, 12, 30) + timedelta(days=n) for n in range(3)) if season.holds(d)
    ]
    assert held == [date(2026, 12, 31)]


@given(
    st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.dates(date(2024, 1, 1), date(2024, 12, 31))
)
def test_a_season_and_the_rest_of_the_year_hold_each_date_just_once(day: date, start: date) -> None:
    """Also over the year's end, and whatever February has."""
    end = start + timedelta(days=100)
    after, before = end + timedelta(days=1), start - timedelta(days=1)
    one = Season((start.month, start.day), (end.month, end.day), (), "one")
    rest = Season((after.month, after.day), (before.month, before.day), (), "rest")
    assert one.holds(day) is not rest.holds(day)


# --- what wins over it -----------------------------------------------------------------------


def test_an_exception_wins_over_the_season() -> None:
    exception = DatedException(date(2027, 7, 6), ((480, 1200),), "open day")
    calendar = weekdays_8_to_16(seasons=(SUMMER,), exceptions=(exception,))
    answer = is_open(calendar, oslo("2027-07-06 19:00"))
    assert (answer.open, answer.reason.code) == (True, HoursCode.EXCEPTION)
    assert answer.reason.get("season") == ""


def test_an_early_closing_cuts_the_hours_of_the_season() -> None:
    early = EarlyClosing(parse_yearly_day("12-24"), 720)
    calendar = weekdays_8_to_16(seasons=(NEW_YEAR,), early_closings=(early,))
    assert is_open(calendar, oslo("2026-12-24 11:59"))
    assert is_open(calendar, oslo("2026-12-24 12:00")).reason.code is HoursCode.EARLY_CLOSING
    assert not is_open(calendar, oslo("2026-12-24 09:00"))


def test_a_holiday_in_a_season_is_closed_or_the_sunday_of_the_season() -> None:
    windows = (Window(WEEKDAYS, 600, 840), Window(SUNDAY, 720, 780))
    season = Season((12, 15), (1, 5), windows, "turn of the year")
    closed = weekdays_8_to_16(seasons=(season,))
    sunday = weekdays_8_to_16(seasons=(season,), holiday_policy=HolidayPolicy.AS_SUNDAY)
    assert is_open(closed, oslo("2026-12-25 12:30")).reason.code is HoursCode.HOLIDAY
    assert is_open(sunday, oslo("2026-12-25 12:30")).open
    assert not is_open(sunday, oslo("2026-12-25 10:30")).open


def test_the_last_night_of_a_season_ends_on_the_morning_after_it() -> None:
    nights = Season((6, 15), (8, 15), (overnight(frozenset(range(7)), 1320, 360),), "nights")
    calendar = weekdays_8_to_16(seasons=(nights,), holidays=None)
    assert is_open(calendar, oslo("2027-08-16 05:59")).open
    assert not is_open(calendar, oslo("2027-08-16 06:00")).open
    assert not is_open(calendar, oslo("2027-06-15 03:00")).open


def test_a_season_that_begins_in_the_night_of_the_clock_change_loses_no_hour() -> None:
    always = Season((10, 25), (10, 25), (Window(frozenset(range(7)), 0, 1440),), "open day")
    calendar = Calendar("x", "x", "Europe/Oslo", (), seasons=(always,))
    [day] = open_intervals(calendar, oslo("2026-10-24 12:00"), oslo("2026-10-26 12:00"))
    assert day.length == timedelta(hours=25)


def test_the_duty_takes_over_where_a_season_closes_the_desk_earlier() -> None:
    duty = DutyHours(when_unstaffed=True)
    assert in_duty_hours(duty, (DESK_HOURS,), oslo("2027-07-06 15:00"))
    assert not in_duty_hours(duty, (DESK_HOURS,), oslo("2027-09-07 15:00"))


# --- as it is written ------------------------------------------------------------------------

SEASON = """
[[calendars.desk.seasons]]
from = "06-15"
to = "08-15"
name = "sommertid"
monday-thursday = ["08:00-15:00"]
friday = ["08:00-14:00"]
"""


def test_seasons_are_read() -> None:
    found = folder(desk=DESK + SEASON)
    assert found.diagnostics == ()
    assert found.desk
    [season] = found.desk.calendar("desk").seasons
    assert (season.first, season.last, season.name) == ((6, 15), (8, 15), "sommertid")
    assert [window.end_minute for window in season.windows] == [900, 840]


def test_a_season_without_a_name_is_called_by_its_days() -> None:
    found = folder(desk=DESK + changed(SEASON, 'name = "sommertid"\n', ""))
    assert found.desk
    assert found.desk.calendar("desk").seasons[0].name == "06-15 – 08-15"


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ('from = "06-15"\n', "", "missing", "[[calendars.desk.seasons]]"),
        ('"06-15"', '"15.06."', "bad_day", "15.06."),
        ('"06-15"', '"2027-06-15"', "bad_day", "2027-06-15"),
        ('"06-15"', '"06-31"', "bad_day", "06-31"),
        ('"06-15"', "2027-06-15", "wrong_type", "from = 2027-06-15"),
        ('"08:00-15:00"', '"15:00-08:00"', "bad_window", "15:00-08:00"),
        ("monday-thursday", "monday-friday", "day_twice", 'friday = ["08:00-14:00"]'),
        ("friday =", "fredag =", "unknown_key", "fredag"),
        (
            'monday-thursday = ["08:00-15:00"]\nfriday = ["08:00-14:00"]\n',
            "",
            "no_season_hours",
            "[[calendars.desk.seasons]]",
        ),
    ],
)
def test_a_mistake_in_a_season_is_refused_where_it_stands(
    old: str, new: str, code: str, where: str
) -> None:
    text = DESK + changed(SEASON, old, new)
    diagnostics = folder(desk=text).diagnostics
    diagnostic = next(diagnostic for diagnostic in diagnostics if diagnostic.code == code)
    assert diagnostic.is_error
    assert abs(diagnostic.position.line - line_of(text, where)) <= 1


@pytest.mark.parametrize(
    ("from_", "to", "shared"),
    [("08-15", "09-01", "08-15"), ("12-15", "06-15", "06-15"), ("07-01", "07-02", "07-01")],
)
def test_two_seasons_cannot_share_a_date(from_: str, to: str, shared: str) -> None:
    other = SEASON.replace("06-15", from_).replace("08-15", to).replace("sommertid", "annet")
    if from_ == "08-15":
        other = SEASON.replace("08-15", to).replace("06-15", from_).replace("sommertid", "annet")
    diagnostics = folder(desk=DESK + SEASON + other).diagnostics
    assert [diagnostic.message for diagnostic in diagnostics] == [
        ref("diagnostic.seasons_overlap", day=shared, season="sommertid")
    ]
    assert diagnostics[0].is_error


def test_seasons_that_touch_do_not_overlap() -> None:
    winter = SEASON.replace("08-15", "06-14").replace('"06-15"', '"02-29"')
    winter = winter.replace("sommertid", "vår")
    assert folder(desk=DESK + SEASON + winter).diagnostics == ()


def test_hours_that_no_date_has_are_pointed_out() -> None:
    always = SEASON.replace("06-15", "01-01").replace("08-15", "12-31")
    diagnostics = folder(desk=DESK + always).diagnostics
    assert codes(diagnostics) == ["hours_never_used"]
    assert not diagnostics[0].is_error


def test_a_desk_that_is_open_in_its_season_only_has_hours() -> None:
    desk = changed(DESK, 'monday-friday = ["08:00-16:00"]\n', "")
    assert folder(desk=desk + SEASON).diagnostics == ()


def test_the_duty_may_have_seasons_too() -> None:
    own = """
[duty.hours]
holidays = "NO"
on_holidays = "as_sunday"
monday-sunday = ["16:00-08:00 next day"]

[[duty.hours.seasons]]
from = "06-15"
to = "08-15"
monday-sunday = ["15:00-08:00 next day"]
"""
    found = folder(desk=DESK + own)
    assert found.diagnostics == ()
    assert found.desk
    assert found.desk.duty
    assert in_duty_hours(found.desk.duty.hours, (), oslo("2027-07-06 15:00"))
