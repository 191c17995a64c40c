"""The duty that begins when the desk closes early, and the gaps that are meant."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.config.cross_checks import cross_check
from app.domain.config.diagnostics import Diagnostics
from app.domain.config.planned_gap_part import parse_gap
from app.domain.desks.duty_hours import (
    DutyHours,
    duty_intervals,
    in_duty_hours,
    next_duty,
)
from app.domain.desks.planned_gaps import PlannedGaps
from app.domain.reasons import DutyHoursCode
from app.domain.roster.coverage import left_to_nobody, unattended
from app.domain.time.calendars import (
    EVERY_DAY,
    Calendar,
    DatedException,
    EarlyClosing,
    HolidayPolicy,
    Season,
    Window,
    overnight,
    parse_yearly_day,
)
from app.domain.time.intervals import Interval, Intervals, intersect, subtract, total
from tests.domain.config.desk_texts import DESK, changed, codes, folder, line_of
from tests.domain.time.minute_by_minute import DAYS, calendars, minutes, stepped, weeks
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
from tests.support.written import english

NOON = EarlyClosing(parse_yearly_day("12-24"), 12 * 60)
DESK_HOURS = (weekdays_8_to_16(early_closings=(NOON,)),)
NIGHTS = open_hours(
    overnight(WEEKDAYS, 15 * 60 + 30, 8 * 60),
    Window(SATURDAY | SUNDAY, 0, 1440),
    holiday_policy=HolidayPolicy.AS_SUNDAY,
)
AS_LISTED = DutyHours(NIGHTS)
EARLY = DutyHours(NIGHTS, from_early_closing=True)


def day_of(
    duty: DutyHours, desk: tuple[Calendar, ...], day: str = "2026-12-24"
) -> list[tuple[str, str]]:
    """When the duty is there between 08:00 and the next 08:00, as the wall shows it."""
    from_ = oslo(f"{day} 08:00")
    found = duty_intervals(duty, desk, from_, from_ + timedelta(hours=24))
    return [(in_oslo(each.from_)[-5:], in_oslo(each.to)[-5:]) for each in found]


def test_on_christmas_eve_the_duty_as_listed_leaves_the_hours_after_the_closing_to_nobody() -> None:
    assert day_of(AS_LISTED, DESK_HOURS)[0][0] == "15:30"
    assert day_of(EARLY, DESK_HOURS)[0][0] == "12:00"
    eve = Interval(oslo("2026-12-24 08:00"), oslo("2026-12-24 23:00"))
    assert unattended(AS_LISTED, DESK_HOURS, eve)
    assert not unattended(EARLY, DESK_HOURS, eve)


def test_the_answer_says_that_it_is_the_early_closing() -> None:
    answer = in_duty_hours(EARLY, DESK_HOURS, oslo("2026-12-24 13:00"))
    assert (answer.on, answer.overlap, answer.reason.code) == (
        True,
        False,
        DutyHoursCode.EARLY_CLOSING,
    )
    assert (
        in_duty_hours(EARLY, DESK_HOURS, oslo("2026-12-24 16:00")).reason.code
        is DutyHoursCode.OWN_HOURS
    )
    assert not in_duty_hours(EARLY, DESK_HOURS, oslo("2026-12-24 11:59"))


def test_on_all_other_days_nothing_is_changed() -> None:
    """B12 and B13: the overlap stays, and so do the holes that no early closing has made."""
    year = (oslo("2026-01-01 00:00"), oslo("2027-01-01 00:00"))
    more = subtract(
        duty_intervals(EARLY, DESK_HOURS, *year), duty_intervals(AS_LISTED, DESK_HOURS, *year)
    )
    assert [(in_oslo(each.from_), in_oslo(each.to)) for each in more] == [
        ("Thu 2026-12-24 12:00", "Thu 2026-12-24 15:30")
    ]


def test_an_exception_that_closes_earlier_than_usual_is_an_early_closing_too() -> None:
    party = DatedException(date(2027, 6, 11), ((480, 720),))
    longer = DatedException(date(2027, 6, 14), ((480, 1080),))
    desk = (weekdays_8_to_16(exceptions=(party, longer)),)
    assert day_of(EARLY, desk, "2027-06-11")[0][0] == "12:00"
    assert day_of(EARLY, desk, "2027-06-14")[0][0] == "15:30"


def test_on_a_day_that_an_exception_closes_the_duty_begins_when_the_desk_would_have_opened() -> (
    None
):
    desk = (weekdays_8_to_16(exceptions=(DatedException(date(2026, 12, 23)),)),)
    assert day_of(EARLY, desk, "2026-12-23")[0][0] == "08:00"
    holes = unattended(EARLY, desk, Interval(oslo("2026-12-23 00:00"), oslo("2026-12-24 08:00")))
    assert holes == ()


def test_a_lunch_that_the_early_closing_touches_is_no_early_closing_itself() -> None:
    desk = (
        open_hours(Window(WEEKDAYS, 480, 690), Window(WEEKDAYS, 720, 960), early_closings=(NOON,)),
    )
    assert day_of(EARLY, desk)[0][0] == "12:00"


def test_while_another_telephone_is_open_the_desk_has_not_closed() -> None:
    desk = (*DESK_HOURS, extended_hours())
    assert day_of(EARLY, desk)[0][0] == "15:30"


def test_where_no_duty_begins_later_that_day_none_begins_earlier() -> None:
    weekends = DutyHours(open_hours(Window(SATURDAY | SUNDAY, 0, 1440)), from_early_closing=True)
    assert day_of(weekends, DESK_HOURS) == []


def test_a_duty_that_is_under_way_when_the_desk_closes_goes_on_as_it_is() -> None:
    noons = open_hours(Window(WEEKDAYS, 11 * 60, 14 * 60), Window(WEEKDAYS, 20 * 60, 22 * 60))
    early = DutyHours(noons, from_early_closing=True)
    assert day_of(early, DESK_HOURS) == [("11:00", "14:00"), ("20:00", "22:00")]


def test_an_early_closing_within_a_season_is_measured_by_the_hours_of_the_season() -> None:
    season = Season((12, 15), (1, 5), (Window(WEEKDAYS, 600, 720),), "turn of the year")
    desk = (weekdays_8_to_16(early_closings=(NOON,), seasons=(season,)),)
    assert day_of(EARLY, desk)[0][0] == "15:30"  # the season ends at noon anyway


def test_in_the_night_of_the_clock_change_the_earlier_begin_is_a_start() -> None:
    """02:30 comes twice on 25 October: a start is the first of them."""
    desk = (
        open_hours(
            Window(EVERY_DAY, 0, 300),
            holidays=None,
            early_closings=(EarlyClosing(parse_yearly_day("10-25"), 150),),
        ),
    )
    duty = DutyHours(
        open_hours(Window(EVERY_DAY, 300, 600), holidays=None), from_early_closing=True
    )
    [night] = duty_intervals(duty, desk, oslo("2026-10-25 00:00"), oslo("2026-10-25 12:00"))
    assert night.from_ == oslo("2026-10-25 02:30")
    assert night.length == timedelta(hours=8, minutes=30)


@settings(max_examples=25)
@given(calendars(), calendars(), weeks(), minutes())
def test_for_every_kind_of_calendar_intervals_and_instants_agree(
    own: Calendar, desk: Calendar, first_day: date, minute: int
) -> None:
    week = stepped(own, first_day)
    at, end = week.instant(minute), week.instant(DAYS * 1440)
    early = DutyHours(own, from_early_closing=True)
    found = duty_intervals(early, (desk,), week.first, end)
    assert any(at in piece for piece in found) is in_duty_hours(early, (desk,), at).on
    listed = duty_intervals(DutyHours(own), (desk,), week.first, end)
    assert subtract(listed, found) == ()


# --- planned gaps ----------------------------------------------------------------------------


def planned(*texts: str) -> DutyHours:
    return replace(AS_LISTED, planned_gaps=PlannedGaps("Europe/Oslo", tuple(map(parse_gap, texts))))


def holes(duty: DutyHours, from_: str, to: str) -> list[tuple[str, str]]:
    found: Intervals = unattended(duty, DESK_HOURS, Interval(oslo(from_), oslo(to)))
    return [(in_oslo(each.from_), in_oslo(each.to)) for each in found]


@pytest.mark.parametrize(
    "text",
    [
        "monday 00:00-08:00",
        "sunday 23:00-08:00 next day",
        "2026-11-23 00:00-08:00",
        "11-23 00:00-08:00",
    ],
)
def test_a_planned_gap_is_no_hole(text: str) -> None:
    week = ("2026-11-21 00:00", "2026-11-28 00:00")
    assert holes(AS_LISTED, *week) == [("Mon 2026-11-23 00:00", "Mon 2026-11-23 08:00")]
    assert holes(planned(text), *week) == []


def test_what_a_planned_gap_leaves_out_is_still_a_hole() -> None:
    assert holes(planned("monday 00:00-07:00"), "2026-11-21 00:00", "2026-11-28 00:00") == [
        ("Mon 2026-11-23 07:00", "Mon 2026-11-23 08:00")
    ]


def test_in_a_planned_gap_the_answer_says_so_and_elsewhere_not() -> None:
    duty = planned("monday-friday 00:00-12:00")
    assert (
        in_duty_hours(duty, DESK_HOURS, oslo("2026-11-23 06:00")).reason.code
        is DutyHoursCode.PLANNED_GAP
    )
    at_ten = in_duty_hours(duty, DESK_HOURS, oslo("2026-11-23 10:00"))
    assert at_ten.reason.code is DutyHoursCode.DESK_STAFFED  # the desk is there
    at_night = in_duty_hours(duty, DESK_HOURS, oslo("2026-11-24 03:00"))
    assert (at_night.on, at_night.reason.code) == (True, DutyHoursCode.OWN_HOURS)


@settings(max_examples=25)
@given(calendars(), calendars(), weeks(), st.integers(0, 1439), st.integers(1, 1440))
def test_a_planned_gap_takes_nothing_away(
    own: Calendar, desk: Calendar, first_day: date, start: int, length: int
) -> None:
    week = stepped(own, first_day)
    whole = Interval(week.first, week.instant(DAYS * 1440))
    span = (whole.from_, whole.to)
    gap = replace(
        parse_gap("monday-sunday 00:00-01:00"), start_minute=start, end_minute=start + length
    )
    gaps = PlannedGaps("Europe/Oslo", (gap,))
    duty = DutyHours(own, planned_gaps=gaps)
    assert duty_intervals(duty, (desk,), *span) == duty_intervals(DutyHours(own), (desk,), *span)
    left = left_to_nobody(duty, (desk,), whole)
    silent = subtract(left, unattended(duty, (desk,), whole))
    assert silent == intersect(left, gaps.intervals(*span))
    assert total(silent) <= total(left)


def test_a_planned_gap_begins_and_ends_at_the_first_of_a_time_that_comes_twice() -> None:
    """As the duty's hours do, so that no hole is left between them."""
    gaps = PlannedGaps("Europe/Oslo", (parse_gap("sunday 01:00-02:30"),))
    [night] = gaps.intervals(oslo("2026-10-25 00:00"), oslo("2026-10-25 12:00"))
    assert night.length == timedelta(minutes=90)
    assert not gaps.holds(oslo("2026-10-25 02:30"))
    [spring] = gaps.intervals(oslo("2026-03-29 00:00"), oslo("2026-03-29 12:00"))
    assert spring == Interval(oslo("2026-03-29 01:00"), oslo("2026-03-29 03:00"))


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        ("2026-11-23 06:30", "Mon 2026-11-23 15:30"),
        ("2026-11-23 20:00", "Mon 2026-11-23 20:00"),
        ("2026-12-24 13:00", "Thu 2026-12-24 15:30"),
    ],
)
def test_when_the_duty_is_there_again(at: str, begins: str) -> None:
    assert in_oslo(next_duty(AS_LISTED, DESK_HOURS, oslo(at))) == begins


def test_a_duty_that_is_never_there_again_has_no_next_time() -> None:
    never = DutyHours(open_hours(holidays=None))
    assert next_duty(never, DESK_HOURS, oslo("2026-11-23 06:30")) is None


# --- as it is written ------------------------------------------------------------------------

LISTED = """
[duty.hours]
holidays = "NO"
on_holidays = "as_sunday"
monday-friday = ["15:30-08:00 next day"]
saturday-sunday = ["00:00-24:00"]
"""
OWN_HOURS = changed(DESK, "when_not_staffed = true\n", LISTED)
CLOSING = """
[[calendars.desk.early_closings]]
day = "12-24"
closes = "12:00"
"""
WAKES = 'wakes = ["critical"]\n'
NOW = oslo("2026-12-22 12:00")


def written(lines: str, desk: str = OWN_HOURS) -> str:
    return changed(desk, WAKES, WAKES + lines + "\n")


def check(desk: str, at: datetime = NOW, days: int = 7) -> Diagnostics:
    return cross_check([folder(desk=desk)], at, at + timedelta(days=days))


def test_both_are_read() -> None:
    gaps = '["monday-friday 07:30-08:00", "easter-4 12:00-15:30", "2026-12-24 12:00-15:30"]'
    found = folder(desk=written(f"from_early_closing = true\nplanned_gaps = {gaps}"))
    assert found.diagnostics == ()
    assert found.desk
    assert found.desk.duty
    hours = found.desk.duty.hours
    assert hours.from_early_closing
    assert hours.planned_gaps.gaps[0].text == "monday-friday 07:30-08:00"
    assert hours.planned_gaps.time_zone == "Europe/Oslo"


@pytest.mark.parametrize(
    "text",
    [
        "monday",
        "06:00-07:00",
        "mon 06:00-07:00",
        "monday 7-8",
        "monday 08:00-07:00",
        "13-24 12:00-15:30",
        "2026-02-30 12:00-15:30",
        "holidays 08:00-12:00",
    ],
)
def test_what_is_no_planned_gap_is_refused_where_it_stands(text: str) -> None:
    desk = written(f'planned_gaps = ["monday 07:00-08:00", "{text}"]')
    [diagnostic] = folder(desk=desk).diagnostics
    assert diagnostic.is_error
    assert diagnostic.position.line == line_of(desk, "planned_gaps")
    assert text in english(diagnostic.message)


def test_hours_after_an_early_closing_are_told_with_the_field_that_closes_them() -> None:
    diagnostics = check(OWN_HOURS + CLOSING)
    assert codes(diagnostics) == ["nobody_after_early_closing", "unattended", "unattended"]
    told = english(diagnostics[0].message)
    assert "nobody is there from 2026-12-24 (Thu) 12:00 to 2026-12-24 (Thu) 15:30" in told
    assert "from_early_closing = true" in told


def test_with_the_field_or_the_gap_the_check_is_silent_about_them() -> None:
    monday = '"monday 00:00-08:00"'
    early = f"from_early_closing = true\nplanned_gaps = [{monday}]"
    meant = f'planned_gaps = [{monday}, "12-24 12:00-15:30"]'
    assert check(written(early) + CLOSING) == ()
    assert check(written(meant) + CLOSING) == ()


@pytest.mark.parametrize(
    ("lines", "desk"),
    [
        ("from_early_closing = true", DESK),
        ('planned_gaps = ["monday 00:00-08:00"]', DESK),
    ],
)
def test_beside_when_not_staffed_they_have_no_effect_and_are_told_so(lines: str, desk: str) -> None:
    [diagnostic] = folder(desk=written(lines, desk)).diagnostics
    assert (diagnostic.code, diagnostic.is_error) == ("no_effect", False)


def test_a_planned_gap_in_which_somebody_is_there_is_told() -> None:
    diagnostics = check(written('planned_gaps = ["monday 00:00-08:00", "tuesday 03:00-04:00"]'))
    assert [
        english(diagnostic.message) for diagnostic in diagnostics if diagnostic.code == "no_effect"
    ] == ["no effect: the desk or the duty is there in the planned gap “tuesday 03:00-04:00”"]


def test_a_planned_gap_twice_is_pointed_out() -> None:
    desk = written('planned_gaps = ["monday 00:00-08:00", "monday 00:00-08:00"]')
    assert codes(folder(desk=desk).diagnostics) == ["gap_twice"]
