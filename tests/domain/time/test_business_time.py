"""When something is due, as it would be explained to a customer."""

from datetime import UTC, date, datetime, time, timedelta

import businesstimedelta
import pytest
import pytz
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.time.business_time import (
    Days,
    Minutes,
    NeverOpens,
    add_business,
    add_working_days,
    business_between,
    due,
    nominal,
    working_day_length,
)
from app.domain.time.calendars import (
    EVERY_DAY,
    ROUND_THE_CLOCK,
    Calendar,
    DatedException,
    EarlyClosing,
    Window,
    overnight,
    parse_yearly_day,
    round_the_clock,
)
from app.domain.time.hours import is_open
from tests.domain.time.minute_by_minute import (
    DAYS,
    MINUTE,
    RED_DAYS,
    WEEKS,
    calendars,
    minutes,
    stepped,
    weeks,
)
from tests.domain.time.wall_clock import (
    SATURDAY,
    WEEKDAYS,
    extended_hours,
    in_oslo,
    open_hours,
    oslo,
    weekdays_8_to_16,
)

FOUR_HOURS = Minutes(240)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-20 09:30", "Fri 2026-11-20 13:30"),
        ("2026-11-20 12:00", "Fri 2026-11-20 16:00"),  # due at closing, not at the next opening
        ("2026-11-20 14:00", "Mon 2026-11-23 10:00"),
        ("2026-11-21 23:10", "Mon 2026-11-23 12:00"),
        ("2026-04-01 15:00", "Tue 2026-04-07 11:00"),  # over Easter
        ("2026-04-30 14:00", "Mon 2026-05-04 10:00"),  # over 1 May
    ],
)
def test_four_hours_inside_working_hours(start: str, expected: str) -> None:
    assert in_oslo(due(weekdays_8_to_16(), oslo(start), FOUR_HOURS)) == expected


def test_the_extended_agreement_counts_evenings_and_holiday_afternoons() -> None:
    assert in_oslo(due(extended_hours(), oslo("2026-04-30 22:00"), FOUR_HOURS)) == (
        "Fri 2026-05-01 17:00"
    )


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-11-18 10:15", 2, "Fri 2026-11-20 10:15"),
        ("2026-11-19 10:15", 2, "Mon 2026-11-23 10:15"),
        ("2026-11-21 23:10", 2, "Wed 2026-11-25 08:00"),  # starts on Monday at 08:00
        ("2026-11-19 17:00", 1, "Mon 2026-11-23 08:00"),
        ("2026-03-31 14:00", 2, "Tue 2026-04-07 14:00"),
        ("2026-11-20 15:59", 1, "Mon 2026-11-23 15:59"),
    ],
)
def test_working_days_keep_the_clock_time(start: str, days: int, expected: str) -> None:
    assert in_oslo(due(weekdays_8_to_16(), oslo(start), Days(days))) == expected


def test_working_days_are_held_within_a_short_day() -> None:
    desk = weekdays_8_to_16(
        early_closings=(EarlyClosing(parse_yearly_day("12-24"), 720),),
        exceptions=(DatedException(date(2026, 12, 28), ((600, 960),)),),
    )
    assert in_oslo(due(desk, oslo("2026-12-23 14:00"), Days(1))) == "Thu 2026-12-24 12:00"
    assert in_oslo(due(desk, oslo("2026-12-23 08:30"), Days(2))) == "Mon 2026-12-28 10:00"


def test_a_saturday_with_hours_is_a_working_day_of_that_calendar() -> None:
    desk = open_hours(Window(WEEKDAYS, 480, 960), Window(SATURDAY, 600, 840))
    assert in_oslo(due(desk, oslo("2026-11-20 15:00"), Days(1))) == "Sat 2026-11-21 14:00"


def test_no_working_days_at_all_are_the_next_opening() -> None:
    assert in_oslo(add_working_days(weekdays_8_to_16(), oslo("2026-11-21 12:00"), 0)) == (
        "Mon 2026-11-23 08:00"
    )


def test_a_night_duty_keeps_its_clock_time_past_midnight() -> None:
    nights = open_hours(overnight(WEEKDAYS, 22 * 60, 6 * 60), holidays=None)
    assert in_oslo(add_working_days(nights, oslo("2026-11-21 02:00"), 1)) == "Tue 2026-11-24 02:00"


def test_round_the_clock_counts_calendar_days_and_every_minute() -> None:
    start = oslo("2026-12-24 23:00")
    assert in_oslo(due(ROUND_THE_CLOCK, start, FOUR_HOURS)) == "Fri 2026-12-25 03:00"
    assert in_oslo(due(ROUND_THE_CLOCK, start, Days(3))) == "Sun 2026-12-27 23:00"


def test_a_calendar_day_keeps_the_clock_time_across_a_clock_change_where_it_lives() -> None:
    start = oslo("2026-03-28 12:00")
    at_home = due(round_the_clock("Europe/Oslo"), start, Days(1))
    assert in_oslo(at_home) == "Sun 2026-03-29 12:00"
    assert at_home - start == timedelta(hours=23)


@pytest.mark.parametrize(("evening", "hours"), [("2026-03-28", 3), ("2026-10-24", 5)])
def test_four_hours_on_the_wall_are_three_or_five_in_a_clock_change_night(
    evening: str, hours: int
) -> None:
    nights = open_hours(overnight(EVERY_DAY, 23 * 60, 3 * 60), holidays=None)
    began = oslo(f"{evening} 23:00")
    ended = add_business(nights, began, timedelta(hours=hours))
    assert in_oslo(ended)[-5:] == "03:00"
    assert business_between(nights, began, ended + timedelta(hours=2)) == timedelta(hours=hours)


def test_time_counted_backwards_is_negative() -> None:
    a, b = oslo("2026-11-20 09:00"), oslo("2026-11-23 09:00")
    assert business_between(weekdays_8_to_16(), b, a) == -timedelta(hours=8)


def test_a_calendar_without_hours_has_no_due_time() -> None:
    never = open_hours()
    for amount in (FOUR_HOURS, Days(1)):
        with pytest.raises(NeverOpens):
            due(never, oslo("2026-11-20 09:00"), amount)


def test_a_calendar_that_closes_for_good_has_no_due_time_beyond_that() -> None:
    once = open_hours(exceptions=(DatedException(date(2026, 11, 20), ((480, 600),)),))
    start = oslo("2026-11-20 08:00")
    assert in_oslo(due(once, start, Minutes(120))) == "Fri 2026-11-20 10:00"
    for amount in (Minutes(121), Days(1)):
        with pytest.raises(NeverOpens):
            due(once, start, amount)


def test_time_is_counted_forward_only() -> None:
    start = oslo("2026-11-20 09:00")
    with pytest.raises(ValueError, match="forward"):
        add_business(weekdays_8_to_16(), start, -MINUTE)
    with pytest.raises(ValueError, match="forward"):
        add_working_days(weekdays_8_to_16(), start, -1)


def test_three_days_of_a_desk_with_seven_and_a_half_hours_are_22_and_a_half_hours() -> None:
    desk = open_hours(Window(WEEKDAYS, 480, 930))
    assert working_day_length(desk) == timedelta(hours=7.5)
    assert nominal(desk, Days(3)) == timedelta(hours=22.5)
    assert nominal(desk, Minutes(90)) == timedelta(minutes=90)
    assert nominal(ROUND_THE_CLOCK, Days(2)) == timedelta(days=2)


# --- against the referees ------------------------------------------------------------------


@settings(max_examples=30)
@given(calendars(), weeks(), minutes(), minutes())
def test_business_between_counts_the_open_minutes(
    calendar: Calendar, first_day: date, one: int, other: int
) -> None:
    week = stepped(calendar, first_day)
    start, end = sorted((one, other))
    assert business_between(calendar, week.instant(start), week.instant(end)) == (
        sum(week.is_open[start:end]) * MINUTE
    )


@settings(max_examples=40)
@given(calendars(), weeks(), st.integers(0, 3 * 1440), st.integers(1, 2000))
def test_adding_ends_at_the_minute_where_so_many_have_been_open(
    calendar: Calendar, first_day: date, start: int, amount: int
) -> None:
    week = stepped(calendar, first_day)
    open_minutes = [m for m in range(start, len(week.is_open)) if week.is_open[m]]
    if len(open_minutes) < amount:
        return
    ended = add_business(calendar, week.instant(start), amount * MINUTE)
    assert ended == week.instant(open_minutes[amount - 1] + 1)


@settings(max_examples=40)
@given(calendars(), weeks(), minutes(), st.integers(0, 20_000), st.integers(0, 59_999_999))
def test_what_was_added_is_what_lies_between(
    calendar: Calendar, first_day: date, minute: int, amount: int, microseconds: int
) -> None:
    start = stepped(calendar, first_day).instant(minute) + timedelta(microseconds=microseconds)
    length = timedelta(minutes=amount, microseconds=microseconds)
    try:
        ended = add_business(calendar, start, length)
    except NeverOpens:
        return
    assert ended >= start
    assert business_between(calendar, start, ended) == length


@settings(max_examples=30)
@given(calendars(), weeks(), minutes(), st.integers(1, 8))
def test_working_days_end_within_open_hours_or_a_pause_and_in_order(
    calendar: Calendar, first_day: date, minute: int, count: int
) -> None:
    start = stepped(calendar, first_day).instant(minute)
    try:
        sooner = add_working_days(calendar, start, count - 1)
        later = add_working_days(calendar, start, count)
    except NeverOpens:
        return
    assert start <= sooner <= later


# The other library loops for ever where nothing is ever open, and knows day windows only.
@settings(max_examples=40)
@given(
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 22),
    st.integers(1, 10),
    st.sampled_from(WEEKS),
    minutes(),
    st.integers(1, 3000),
)
def test_business_time_agrees_with_businesstimedelta_on_day_windows(
    weekdays: frozenset[int], first_hour: int, hours: int, week: date, minute: int, amount: int
) -> None:
    start_hour, end_hour = first_hour, min(23, first_hour + hours)
    # On the nights of the clock change 02:00 is there twice or never; the other library takes
    # the second one, or one that is not there. Ours is told in minute_by_minute.
    assume(2 not in (start_hour, end_hour))
    calendar = open_hours(Window(weekdays, start_hour * 60, end_hour * 60))
    start = datetime(week.year, week.month, week.day, tzinfo=UTC) + minute * MINUTE
    workday = businesstimedelta.WorkDayRule(
        start_time=time(start_hour),
        end_time=time(end_hour),
        working_days=sorted(weekdays),
        tz=pytz.timezone("Europe/Oslo"),
    )
    free = businesstimedelta.HolidayRule(RED_DAYS, tz=pytz.timezone("Europe/Oslo"))
    rules = businesstimedelta.Rules([workday, free])
    expected = start + businesstimedelta.BusinessTimeDelta(rules, seconds=amount * 60)
    ended = add_business(calendar, start, amount * MINUTE)
    assert ended == expected
    assert business_between(calendar, start, ended) == amount * MINUTE
    assert is_open(calendar, ended - MINUTE)


def test_the_days_of_the_referee_hold_both_clock_changes() -> None:
    changes = {
        (first + timedelta(days=n)).isoformat()
        for first in WEEKS
        for n in range(DAYS)
        if oslo(f"{first + timedelta(days=n + 1)} 12:00")
        - oslo(f"{first + timedelta(days=n)} 12:00")
        != timedelta(days=1)
    }
    assert {"2026-03-28", "2026-10-24", "2027-03-27"} <= changes
