"""Many stretches told as a usual week, and the days that differ from it."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.simulate.proof.weekly import weekly
from app.domain.time.hours import open_intervals
from app.domain.time.intervals import Interval, complement
from tests.domain.simulate.proof.a_proof import YEAR
from tests.domain.time.wall_clock import OSLO, extended_hours, oslo, weekdays_8_to_16

ZONE = "Europe/Oslo"
HOLIDAYS = (
    date(2026, 12, 25),
    date(2027, 1, 1),
    date(2027, 3, 25),
    date(2027, 3, 26),
    date(2027, 3, 29),
    date(2027, 5, 6),
    date(2027, 5, 17),
)


def test_opening_hours_are_a_week_and_its_holidays() -> None:
    week = weekly(open_intervals(weekdays_8_to_16(), YEAR.from_, YEAR.to), YEAR, ZONE)
    assert week.usual == ((0, 4, ((480, 960),)),)
    assert week.others == HOLIDAYS


def test_weekdays_with_hours_of_their_own_stand_alone() -> None:
    week = weekly(open_intervals(extended_hours(), YEAR.from_, YEAR.to), YEAR, ZONE)
    assert [(first, last) for first, last, _ in week.usual] == [(0, 4), (5, 5), (6, 6)]


def test_what_is_closed_differs_on_the_same_days() -> None:
    closed = complement(
        open_intervals(weekdays_8_to_16(), YEAR.from_, YEAR.to), YEAR.from_, YEAR.to
    )
    assert weekly(closed, YEAR, ZONE).others == HOLIDAYS


def test_a_few_seconds_before_opening_are_no_part_of_the_hours() -> None:
    pieces = tuple(
        Interval(piece.from_ - timedelta(seconds=3), piece.to)
        for piece in open_intervals(weekdays_8_to_16(), YEAR.from_, YEAR.to)
    )
    assert weekly(pieces, YEAR, ZONE).usual == ((0, 4, ((480, 960),)),)


def test_days_that_the_span_cuts_are_left_out() -> None:
    span = Interval(oslo("2026-11-23 12:00"), oslo("2026-11-25 12:00"))
    assert weekly((span,), span, ZONE).usual == ((1, 1, ((0, 1440),)),)


def test_the_nights_on_which_the_clock_changes_are_days_like_others() -> None:
    span = Interval(oslo("2027-03-22 00:00"), oslo("2027-04-05 00:00"))
    assert weekly((span,), span, ZONE).usual == ((0, 6, ((0, 1440),)),)
    assert weekly((span,), span, ZONE).others == ()


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 500_000), st.integers(1, 5000)), max_size=20))
def test_a_day_is_usual_or_told_as_another(pieces: list[tuple[int, int]]) -> None:
    minute = timedelta(minutes=1)
    cut = tuple(
        Interval(YEAR.from_ + start * minute, YEAR.from_ + (start + length) * minute)
        for start, length in pieces
    )
    merged = complement(complement(cut, YEAR.from_, YEAR.to), YEAR.from_, YEAR.to)
    week = weekly(merged, YEAR, ZONE)
    usual = {day for first, last, _ in week.usual for day in range(first, last + 1)}
    touched = {piece.from_.astimezone(OSLO).date() for piece in merged}
    assert all(day in week.others or day.weekday() in usual for day in touched)


def test_a_span_that_begins_in_office_hours_makes_no_other_day_of_the_next_one() -> None:
    span = Interval(oslo("2026-11-30T10:20"), YEAR.to)
    week = weekly(open_intervals(weekdays_8_to_16(), span.from_, span.to), span, ZONE)
    assert week.usual == ((0, 4, ((480, 960),)),)
    assert date(2026, 12, 1) not in week.others
