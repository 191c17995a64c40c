"""Opening hours as a coordinator would ask about them."""

from datetime import date, timedelta

import pytest

from app.domain.message_refs import MessageRef
from app.domain.reasons import HoursCode
from app.domain.time.calendars import (
    EVERY_DAY,
    ROUND_THE_CLOCK,
    DatedException,
    EarlyClosing,
    HolidayPolicy,
    Window,
    overnight,
    parse_yearly_day,
    round_the_clock,
)
from app.domain.time.hours import closes_at, is_open, next_opening, open_intervals
from app.domain.time.intervals import total
from app.domain.time.wall_time import parse_clock
from tests.domain.time.wall_clock import (
    SATURDAY,
    SUNDAY,
    WEEKDAYS,
    extended_hours,
    in_oslo,
    open_hours,
    oslo,
    weekdays_8_to_16,
)

CHRISTMAS_EVE = EarlyClosing(parse_yearly_day("12-24"), 12 * 60, "Julaftan")
BEFORE_EASTER = EarlyClosing(parse_yearly_day("easter-4"), 12 * 60)
BEFORE_PENTECOST = EarlyClosing(parse_yearly_day("pentecost-1"), 12 * 60)


@pytest.mark.parametrize(
    ("at", "open_", "reason"),
    [
        ("2026-11-20 07:59:59", False, HoursCode.OUTSIDE_HOURS),
        ("2026-11-20 08:00", True, HoursCode.INSIDE_WINDOW),
        ("2026-11-20 15:59:59", True, HoursCode.INSIDE_WINDOW),
        ("2026-11-20 16:00", False, HoursCode.OUTSIDE_HOURS),
        ("2026-11-21 12:00", False, HoursCode.WEEKEND),
        ("2026-05-01 12:00", False, HoursCode.HOLIDAY),
        ("2027-05-17 12:00", False, HoursCode.HOLIDAY),
        ("2026-04-01 15:00", True, HoursCode.INSIDE_WINDOW),  # an eve is no holiday
        ("2026-12-24 15:00", True, HoursCode.INSIDE_WINDOW),
        ("2026-12-31 15:00", True, HoursCode.INSIDE_WINDOW),
    ],
)
def test_the_ordinary_desk_is_open_on_working_days_from_eight_up_to_four(
    at: str, open_: bool, reason: HoursCode
) -> None:
    answer = is_open(weekdays_8_to_16(), oslo(at))
    assert (answer.open, answer.reason.code) == (open_, reason)


def test_an_open_desk_says_its_hours_and_a_closed_one_the_hours_it_had() -> None:
    desk = weekdays_8_to_16()
    assert is_open(desk, oslo("2026-11-20 10:00")).reason.values == (
        ("weekday", MessageRef("weekday.fri")),
        ("from", "08:00"),
        ("to", "16:00"),
    )
    assert is_open(desk, oslo("2026-11-20 17:00")).reason.get("hours") == "08:00-16:00"
    closed = is_open(desk, oslo("2026-04-06 10:00"))
    assert closed.reason.get("holiday") == MessageRef("holiday.easter_monday")


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-11-20 22:59", True),
        ("2026-11-20 23:00", False),
        ("2026-11-21 08:00", True),
        ("2026-11-21 16:00", False),
        ("2026-11-22 13:59", False),
        ("2026-11-22 14:00", True),
        ("2026-11-22 22:00", False),
        ("2026-05-01 09:00", False),  # 1 May, a Friday, is a Sunday for this calendar
        ("2026-05-01 14:00", True),
        ("2026-12-26 09:00", False),  # Boxing Day on a Saturday too
        ("2026-12-26 15:00", True),
        ("2026-04-05 15:00", True),  # Easter Sunday
    ],
)
def test_the_extended_agreement_takes_holidays_as_sundays(at: str, open_: bool) -> None:
    assert is_open(extended_hours(), oslo(at)).open is open_


def test_a_holiday_taken_as_sunday_names_the_holiday_while_it_is_open() -> None:
    answer = is_open(extended_hours(), oslo("2026-05-01 14:00"))
    assert answer.reason.get("holiday") == MessageRef("holiday.labour_day")
    assert answer.reason.get("from") == "14:00"


def test_a_holiday_taken_as_sunday_is_a_holiday_where_sundays_have_no_hours() -> None:
    desk = weekdays_8_to_16(holiday_policy=HolidayPolicy.AS_SUNDAY)
    assert is_open(desk, oslo("2026-05-14 10:00")).reason.code is HoursCode.HOLIDAY


def test_holidays_can_be_weekdays_like_any_other() -> None:
    desk = weekdays_8_to_16(holiday_policy=HolidayPolicy.AS_WEEKDAY)
    assert is_open(desk, oslo("2026-05-01 10:00")).open


def test_1_and_17_may_can_differ_from_the_holidays_of_the_church() -> None:
    desk = weekdays_8_to_16(national_day_policy=HolidayPolicy.AS_WEEKDAY)
    assert is_open(desk, oslo("2026-05-01 10:00")).open
    assert is_open(desk, oslo("2028-05-17 10:00")).open  # a Wednesday
    assert not is_open(desk, oslo("2026-05-14 10:00")).open  # Ascension Day


def test_17_may_on_whit_monday_stays_a_holiday_of_the_church() -> None:
    desk = weekdays_8_to_16(national_day_policy=HolidayPolicy.AS_WEEKDAY)
    answer = is_open(desk, oslo("2027-05-17 10:00"))
    assert (answer.open, answer.reason.code) == (False, HoursCode.HOLIDAY)


def test_christmas_eve_closes_early_only_where_the_documents_say_so() -> None:
    at = oslo("2026-12-24 13:00")
    early = weekdays_8_to_16(early_closings=(CHRISTMAS_EVE,))
    assert is_open(weekdays_8_to_16(), at).open
    answer = is_open(early, at)
    assert (answer.reason.code, answer.reason.get("note")) == (HoursCode.EARLY_CLOSING, "Julaftan")
    assert in_oslo(closes_at(early, oslo("2026-12-24 09:00"))) == "Thu 2026-12-24 12:00"
    assert in_oslo(next_opening(early, at)) == "Mon 2026-12-28 08:00"


def test_after_the_usual_closing_an_early_closing_is_no_longer_the_reason() -> None:
    early = weekdays_8_to_16(early_closings=(CHRISTMAS_EVE,))
    assert is_open(early, oslo("2026-12-24 17:00")).reason.code is HoursCode.OUTSIDE_HOURS


@pytest.mark.parametrize(
    ("closing", "at"),
    [
        (BEFORE_EASTER, "2026-04-01 13:00"),
        (BEFORE_EASTER, "2027-03-24 13:00"),
        (BEFORE_PENTECOST, "2026-05-23 13:00"),
        (BEFORE_PENTECOST, "2027-05-15 13:00"),
    ],
)
def test_eves_that_move_with_easter_are_found_each_year(closing: EarlyClosing, at: str) -> None:
    daily = Window(EVERY_DAY, 8 * 60, 16 * 60)
    assert is_open(open_hours(daily), oslo(at)).open
    answer = is_open(open_hours(daily, early_closings=(closing,)), oslo(at))
    assert answer.reason.code is HoursCode.EARLY_CLOSING


@pytest.mark.parametrize(
    "text", ["", "24.12", "13-01", "02-30", "easter-four", "easter-999", "٢-٣", "advent-1"]
)
def test_an_unreadable_yearly_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_yearly_day(text)


def test_a_dated_exception_wins_over_weekday_holiday_and_early_closing() -> None:
    desk = weekdays_8_to_16(
        exceptions=(
            DatedException(date(2026, 12, 24), ((600, 840),), "Open hus"),
            DatedException(date(2026, 12, 25), ((600, 660),), "Vakt på huset"),
            DatedException(date(2026, 12, 28), (), "Flytting"),
            DatedException(date(2026, 12, 27), ((720, 780),), "Sundagsopent"),
        ),
        early_closings=(CHRISTMAS_EVE,),
    )
    assert is_open(desk, oslo("2026-12-24 13:59")).reason.code is HoursCode.EXCEPTION
    assert is_open(desk, oslo("2026-12-25 10:30")).open
    assert is_open(desk, oslo("2026-12-27 12:30")).open
    closed = is_open(desk, oslo("2026-12-28 10:00"))
    assert (closed.open, closed.reason.code, closed.reason.get("note")) == (
        False,
        HoursCode.EXCEPTION,
        "Flytting",
    )


def test_several_windows_a_day_leave_lunch_closed() -> None:
    desk = open_hours(Window(WEEKDAYS, 480, 660), Window(WEEKDAYS, 720, 960))
    at_lunch = oslo("2026-11-20 11:30")
    assert not is_open(desk, at_lunch)
    assert in_oslo(next_opening(desk, at_lunch)) == "Fri 2026-11-20 12:00"
    assert in_oslo(closes_at(desk, oslo("2026-11-20 09:00"))) == "Fri 2026-11-20 11:00"
    assert is_open(desk, at_lunch).reason.get("hours") == "08:00-11:00, 12:00-16:00"


def test_windows_that_touch_or_overlap_are_one_opening() -> None:
    desk = open_hours(Window(WEEKDAYS, 480, 720), Window(WEEKDAYS, 720, 960))
    assert in_oslo(closes_at(desk, oslo("2026-11-20 09:00"))) == "Fri 2026-11-20 16:00"


def test_a_night_window_belongs_to_the_evening_it_begins_on() -> None:
    nights = open_hours(overnight(WEEKDAYS, 22 * 60, 6 * 60))
    before_dawn = is_open(nights, oslo("2026-11-21 05:59"))
    assert before_dawn.reason.get("weekday") == MessageRef("weekday.fri")
    assert not is_open(nights, oslo("2026-11-21 06:00"))
    assert not is_open(nights, oslo("2026-11-23 05:00"))  # Sunday evening had no window
    assert is_open(nights, oslo("2026-05-01 03:00")).open  # begun on 30 April
    assert not is_open(nights, oslo("2026-05-01 23:00"))


def test_next_opening_steps_over_easter() -> None:
    assert (
        in_oslo(next_opening(weekdays_8_to_16(), oslo("2026-04-01 16:00")))
        == "Tue 2026-04-07 08:00"
    )


def test_next_opening_is_now_while_it_is_open() -> None:
    at = oslo("2026-11-20 10:17:31")
    assert next_opening(weekdays_8_to_16(), at) == at


def test_a_calendar_without_windows_never_opens_nor_changes() -> None:
    never = open_hours()
    at = oslo("2026-11-20 10:00")
    assert next_opening(never, at) is None
    assert is_open(never, at).reason.code is HoursCode.NO_HOURS_TODAY
    assert open_intervals(never, at, at + timedelta(days=30)) == ()


def test_round_the_clock_is_a_calendar_that_never_closes() -> None:
    at = oslo("2026-12-25 03:00")
    assert is_open(ROUND_THE_CLOCK, at).reason.code is HoursCode.ROUND_THE_CLOCK
    assert closes_at(ROUND_THE_CLOCK, at) is None
    year = open_intervals(round_the_clock("Europe/Oslo"), at, at + timedelta(days=365))
    assert [piece.length for piece in year] == [timedelta(days=365)]


def test_hours_up_to_midnight_run_on_into_hours_from_midnight() -> None:
    weekend = open_hours(Window(SATURDAY | SUNDAY, 0, 24 * 60), holidays=None)
    assert in_oslo(closes_at(weekend, oslo("2026-11-21 12:00"))) == "Mon 2026-11-23 00:00"
    assert is_open(weekend, oslo("2026-11-21 12:00")).reason.get("to") == "24:00"


# --- the two nights on which the clocks change ---------------------------------------------


def test_in_the_autumn_night_a_start_is_the_first_half_past_two() -> None:
    desk = open_hours(Window(EVERY_DAY, 150, 600))
    first, second = oslo("2026-10-25 02:30"), oslo("2026-10-25 02:30", fold=1)
    assert second - first == timedelta(hours=1)
    assert next_opening(desk, oslo("2026-10-25 01:00")) == first
    assert is_open(desk, second).open
    assert is_open(desk, oslo("2026-10-25 02:10", fold=1)).reason.get("from") == "02:30"


def test_in_the_autumn_night_an_end_is_the_last_half_past_two() -> None:
    desk = open_hours(Window(EVERY_DAY, 0, 150))
    assert closes_at(desk, oslo("2026-10-25 00:30")) == oslo("2026-10-25 02:30", fold=1)


def test_in_the_spring_night_a_missing_start_and_a_missing_end_are_three_o_clock() -> None:
    three = oslo("2026-03-29 03:00")
    assert next_opening(open_hours(Window(EVERY_DAY, 150, 600)), oslo("2026-03-29 01:00")) == three
    assert closes_at(open_hours(Window(EVERY_DAY, 0, 150)), oslo("2026-03-29 00:30")) == three


def test_a_window_inside_the_missing_hour_is_no_opening() -> None:
    desk = open_hours(Window(SUNDAY, 130, 170), holidays=None)
    assert in_oslo(next_opening(desk, oslo("2026-03-28 12:00"))) == "Sun 2026-04-05 02:10"


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 23), ("2026-10-24", 25)])
def test_a_whole_day_across_a_clock_change_has_23_or_25_hours(night: str, hours: int) -> None:
    sundays = open_hours(Window(SUNDAY, 0, 1440))
    noon = oslo(f"{night} 12:00")
    assert total(open_intervals(sundays, noon, noon + timedelta(days=2))) == timedelta(hours=hours)


def test_an_odd_zone_with_a_half_hour_change_still_finds_the_first_existing_instant() -> None:
    desk = open_hours(Window(EVERY_DAY, 135, 600), time_zone="Australia/Lord_Howe", holidays=None)
    before = oslo("2026-10-03 12:00")  # the clock there jumps from 02:00 to 02:30
    opening = next_opening(desk, before)
    assert opening is not None
    assert opening.isoformat() == "2026-10-03T15:30:00+00:00"


# --- what a document may say ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("weekdays", "start", "end"),
    [
        (WEEKDAYS, 600, 600),
        (WEEKDAYS, 600, 540),
        (WEEKDAYS, -1, 540),
        (WEEKDAYS, 1440, 1500),
        (WEEKDAYS, 600, 600 + 1441),
        (frozenset(), 480, 960),
        (frozenset({7}), 480, 960),
    ],
)
def test_an_impossible_window_is_refused(weekdays: frozenset[int], start: int, end: int) -> None:
    with pytest.raises(ValueError, match="a window"):
        Window(weekdays, start, end)


@pytest.mark.parametrize(
    "text", ["8", "8:0", "800", "24:01", "25:00", "12:60", "-1:00", "٠٨:٠٠", ""]
)
def test_an_unreadable_clock_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a clock time"):
        parse_clock(text)


def test_clock_times_are_read_as_minutes_since_midnight() -> None:
    assert [parse_clock(text) for text in ("00:00", "7:30", "15:30", "15.30", "1530", "24:00")] == [
        0,
        450,
        930,
        930,
        930,
        1440,
    ]


def test_whole_days_may_follow_each_other_from_any_hour() -> None:
    assert str(overnight(WEEKDAYS, 930, 480)) == "15:30-08:00"
    assert overnight(WEEKDAYS, 480, 480).end_minute == 480 + 1440
