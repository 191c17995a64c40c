"""A period is copied by whole days on the wall, to the same weekday or to the same holiday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.message_refs import MessageError, MessageRef
from app.domain.roles import Role
from app.domain.roster.period_copy import (
    Proposal,
    changing,
    holiday_offset,
    is_there,
    proposals,
    still_ahead,
    weekday_offset,
)
from app.domain.roster.timeline import timeline
from app.domain.time.intervals import Interval
from tests.domain.roster.duty_rota import away, rota, takes, weekly
from tests.domain.time.wall_clock import OSLO, in_oslo, oslo

DAYS = some.dates(date(2020, 1, 1), date(2035, 12, 31))
EASTER, CHRISTMAS = MessageRef("holiday.easter_day"), MessageRef("holiday.christmas_day")


@given(DAYS, DAYS)
def test_a_weekday_falls_on_the_same_weekday_within_a_week(first: date, target: date) -> None:
    moved = first + weekday_offset(first, target)
    assert moved.weekday() == first.weekday()
    assert target <= moved < target + timedelta(days=7)


def test_easter_falls_on_easter_and_christmas_on_christmas() -> None:
    source = {date(2026, 4, 5): EASTER}
    around = {date(2027, 3, 28): EASTER, date(2026, 12, 25): CHRISTMAS}
    moved = date(2026, 4, 2) + holiday_offset(source, around, date(2027, 4, 1))
    assert moved == date(2027, 3, 25), "Maundy Thursday on Maundy Thursday"
    two = {date(2025, 12, 25): CHRISTMAS, date(2026, 12, 25): CHRISTMAS}
    offset = holiday_offset({date(2024, 12, 25): CHRISTMAS}, two, date(2026, 12, 20))
    assert date(2024, 12, 24) + offset == date(2026, 12, 24)


def test_without_a_holiday_there_is_nothing_to_go_by() -> None:
    for source, around in (({}, {}), ({date(2026, 4, 5): EASTER}, {})):
        with pytest.raises(MessageError):
            holiday_offset(source, around, date(2027, 4, 1))


def test_times_stay_as_they_are_on_the_wall_over_a_change_of_the_clock() -> None:
    plan = rota(weekly())
    october = Interval(oslo("2026-10-19 00:00"), oslo("2026-10-26 00:00"))
    copied = proposals(timeline(plan, (), october), timedelta(weeks=4), OSLO)
    assert [(each.person, in_oslo(each.when.from_)) for each in copied] == [
        ("duty2", "Mon 2026-11-16 08:00"),
    ]
    assert in_oslo(copied[0].when.to) == "Mon 2026-11-23 08:00", "nobody hands over at midnight"


def test_of_a_shift_that_has_begun_before_the_days_of_the_period_are_copied() -> None:
    plan = rota(weekly())
    days = Interval(oslo("2026-11-18 00:00"), oslo("2026-11-21 00:00"))
    [copied] = proposals(timeline(plan, (), days), timedelta(weeks=4), OSLO)
    assert in_oslo(copied.when.from_) == "Wed 2026-12-16 00:00"
    assert in_oslo(copied.when.to) == "Sat 2026-12-19 00:00"


@given(some.integers(-3000, 3000))
def test_what_has_been_is_never_rewritten(minutes: int) -> None:
    when = Interval(oslo("2026-11-18 08:00"), oslo("2026-11-19 08:00"))
    now = when.from_ + timedelta(minutes=minutes, seconds=1)
    left = still_ahead(Proposal("duty1", Role.PRIMARY, when), now).when
    assert left.from_ >= when.from_
    assert left.length == timedelta() or (left.from_ > now and left.to == when.to)
    assert (left.length > timedelta()) is (now < when.to - timedelta(minutes=1))


def test_only_who_had_it_is_copied_and_only_what_is_different_is_proposed() -> None:
    swap = takes("duty4", "2026-11-17 08:00", "2026-11-18 08:00")
    ill = away("duty2", "2026-11-19 08:00", "2026-11-20 08:00")
    plan = rota(weekly(), overrides=(swap,), absences=(ill,))
    week = Interval(oslo("2026-11-16 08:00"), oslo("2026-11-23 08:00"))
    copied = proposals(timeline(plan, (), week), timedelta(weeks=4), OSLO)
    assert [each.person for each in copied] == ["duty2", "duty4", "duty2", "duty2"]
    target = timeline(plan, (), Interval(oslo("2026-12-14 08:00"), oslo("2026-12-21 08:00")))
    assert [each.person for each in changing(copied, target)] == ["duty4"]
    without = rota(weekly(members=("duty1",)), people=plan.people[:1])
    assert [is_there(without, each) for each in copied] == [False] * 4
