"""A shift that two people have agreed about is found again where the rotation has moved it."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.roles import Role
from app.domain.roster.duty_slots import DutySlot, slot_at, slot_now, slots_between
from app.domain.roster.on_duty import Roster, Rotation, RotationKind
from app.domain.time.intervals import Interval
from tests.domain.roster.duty_rota import NAMES, rota, takes, weekly
from tests.domain.time.wall_clock import in_oslo, oslo

WEEK = Interval(oslo("2026-11-16 08:00"), oslo("2026-11-23 08:00"))  # duty2's
PLAN = rota(weekly())


def found(slot: DutySlot | None) -> tuple[str, str] | None:
    return (in_oslo(slot.when.from_), in_oslo(slot.when.to)) if slot else None


def the_week(roster: Roster = PLAN) -> DutySlot:
    slot = slot_at(roster, "duty2", Role.PRIMARY, WEEK)
    assert slot
    return slot


def moved(**changes: object) -> Roster:
    return rota(replace(weekly(), **changes))  # type: ignore[arg-type]


def test_it_is_where_it_was_while_nothing_has_changed() -> None:
    assert slot_now(PLAN, the_week()) == the_week()
    assert the_week().is_whole


def test_it_goes_with_another_handover_time_and_another_weekday() -> None:
    later = slot_now(moved(handover_minute=9 * 60), the_week())
    assert found(later) == ("Mon 2026-11-16 09:00", "Mon 2026-11-23 09:00")
    wednesday = slot_now(moved(handover_weekday=2), the_week())
    assert found(wednesday) == ("Wed 2026-11-18 08:00", "Wed 2026-11-25 08:00")


@pytest.mark.parametrize(
    "changes",
    [
        {"handover_weekday": 4},  # the smaller part of the week is left
        {"members": ("duty1", "duty3", "duty4", "duty2")},
        {"kind": RotationKind.DAILY, "handover_weekday": None},
        {"every": 4},
        {"until": date(2026, 11, 2)},
    ],
)
def test_it_is_gone_where_the_shift_is_another_one(changes: dict[str, object]) -> None:
    assert slot_now(moved(**changes), the_week()) is None


def test_a_part_of_a_shift_keeps_its_own_ends_and_follows_with_the_others() -> None:
    part = slot_at(PLAN, "duty2", Role.PRIMARY, Interval(oslo("2026-11-20 08:00"), WEEK.to))
    assert part
    assert not part.is_whole
    later = slot_now(moved(handover_minute=9 * 60), part)
    assert found(later) == ("Fri 2026-11-20 08:00", "Mon 2026-11-23 09:00")


def test_a_part_that_no_longer_lies_in_the_shift_is_gone() -> None:
    monday = Interval(WEEK.from_, oslo("2026-11-17 08:00"))
    part = slot_at(PLAN, "duty2", Role.PRIMARY, monday)
    assert part
    assert slot_now(moved(handover_weekday=2), part) is None


def test_what_somebody_has_taken_over_is_theirs_and_no_more_the_others() -> None:
    taken = replace(PLAN, overrides=(takes("duty4", "2026-11-16 08:00", "2026-11-23 08:00"),))
    assert slot_now(taken, the_week()) is None
    slot = slot_at(taken, "duty4", Role.PRIMARY, WEEK)
    assert slot
    assert slot_now(taken, slot) == slot


def test_a_part_is_still_theirs_where_another_part_of_the_shift_was_given_away() -> None:
    tuesday = Interval(oslo("2026-11-17 17:00"), oslo("2026-11-17 22:00"))
    part = slot_at(PLAN, "duty2", Role.PRIMARY, tuesday)
    assert part
    thursday = takes("duty4", "2026-11-19 17:00", "2026-11-19 22:00")
    cut = slot_now(replace(PLAN, overrides=(thursday,)), part)
    assert found(cut) == found(part)
    wednesday = takes("duty4", "2026-11-17 21:00", "2026-11-18 22:00")
    assert slot_now(replace(PLAN, overrides=(wednesday,)), part) is None


def test_the_shifts_of_an_absence_are_told_apart_and_cut_to_it() -> None:
    daily = Rotation("days", Role.PRIMARY, NAMES[:2], RotationKind.DAILY, 480, date(2026, 1, 5))
    away = Interval(oslo("2026-11-16 12:00"), oslo("2026-11-20 00:00"))
    slots = slots_between(rota(daily), "duty1", away)
    assert [found(each) for each in slots] == [
        ("Tue 2026-11-17 08:00", "Wed 2026-11-18 08:00"),
        ("Thu 2026-11-19 08:00", "Fri 2026-11-20 00:00"),
    ] or [found(each) for each in slots] == [
        ("Mon 2026-11-16 12:00", "Tue 2026-11-17 08:00"),
        ("Wed 2026-11-18 08:00", "Thu 2026-11-19 08:00"),
    ]
