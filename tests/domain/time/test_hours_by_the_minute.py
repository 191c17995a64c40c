"""Opening hours agree with a referee that steps through every minute, and with each other."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.time.calendars import Calendar
from app.domain.time.hours import closes_at, is_open, next_opening, open_intervals
from tests.domain.time.minute_by_minute import DAYS, MINUTE, calendars, minutes, stepped, weeks


@settings(max_examples=25)
@given(calendars(), weeks())
def test_open_intervals_hold_just_the_minutes_that_the_referee_finds_open(
    calendar: Calendar, first_day: date
) -> None:
    week = stepped(calendar, first_day)
    end = week.instant(DAYS * 1440)
    found = open_intervals(calendar, week.first, end)
    is_open_then = [False] * len(week.is_open)
    for piece in found:
        first = (piece.from_ - week.first) // MINUTE
        for minute in range(first, first + piece.length // MINUTE):
            is_open_then[minute] = True
    assert tuple(is_open_then) == week.is_open
    assert all(before.to < after.from_ for before, after in pairwise(found))


@settings(max_examples=25)
@given(calendars(), weeks(), st.lists(minutes(), min_size=30, max_size=30))
def test_is_open_agrees_with_the_referee(
    calendar: Calendar, first_day: date, asked: list[int]
) -> None:
    week = stepped(calendar, first_day)
    for minute in asked:
        at = week.instant(minute) + timedelta(seconds=59)
        assert is_open(calendar, at).open is week.is_open[minute], at


@settings(max_examples=25)
@given(calendars(), weeks(), st.integers(0, 4 * 1440))
def test_the_next_opening_is_open_and_nothing_before_it_is(
    calendar: Calendar, first_day: date, minute: int
) -> None:
    week = stepped(calendar, first_day)
    opening = next_opening(calendar, week.instant(minute))
    expected = next((m for m in range(minute, len(week.is_open)) if week.is_open[m]), None)
    if expected is not None:
        assert opening == week.instant(expected)
        assert is_open(calendar, opening)
    elif opening is not None:
        assert opening >= week.instant(DAYS * 1440)
        assert is_open(calendar, opening)
        assert open_intervals(calendar, week.instant(minute), opening) == ()


@settings(max_examples=25)
@given(calendars(), weeks(), minutes())
def test_it_closes_at_the_first_instant_at_which_it_is_not_open_any_more(
    calendar: Calendar, first_day: date, minute: int
) -> None:
    at = stepped(calendar, first_day).instant(minute)
    closing = closes_at(calendar, at)
    if closing is None:
        return
    assert is_open(calendar, at)
    assert not is_open(calendar, closing)
    assert is_open(calendar, closing - timedelta(microseconds=1))
    assert len(open_intervals(calendar, at, closing)) == 1
