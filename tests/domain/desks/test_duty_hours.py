"""When the duty is there: own hours, the time when no telephone is staffed, or both."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from app.domain.desks.duty_hours import (
    DutyHours,
    duty_intervals,
    in_duty_hours,
    staffed_intervals,
)
from app.domain.reasons import DutyHoursCode
from app.domain.time.calendars import (
    EVERY_DAY,
    Calendar,
    EarlyClosing,
    HolidayPolicy,
    Window,
    overnight,
    parse_yearly_day,
)
from app.domain.time.hours import is_open, next_opening
from app.domain.time.intervals import complement, subtract, union
from tests.domain.time.minute_by_minute import DAYS, MINUTE, calendars, minutes, stepped, weeks
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

DESK = (weekdays_8_to_16(),)

# Måndag – fredag 15:30 – 08:00; laurdag, søndag og heilagdagar heile døgnet.
NIGHTS_AND_HOLIDAYS = open_hours(
    overnight(WEEKDAYS, 15 * 60 + 30, 8 * 60),
    Window(SATURDAY | SUNDAY, 0, 1440),
    holiday_policy=HolidayPolicy.AS_SUNDAY,
)
OWN = DutyHours(NIGHTS_AND_HOLIDAYS)
UNSTAFFED = DutyHours(when_unstaffed=True)
BOTH = DutyHours(NIGHTS_AND_HOLIDAYS, when_unstaffed=True)


@pytest.mark.parametrize(
    ("at", "on", "overlap"),
    [
        ("2026-11-20 15:29", False, False),
        ("2026-11-20 15:30", True, True),
        ("2026-11-20 15:59", True, True),
        ("2026-11-20 16:00", True, False),
        ("2026-11-21 23:10", True, False),
        ("2026-11-23 07:59", True, False),
        ("2026-11-23 08:00", False, False),
        ("2026-05-01 10:00", True, False),
        ("2026-05-15 03:00", True, False),  # the morning after Ascension Day
    ],
)
def test_the_shipped_duty_has_no_hole_and_overlaps_the_desk_from_half_past_three(
    at: str, on: bool, overlap: bool
) -> None:
    answer = in_duty_hours(BOTH, DESK, oslo(at))
    assert (answer.on, answer.overlap) == (on, overlap)


@pytest.mark.parametrize("at", ["2026-11-23 07:00", "2026-05-15 03:00", "2026-05-26 07:59"])
def test_the_list_taken_literally_leaves_the_mornings_after_a_free_day(at: str) -> None:
    assert not in_duty_hours(OWN, DESK, oslo(at))
    assert in_duty_hours(BOTH, DESK, oslo(at)).reason.code is DutyHoursCode.DESK_UNSTAFFED


def test_the_answer_carries_the_reason_of_the_calendar_behind_it() -> None:
    saturday_night, easter_monday = oslo("2026-11-21 23:10"), oslo("2026-04-06 12:00")
    own = in_duty_hours(BOTH, DESK, saturday_night).reason
    assert own.code is DutyHoursCode.OWN_HOURS
    assert own.get("why") == is_open(NIGHTS_AND_HOLIDAYS, saturday_night).reason.ref
    unstaffed = in_duty_hours(UNSTAFFED, DESK, easter_monday).reason
    assert unstaffed.code is DutyHoursCode.DESK_UNSTAFFED
    assert unstaffed.get("why") == is_open(DESK[0], easter_monday).reason.ref
    noon = in_duty_hours(BOTH, DESK, oslo("2026-11-20 12:00"))
    assert (noon.on, noon.reason.code) == (False, DutyHoursCode.DESK_STAFFED)


def test_duty_hours_that_say_nothing_are_never() -> None:
    answer = in_duty_hours(DutyHours(), DESK, oslo("2026-11-21 23:10"))
    assert (answer.on, answer.reason.code) == (False, DutyHoursCode.NO_DUTY_HOURS)
    at = oslo("2026-11-21 23:10")
    assert duty_intervals(DutyHours(), DESK, at, at + timedelta(days=30)) == ()


def test_staffed_is_while_any_telephone_is_answered() -> None:
    both = (weekdays_8_to_16(), extended_hours())
    assert not in_duty_hours(UNSTAFFED, both, oslo("2026-11-20 22:59"))
    assert in_duty_hours(UNSTAFFED, both, oslo("2026-11-20 23:00"))
    assert not in_duty_hours(UNSTAFFED, both, oslo("2026-11-22 15:00"))


def test_an_early_closing_hands_over_to_the_duty_at_once() -> None:
    desk = (weekdays_8_to_16(early_closings=(EarlyClosing(parse_yearly_day("12-24"), 720),)),)
    [christmas] = duty_intervals(
        UNSTAFFED, desk, oslo("2026-12-24 09:00"), oslo("2026-12-28 09:00")
    )
    assert (in_oslo(christmas.from_), in_oslo(christmas.to)) == (
        "Thu 2026-12-24 12:00",
        "Mon 2026-12-28 08:00",
    )


def test_a_desk_without_telephone_hours_leaves_all_time_to_the_duty() -> None:
    assert in_duty_hours(UNSTAFFED, (), oslo("2026-11-20 12:00")).on


# --- the border in the nights on which the clocks change -----------------------------------


def test_in_autumn_the_border_is_the_first_half_past_two_and_the_desk_goes_on_meanwhile() -> None:
    desk = (open_hours(Window(EVERY_DAY, 0, 150), holidays=None),)
    first, second = oslo("2026-10-25 02:30"), oslo("2026-10-25 02:30", fold=1)
    [night] = duty_intervals(UNSTAFFED, desk, oslo("2026-10-25 00:00"), oslo("2026-10-25 23:00"))
    assert night.from_ == first
    assert is_open(desk[0], second - timedelta(minutes=1))
    assert in_duty_hours(UNSTAFFED, desk, second - timedelta(minutes=1)).overlap
    assert not in_duty_hours(UNSTAFFED, desk, second).overlap


def test_in_spring_the_border_is_the_first_instant_that_exists() -> None:
    desk = (open_hours(Window(EVERY_DAY, 150, 600), holidays=None),)
    [night] = duty_intervals(UNSTAFFED, desk, oslo("2026-03-29 00:00"), oslo("2026-03-29 05:00"))
    assert night.to == next_opening(desk[0], night.from_) == oslo("2026-03-29 03:00")


def test_own_hours_that_begin_where_the_desk_ends_neither_overlap_nor_leave_a_hole() -> None:
    desk = (open_hours(Window(EVERY_DAY, 480, 1440), Window(EVERY_DAY, 0, 150), holidays=None),)
    own = DutyHours(open_hours(Window(EVERY_DAY, 150, 480), holidays=None))
    for day in ("2026-03-29", "2026-10-25", "2026-11-20"):
        start, end = oslo(f"{day} 00:00"), oslo(f"{day} 12:00")
        duty = duty_intervals(own, desk, start, end)
        staffed = staffed_intervals(desk, start, end)
        assert complement(union(duty, staffed), start, end) == ()
        assert subtract(duty, staffed) == duty


# --- for every kind of calendar ------------------------------------------------------------


@settings(max_examples=25)
@given(calendars(), calendars(), weeks(), minutes())
def test_at_every_instant_somebody_is_there_when_the_duty_takes_what_the_desk_leaves(
    one: Calendar, other: Calendar, first_day: date, minute: int
) -> None:
    at = stepped(one, first_day).instant(minute)
    answer = in_duty_hours(UNSTAFFED, (one, other), at)
    desk = is_open(one, at).open or is_open(other, at).open
    assert answer.on or desk
    assert answer.overlap is (answer.on and desk)


@settings(max_examples=25)
@given(calendars(), calendars(), weeks(), minutes())
def test_duty_intervals_agree_with_the_question_at_an_instant(
    own: Calendar, desk: Calendar, first_day: date, minute: int
) -> None:
    week = stepped(own, first_day)
    at = week.instant(minute)
    for duty in (DutyHours(own), DutyHours(own, when_unstaffed=True), UNSTAFFED):
        found = duty_intervals(duty, (desk,), week.first, week.instant(DAYS * 1440))
        assert any(at in piece for piece in found) is in_duty_hours(duty, (desk,), at).on
        for piece in found[1:]:
            assert not in_duty_hours(duty, (desk,), piece.from_ - MINUTE / 60)
