"""What people are told of their coming shifts: the evening before, an hour before, when moved."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.roles import Role
from app.domain.roster.duty_notices import (
    DutyNotice,
    KnownShift,
    NoticeKind,
    duty_notices,
    next_shift,
)
from app.domain.roster.plan import Absence, Override, Roster
from tests.domain.roster.test_shift_confirmations import TEXT, oslo, roster

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def kinds(plan: Roster, person: str, now: datetime) -> list[NoticeKind]:
    return [each.kind for each in duty_notices(plan, person, None, now)]


def first_of(plan: Roster, person: str, now: datetime) -> KnownShift:
    found = next_shift(plan, person, now)
    assert found
    return found


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25), (6, 10)])  # both clock changes
def test_the_evening_before_is_at_six_on_the_wall_and_the_hour_is_a_real_one(
    month: int, day: int
) -> None:
    plan, noon = roster(), oslo(day - 1, 12, month=month)
    person = next(
        each for each in ("a", "b") if first_of(plan, each, noon).from_ == oslo(day, 8, month=month)
    )
    evening = oslo(day - 1, 18, month=month)
    assert kinds(plan, person, evening - MINUTE) == []
    assert kinds(plan, person, evening) == [NoticeKind.TOMORROW]
    assert kinds(plan, person, evening + 3 * HOUR) == [], "late, it is no news"
    begins = oslo(day, 8, month=month).astimezone(ZoneInfo("UTC"))
    assert kinds(plan, person, begins - HOUR - MINUTE) == []
    assert kinds(plan, person, begins - HOUR) == [NoticeKind.IN_AN_HOUR]
    assert kinds(plan, person, begins) == []


def test_who_is_on_duty_already_is_not_told_that_the_next_shift_begins() -> None:
    alone = roster(TEXT.replace('members = ["a", "b"]', 'members = ["a"]'))
    assert kinds(alone, "a", oslo(10, 18)) == []
    assert kinds(alone, "a", oslo(10, 7)) == []


def test_a_next_shift_that_is_another_one_now_is_told_with_what_it_was() -> None:
    plan, now = roster(), oslo(10, 12)
    known = first_of(plan, "a", now)
    assert duty_notices(plan, "a", known, now) == ()
    away = replace(plan, absences=(Absence("a", known.from_, known.to),))
    [moved] = duty_notices(away, "a", known, now)
    assert (moved.kind, moved.was) == (NoticeKind.MOVED, known)
    assert moved.shift == first_of(away, "a", now)
    gone = replace(plan, absences=(Absence("a", oslo(1, 0), oslo(1, 0, month=12)),))
    assert duty_notices(gone, "a", known, now) == (DutyNotice(NoticeKind.MOVED, None, known),)


def test_a_shift_that_comes_before_the_next_one_is_told() -> None:
    plan, now = roster(), oslo(10, 12)
    known = first_of(plan, "a", now)
    begins = now + HOUR if known.from_ > now + 20 * HOUR else known.from_ - HOUR
    sooner = Override("a", Role.PRIMARY, begins, begins + MINUTE)
    [moved] = duty_notices(replace(plan, overrides=(sooner,)), "a", known, now)
    assert moved.shift
    assert moved.shift.from_ <= begins < known.from_


def test_who_takes_over_sooner_and_keeps_the_shift_is_not_told_that_it_is_gone() -> None:
    plan, now = roster(), oslo(10, 12)
    known = first_of(plan, "a", now)
    sooner = Override("a", Role.PRIMARY, known.from_ - 2 * HOUR, known.to)
    taken = replace(plan, overrides=(sooner,))
    assert duty_notices(taken, "a", known, known.from_ - HOUR) == ()


def test_a_shift_that_has_begun_is_not_told_as_moved() -> None:
    plan, now = roster(), oslo(10, 12)
    known = first_of(plan, "a", now)
    assert duty_notices(plan, "a", known, known.from_) == ()
