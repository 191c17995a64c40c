"""Shadows: they get the duty's SMS, are never rung, and cover nothing."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.desks.duty_hours import DutyHours
from app.domain.roles import Role
from app.domain.roster.coverage import uncovered, with_backup
from app.domain.roster.duty_status import duty_status
from app.domain.roster.on_duty import Roster, on_duty, shifts
from app.domain.roster.plan import Override
from app.domain.roster.shifts import shadow_shifts
from app.domain.time.intervals import Interval
from tests.domain.roster.duty_rota import PEOPLE, away, rota, takes, weekly
from tests.domain.roster.test_entry_effect import ALWAYS
from tests.domain.roster.test_rotation_hours import NIGHTS, hours_of
from tests.domain.time.wall_clock import in_oslo, oslo

NIGHT = oslo("2026-11-18 23:10")
WEEK = Interval(oslo("2026-11-16 08:00"), oslo("2026-11-23 08:00"))
SHADOW = replace(weekly(Role.SHADOW, ("duty4",)), id="training")


def with_shadow(**changes: object) -> Roster:
    return rota(weekly(members=("duty1",)), SHADOW, **changes)


def told(roster: Roster) -> list[str]:
    return [person.id for person in on_duty(roster, NIGHT).sms_only]


def test_a_shadow_is_told_and_never_rung() -> None:
    found = on_duty(with_shadow(), NIGHT)
    assert [each.person.id for each in found.ringing if each.person] == ["duty1"]
    [shadow] = found.shadows
    assert (shadow.person.id, shadow.why.get("rotation")) == ("duty4", "training")
    assert told(with_shadow()) == ["duty4"]


def test_a_shadow_covers_nothing() -> None:
    alone = rota(SHADOW)
    assert uncovered(alone, DutyHours(when_unstaffed=True), (), WEEK) == (WEEK,)
    assert with_backup(with_shadow(), WEEK) == ()
    assert {each.role for each in shifts(with_shadow(), WEEK.from_, WEEK.to)} == {
        Role.PRIMARY,
        Role.BACKUP,
    }


def test_shadows_take_turns_by_the_rules_of_all_rotations() -> None:
    two = replace(
        SHADOW, members=("duty3", "duty4"), hours=hours_of(NIGHTS), until=date(2026, 11, 24)
    )
    found = shadow_shifts(rota(weekly(), two), oslo("2026-11-20 12:00"), oslo("2026-11-25 12:00"))
    assert [(each.person, in_oslo(each.from_)) for each in found] == [
        (None, "Fri 2026-11-20 12:00"),
        ("duty4", "Fri 2026-11-20 15:30"),
        (None, "Sat 2026-11-21 08:00"),
        ("duty3", "Mon 2026-11-23 15:30"),
        (None, "Tue 2026-11-24 08:00"),
    ]


def test_a_roster_without_shadows_has_no_shadow_shifts() -> None:
    assert shadow_shifts(rota(), WEEK.from_, WEEK.to) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"absences": (away("duty4", "2026-11-18 00:00", "2026-11-19 00:00"),)}, "absent"),
        ({"people": (*PEOPLE[:3], replace(PEOPLE[3], numbers=()))}, "no_number"),
        (
            {"overrides": (takes("duty4", "2026-11-18 00:00", "2026-11-19 00:00"),)},
            "already_listed",
        ),
    ],
)
def test_a_shadow_who_cannot_be_told_or_is_on_duty_gets_nothing(
    changes: dict[str, object], code: str
) -> None:
    roster = with_shadow(**changes)
    assert told(roster) == []
    [shadow] = on_duty(roster, NIGHT).shadows
    assert shadow.hindrance
    assert shadow.hindrance.code == code


def test_nobody_is_replaced_as_a_shadow() -> None:
    stand_in = Override("duty3", None, WEEK.from_, WEEK.to, instead_of="duty4")
    assert told(with_shadow(overrides=(stand_in,))) == ["duty4"]


def test_who_is_on_duty_tells_of_the_shadow_too() -> None:
    status = duty_status(ALWAYS, with_shadow(), NIGHT)
    assert [shadow.person.id for shadow in status.shadows] == ["duty4"]
    assert "Duty 4" in [why.get("name") for why in status.reasons]
