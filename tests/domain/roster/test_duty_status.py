"""Who is on duty, with the reasons that a coordinator wants to read."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.config.planned_gap_part import parse_gap
from app.domain.desks.desk import Desk
from app.domain.desks.duty_hours import DutyHours
from app.domain.desks.planned_gaps import PlannedGaps
from app.domain.roster.duty_status import DutyStatus, duty_status
from app.domain.roster.on_duty import Absence, Person
from app.domain.texts.message import MessageRef
from app.domain.time.calendars import DatedException, EarlyClosing, Window, parse_yearly_day
from app.voice_prompts import texts
from tests.domain.time.wall_clock import WEEKDAYS, open_hours
from tests.support.shipped_desks import desk_of, oslo, shipped

NIGHT = oslo("2026-11-21 23:10")


def reasons(duty: DutyStatus) -> list[str]:
    return [texts().write(each.ref, "en") for each in duty.reasons]


def names(duty: DutyStatus) -> list[str]:
    return [entry.person.name if entry.person else "last resort" for entry in duty.ringing]


def test_primary_backup_and_last_resort_are_listed_with_their_reasons() -> None:
    facts = shipped("brukarstotte")
    duty = duty_status(desk_of(facts), facts.roster, NIGHT)
    assert names(duty) == ["Vakt 1", "Vakt 2", "last resort"]
    assert reasons(duty)[:2] == [
        "duty hours: Saturday 00:00-24:00",
        "Vakt 1 is primary: rotation primary",
    ]
    assert duty.handover == oslo("2026-11-23 08:00")
    assert [entry.person.name for entry in duty.after if entry.person] == ["Vakt 2", "Vakt 3"]


def test_the_backup_that_is_next_in_line_is_told_as_such() -> None:
    facts = shipped("brukarstotte")
    assert facts.roster
    primary = replace(facts.roster.layers[0], backup_is_next=True)
    duty = duty_status(desk_of(facts), replace(facts.roster, layers=(primary,)), NIGHT)
    assert names(duty) == ["Vakt 1", "Vakt 2", "last resort"]
    assert "Vakt 2 is backup: next in line of rotation primary" in reasons(duty)


def test_with_nobody_else_in_line_it_says_so() -> None:
    facts = shipped("brukarstotte")
    assert facts.roster
    primary = replace(facts.roster.layers[0], backup_is_next=True)
    away = tuple(
        Absence(person, oslo("2026-11-21 00:00"), oslo("2026-11-22 00:00"))
        for person in ("vakt-2", "vakt-3")
    )
    roster = replace(facts.roster, layers=(primary,), absences=away)
    duty = duty_status(desk_of(facts), roster, NIGHT)
    assert names(duty) == ["Vakt 1", "last resort"]
    assert "nobody else of rotation primary can be rung" in reasons(duty)


def test_in_a_planned_gap_it_says_that_the_gap_is_meant() -> None:
    facts = shipped("brukarstotte")
    desk = desk_of(facts)
    assert desk.duty
    gaps = PlannedGaps("Europe/Oslo", (parse_gap("monday 00:00-08:00"),))
    hours = replace(desk.duty.hours, when_unstaffed=False, planned_gaps=gaps)
    desk = replace(desk, duty=replace(desk.duty, hours=hours))
    duty = duty_status(desk, facts.roster, oslo("2026-11-23 06:30"))
    assert reasons(duty)[0] == (
        "a planned gap in the duty: neither the desk nor the duty is there, as planned"
        " (Monday outside 08:00-16:00)"
    )


def test_in_the_middle_of_a_working_day_it_says_that_the_desk_is_staffed() -> None:
    facts = shipped("brukarstotte")
    duty = duty_status(desk_of(facts), facts.roster, oslo("2026-11-18 10:00"))
    assert duty.reasons[0].code == "outside_duty_hours"
    assert names(duty)[0] == "Vakt 1", "the week is still theirs"


def with_gaps() -> Desk:
    """A desk that works 08:00-15:30, from 09:00 in July, and closes at noon on Christmas Eve."""
    desk = desk_of(shipped("brukarstotte"))
    assert desk.duty
    own = open_hours(Window(WEEKDAYS, 16 * 60, 32 * 60))
    early = EarlyClosing(parse_yearly_day("12-24"), 12 * 60, "agreed")
    july = tuple(
        DatedException(date(2026, 7, day), ((9 * 60, 15 * 60 + 30),), "summer")
        for day in range(1, 32)
        if date(2026, 7, day).weekday() < 5
    )
    calendars = tuple(
        replace(
            each,
            windows=(Window(WEEKDAYS, 8 * 60, 15 * 60 + 30),),
            early_closings=(early,),
            exceptions=july,
        )
        for each in desk.calendars
    )
    return replace(desk, calendars=calendars, duty=replace(desk.duty, hours=DutyHours(own)))


@pytest.mark.parametrize(
    ("at", "code", "why"),
    [
        ("2026-11-18 15:45", "desk_closed", "Wednesday outside 08:00-15:30"),
        ("2026-12-24 13:00", "desk_closed_early", "early closing (agreed)"),
        ("2026-07-08 08:30", "desk_closed", "other hours on this date (summer)"),
        ("2026-11-18 10:00", "desk_staffed", "Wednesday 08:00-15:30"),
    ],
)
def test_why_nobody_has_duty_says_whether_the_desk_is_there(at: str, code: str, why: str) -> None:
    facts = shipped("brukarstotte")
    duty = duty_status(with_gaps(), facts.roster, oslo(at))
    named = duty.reasons[0].get("duty")
    assert isinstance(named, MessageRef)
    assert named.key == f"duty_hours.{code}"
    assert why in reasons(duty)[0]
    assert bool(duty.ringing) is (code == "desk_staffed")


def test_in_a_gap_it_tells_when_the_duty_begins_and_with_whom() -> None:
    facts = shipped("brukarstotte")
    duty = duty_status(with_gaps(), facts.roster, oslo("2026-11-18 15:45"))
    assert (duty.ringing, duty.handover) == ((), oslo("2026-11-18 16:00"))
    assert [entry.person.name for entry in duty.after if entry.person] == ["Vakt 1", "Vakt 2"]
    assert reasons(duty) == [
        "outside duty hours: the desk is closed, and the duty is not there either"
        " (Wednesday outside 08:00-15:30)"
    ]


def test_who_is_absent_or_has_no_number_is_told() -> None:
    facts = shipped("brukarstotte")
    assert facts.roster
    away = Absence("vakt-1", oslo("2026-11-21 00:00"), oslo("2026-11-22 00:00"), "ill")
    people = tuple(Person(p.id, p.name, ()) if p.id == "vakt-2" else p for p in facts.roster.people)
    roster = replace(facts.roster, absences=(away,), people=people)
    duty = duty_status(desk_of(facts), roster, NIGHT)
    assert names(duty) == ["last resort"]
    assert "Vakt 1 is not rung: absent (ill)" in reasons(duty)
    assert "Vakt 2 is not rung: has no telephone number" in reasons(duty)


def test_a_desk_without_duty_lists_nobody_and_says_why() -> None:
    facts = shipped("prokom")
    duty = duty_status(desk_of(facts), facts.roster, NIGHT)
    assert duty.ringing == ()
    assert duty.reasons[0].code == "desk_has_no_duty"
    assert "no rotation for primary" in reasons(duty)
    assert duty_status(desk_of(facts), None, NIGHT).reasons[1].code == "no_roster"


def test_a_desk_with_duty_hours_but_without_a_roster_says_so() -> None:
    duty = duty_status(desk_of(shipped("brukarstotte")), None, NIGHT)
    assert (duty.ringing, duty.reasons[-1].code) == ((), "no_roster")
