"""The hours that nobody covers, pointed out."""

from dataclasses import replace
from datetime import date, timedelta

from app.domain.desks.duty_hours import DutyHours
from app.domain.roster.coverage import unattended, uncovered
from app.domain.roster.on_duty import Roster
from app.domain.time.calendars import HolidayPolicy, Window, overnight
from app.domain.time.intervals import Interval, Intervals, total
from tests.domain.roster.duty_rota import BACKUP, PEOPLE, away, rota, takes, weekly
from tests.domain.time.wall_clock import (
    OSLO,
    SATURDAY,
    SUNDAY,
    WEEKDAYS,
    in_oslo,
    open_hours,
    oslo,
    weekdays_8_to_16,
)

DESK = (weekdays_8_to_16(),)
NIGHT_DUTY = DutyHours(when_unstaffed=True)
YEAR = Interval(oslo("2026-01-01 00:00"), oslo("2027-01-01 00:00"))

# The list as it stands in the source: måndag – fredag 15:30 – 08:00; laurdag, søndag og
# heilagdagar heile døgnet. A holiday has its own line, so no evening begins on it.
LITERAL = open_hours(
    overnight(WEEKDAYS, 930, 480),
    Window(SATURDAY | SUNDAY, 0, 1440),
    holiday_policy=HolidayPolicy.AS_SUNDAY,
)


def days_of(pieces: Intervals) -> set[date]:
    return {piece.from_.astimezone(OSLO).date() for piece in pieces}


def hours(pieces: Intervals) -> float:
    return total(pieces) / timedelta(hours=1)


# --- B13: the literal list leaves holes ----------------------------------------------------


def test_the_literal_list_leaves_55_days_and_439_and_a_half_hours_of_2026() -> None:
    """With heilagdag as in helligdagsfredloven only: 1 May, a høgtidsdag, is not one."""
    heilagdag_only = replace(LITERAL, national_day_policy=HolidayPolicy.AS_WEEKDAY)
    holes = unattended(DutyHours(heilagdag_only), DESK, YEAR)
    assert (len(days_of(holes)), hours(holes)) == (55, 439.5)

    mondays = {day for day in days_of(holes) if day.weekday() == 0}
    others = sorted(days_of(holes) - mondays)
    assert len(mondays) == 50  # all but Easter Monday and Whit Monday
    assert [str(day) for day in others] == [
        "2026-01-02",
        "2026-04-07",
        "2026-05-01",  # 08:00-15:30: the desk is closed and it is no heilagdag
        "2026-05-15",
        "2026-05-26",
    ]


def test_with_1_may_as_a_heilagdag_too_that_day_is_covered() -> None:
    holes = unattended(DutyHours(LITERAL), DESK, YEAR)
    assert (len(days_of(holes)), hours(holes)) == (54, 432.0)


def test_the_union_with_unstaffed_time_leaves_no_hole() -> None:
    ten_years = Interval(oslo("2026-01-01 00:00"), oslo("2036-01-01 00:00"))
    assert unattended(DutyHours(LITERAL, when_unstaffed=True), DESK, ten_years) == ()
    assert unattended(NIGHT_DUTY, DESK, ten_years) == ()


# --- who is there in the duty hours --------------------------------------------------------


def uncovered_in_november(roster: Roster) -> list[tuple[str, str]]:
    fortnight = Interval(oslo("2026-11-16 08:00"), oslo("2026-11-30 08:00"))
    pieces = uncovered(roster, NIGHT_DUTY, DESK, fortnight)
    return [(in_oslo(piece.from_), in_oslo(piece.to)) for piece in pieces]


def test_a_full_rotation_leaves_nothing_uncovered() -> None:
    assert uncovered_in_november(rota()) == []
    assert uncovered(rota(), NIGHT_DUTY, DESK, Interval(oslo("2026-01-05 08:00"), YEAR.to)) == ()


def test_the_last_resort_does_not_count_as_covered() -> None:
    nobody = Roster("vakt", "Europe/Oslo", PEOPLE, last_resort=("+4720000009",))
    assert uncovered_in_november(nobody)[:2] == [
        ("Mon 2026-11-16 16:00", "Tue 2026-11-17 08:00"),
        ("Tue 2026-11-17 16:00", "Wed 2026-11-18 08:00"),
    ]


def test_an_absence_without_a_backup_is_uncovered_only_in_duty_hours() -> None:
    course = away("duty2", "2026-11-19 12:00", "2026-11-20 20:00")
    absent = rota(weekly(), absences=(course,))
    assert uncovered_in_november(absent) == [
        ("Thu 2026-11-19 16:00", "Fri 2026-11-20 08:00"),
        ("Fri 2026-11-20 16:00", "Fri 2026-11-20 20:00"),
    ]


def test_a_backup_or_somebody_who_takes_the_shift_covers_an_absence() -> None:
    absences = (away("duty2", "2026-11-19 12:00", "2026-11-20 20:00"),)
    takes_it = takes("duty4", "2026-11-19 12:00", "2026-11-20 20:00")
    assert uncovered_in_november(rota(weekly(), BACKUP, absences=absences)) == []
    assert uncovered_in_november(rota(weekly(), absences=absences, overrides=(takes_it,))) == []


def test_somebody_without_a_number_covers_nothing() -> None:
    mute = (PEOPLE[0], replace(PEOPLE[1], numbers=()), *PEOPLE[2:])
    found = uncovered_in_november(rota(weekly(), people=mute))
    assert found[0] == ("Mon 2026-11-16 16:00", "Tue 2026-11-17 08:00")
    assert found[-1] == ("Fri 2026-11-20 16:00", "Mon 2026-11-23 08:00")


def test_ninety_days_ahead_show_where_a_rotation_ends() -> None:
    ending = rota(
        replace(weekly(), until=date(2026, 12, 21)), replace(BACKUP, until=date(2026, 12, 21))
    )
    now = oslo("2026-11-21 23:10")
    found = uncovered(ending, NIGHT_DUTY, DESK, Interval(now, now + timedelta(days=90)))
    assert in_oslo(found[0].from_) == "Mon 2026-12-21 16:00"
