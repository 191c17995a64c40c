"""Who is on duty, as a coordinator would ask on the telephone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.roles import Role
from app.domain.roster.on_duty import (
    Absence,
    DutyList,
    Override,
    Person,
    Roster,
    Rotation,
    RotationKind,
    on_duty,
    shifts,
)
from tests.domain.roster.duty_rota import (
    BACKUP,
    LAST_RESORT,
    NAMES,
    PEOPLE,
    away,
    rota,
    takes,
    weekly,
)
from tests.domain.time.wall_clock import in_oslo, oslo

SATURDAY_NIGHT = "2026-11-21 23:10"


def rung(found: DutyList) -> list[tuple[str, str]]:
    return [(str(each.role), each.person.id if each.person else "-") for each in found.ringing]


def primary_at(roster: Roster, at: str) -> str | None:
    found = on_duty(roster, oslo(at)).ringing
    return next(
        (each.person.id for each in found if each.role is Role.PRIMARY and each.person), None
    )


def test_primary_backup_and_last_resort_are_rung_in_this_order() -> None:
    found = on_duty(rota(), oslo(SATURDAY_NIGHT))
    assert rung(found) == [("primary", "duty2"), ("backup", "duty3"), ("last_resort", "-")]
    assert found.ringing[0].numbers == ("+4749000012", "+4720000012")
    assert found.ringing[2].numbers == LAST_RESORT
    assert (found.skipped, found.gaps) == ((), ())


def test_the_answer_says_from_when_to_when_and_why() -> None:
    first = on_duty(rota(), oslo(SATURDAY_NIGHT)).ringing[0]
    assert (in_oslo(first.from_), in_oslo(first.to)) == (
        "Mon 2026-11-16 08:00",
        "Mon 2026-11-23 08:00",
    )
    assert [(each.code, each.get("rotation")) for each in first.why] == [("rotation", "primary")]


def test_the_handover_is_one_instant() -> None:
    assert primary_at(rota(), "2026-11-23 07:59:59") == "duty2"
    assert primary_at(rota(), "2026-11-23 08:00") == "duty3"


def test_weeks_go_round_the_members_and_over_new_year() -> None:
    starts = [oslo("2026-12-07 08:00") + timedelta(weeks=n) for n in range(6)]
    found = [on_duty(rota(), start).ringing[0].person for start in starts]
    assert [person.id for person in found if person] == [
        "duty1",
        "duty2",
        "duty3",
        "duty4",
        "duty1",
        "duty2",
    ]


@pytest.mark.parametrize(("week_before", "hours"), [("2026-03-23", 167), ("2026-10-19", 169)])
def test_a_week_across_a_clock_change_has_167_or_169_hours(week_before: str, hours: int) -> None:
    shift = on_duty(rota(), oslo(f"{week_before} 12:00")).ringing[0]
    assert shift.from_
    assert shift.to
    assert shift.to - shift.from_ == timedelta(hours=hours)
    assert in_oslo(shift.to)[-5:] == "08:00"


def night(handover: str, kind: RotationKind = RotationKind.DAILY, every: int = 1) -> Roster:
    hour, minute = handover.split(":")
    at = int(hour) * 60 + int(minute)
    return rota(Rotation("n", Role.PRIMARY, NAMES, kind, at, date(2026, 1, 1), every=every))


def test_a_handover_at_an_hour_that_comes_twice_is_the_first_one() -> None:
    roster = night("02:30")
    before, handover = oslo("2026-10-25 02:29"), oslo("2026-10-25 02:30")
    again = oslo("2026-10-25 02:29", fold=1)
    names = [on_duty(roster, at).ringing[0].person for at in (before, handover, again)]
    assert names[0] != names[1] == names[2]


def test_a_handover_at_an_hour_that_is_skipped_is_the_first_instant_that_exists() -> None:
    roster = night("02:30")
    shift = on_duty(roster, oslo("2026-03-29 03:00")).ringing[0]
    assert in_oslo(shift.from_) == "Sun 2026-03-29 03:00"
    assert on_duty(roster, oslo("2026-03-29 01:59")).ringing[0].person != shift.person


def test_twelve_hour_turns_hand_over_at_eight_and_eight_all_year() -> None:
    roster = night("08:00", RotationKind.HOURS, every=12)
    handovers = {
        in_oslo(shift.to)[-5:]
        for shift in shifts(roster, oslo("2026-03-01 08:00"), oslo("2026-11-30 08:00"))[:-1]
    }
    assert handovers == {"08:00", "20:00"}


def test_an_hourly_turn_that_falls_into_the_skipped_hour_is_left_out() -> None:
    roster = night("00:00", RotationKind.HOURS)
    found = shifts(roster, oslo("2026-03-29 01:00"), oslo("2026-03-29 05:00"))
    primary = [shift for shift in found if shift.role is Role.PRIMARY]
    assert [in_oslo(shift.from_)[-5:] for shift in primary] == ["01:00", "03:00", "04:00"]


def test_a_weekly_rotation_begins_at_the_first_handover_on_or_after_its_start() -> None:
    roster = rota(weekly(start=date(2026, 11, 18)))  # a Wednesday
    found = on_duty(roster, oslo(SATURDAY_NIGHT))
    assert rung(found) == [("last_resort", "-")]
    assert [gap.code for gap in found.gaps] == ["rotation_not_begun", "no_rotation"]
    assert primary_at(roster, "2026-11-23 08:00") == "duty1"


def test_a_rotation_can_end_and_the_next_plan_take_over() -> None:
    old = replace(weekly(), until=date(2026, 11, 20))
    assert primary_at(rota(old), "2026-11-20 07:59") == "duty2"
    ended = on_duty(rota(old), oslo("2026-11-20 08:00"))
    assert ended.gaps[0].code == "rotation_ended"
    new = replace(weekly(members=("duty4",)), kind=RotationKind.DAILY, start=date(2026, 11, 20))
    assert primary_at(rota(old, new), "2026-11-20 07:59") == "duty2"
    assert primary_at(rota(old, new), "2026-11-20 08:00") == "duty4"


def test_two_weeks_at_a_time() -> None:
    roster = rota(replace(weekly(), every=2))
    assert [primary_at(roster, f"2026-01-{day:02d} 12:00") for day in (5, 12, 19, 26)] == [
        "duty1",
        "duty1",
        "duty2",
        "duty2",
    ]


def test_an_empty_rotation_is_a_gap_and_the_last_resort_is_still_rung() -> None:
    found = on_duty(rota(weekly(members=())), oslo(SATURDAY_NIGHT))
    assert rung(found) == [("last_resort", "-")]
    assert found.gaps[0].code == "rotation_empty"


def test_a_roster_of_people_only_says_that_it_has_no_rotation() -> None:
    people_only = Roster("desk", "Europe/Oslo", PEOPLE)
    found = on_duty(people_only, oslo(SATURDAY_NIGHT))
    assert found.ringing == ()
    assert {gap.code for gap in found.gaps} == {"no_rotation"}


# --- absences ------------------------------------------------------------------------------


def test_an_absent_person_is_skipped_with_the_reason() -> None:
    roster = rota(absences=(away("duty2", "2026-11-21 12:00", "2026-11-22 12:00", "sjuk"),))
    found = on_duty(roster, oslo(SATURDAY_NIGHT))
    assert rung(found) == [("backup", "duty3"), ("last_resort", "-")]
    [skipped] = found.skipped
    assert (skipped.person, skipped.role, skipped.why.code, skipped.why.get("note")) == (
        "duty2",
        Role.PRIMARY,
        "absent",
        "sjuk",
    )
    assert primary_at(roster, "2026-11-22 12:00") == "duty2"


def test_a_person_without_a_number_and_an_unknown_one_are_skipped() -> None:
    mute = replace(PEOPLE[1], numbers=())
    roster = rota(weekly(), replace(BACKUP, members=("nobody",)), people=(PEOPLE[0], mute))
    found = on_duty(roster, oslo(SATURDAY_NIGHT))
    assert rung(found) == [("last_resort", "-")]
    assert [skipped.why.code for skipped in found.skipped] == ["no_number", "unknown_person"]


def test_who_is_both_primary_and_backup_is_rung_once_as_primary() -> None:
    found = on_duty(rota(weekly(), replace(BACKUP, members=NAMES)), oslo(SATURDAY_NIGHT))
    assert rung(found) == [("primary", "duty2"), ("last_resort", "-")]
    assert [skipped.why.code for skipped in found.skipped] == ["already_listed"]


# --- overrides -----------------------------------------------------------------------------


def test_a_swap_puts_one_person_in_the_others_place_and_says_so() -> None:
    swap = takes("duty4", "2026-11-20 16:00", "2026-11-23 08:00", note="veke 47")
    found = on_duty(rota(overrides=(swap,)), oslo(SATURDAY_NIGHT)).ringing[0]
    assert found.person == PEOPLE[3]
    assert (in_oslo(found.from_), in_oslo(found.to)) == (
        "Fri 2026-11-20 16:00",
        "Mon 2026-11-23 08:00",
    )
    assert [(each.code, each.get("instead_of"), each.get("note")) for each in found.why] == [
        ("override", PEOPLE[1].name, "veke 47")
    ]


def test_a_swap_leaves_the_time_around_it_with_whom_it_was() -> None:
    swap = takes("duty4", "2026-11-18 08:00", "2026-11-19 08:00")
    roster = rota(overrides=(swap,))
    before = on_duty(roster, oslo("2026-11-17 12:00")).ringing[0]
    after = on_duty(roster, oslo("2026-11-20 12:00")).ringing[0]
    assert (in_oslo(before.from_), in_oslo(before.to)) == (
        "Mon 2026-11-16 08:00",
        "Wed 2026-11-18 08:00",
    )
    assert (in_oslo(after.from_), in_oslo(after.to)) == (
        "Thu 2026-11-19 08:00",
        "Mon 2026-11-23 08:00",
    )


def test_a_later_override_wins_over_an_earlier_one() -> None:
    first = takes("duty4", "2026-11-20 16:00", "2026-11-23 08:00")
    second = takes("duty1", "2026-11-21 20:00", "2026-11-22 08:00")
    roster = rota(overrides=(first, second))
    assert primary_at(roster, SATURDAY_NIGHT) == "duty1"
    assert primary_at(roster, "2026-11-22 08:00") == "duty4"
    assert primary_at(rota(overrides=(second, first)), SATURDAY_NIGHT) == "duty4"


def test_an_override_can_replace_whoever_took_the_shift() -> None:
    first = takes("duty4", "2026-11-20 16:00", "2026-11-23 08:00")
    second = takes("duty1", "2026-11-21 00:00", "2026-11-22 00:00", instead_of="duty4")
    assert primary_at(rota(overrides=(first, second)), SATURDAY_NIGHT) == "duty1"


def test_a_stand_in_for_one_person_touches_nobody_elses_weeks() -> None:
    stand_in = takes("duty4", "2026-11-01 00:00", "2026-12-31 00:00", None, instead_of="duty2")
    roster = rota(overrides=(stand_in,))
    assert primary_at(roster, SATURDAY_NIGHT) == "duty4"
    assert primary_at(roster, "2026-11-24 12:00") == "duty3"
    backup = on_duty(roster, oslo("2026-11-10 12:00")).ringing[1]
    assert (backup.role, backup.person) == (Role.BACKUP, PEOPLE[3])


def test_a_stand_in_over_several_shifts_does_not_erase_the_gaps_between_them() -> None:
    pause = replace(weekly(), until=date(2026, 11, 20))
    stand_in = takes("duty4", "2026-11-01 00:00", "2026-12-31 00:00", instead_of="duty2")
    roster = rota(pause, overrides=(stand_in,))
    assert primary_at(roster, "2026-11-19 12:00") == "duty4"
    assert primary_at(roster, "2026-11-20 12:00") is None


def test_of_two_primaries_a_stand_in_replaces_the_first_one_of_that_name_each_day() -> None:
    daily = Rotation("daily", Role.PRIMARY, NAMES[:2], RotationKind.DAILY, 480, date(2026, 11, 16))
    always = weekly(members=("duty1",))
    stand_in = takes("duty4", "2026-11-16 08:00", "2026-11-20 08:00", instead_of="duty1")
    found = shifts(
        rota(daily, always, overrides=(stand_in,)),
        oslo("2026-11-16 08:00"),
        oslo("2026-11-19 08:00"),
    )
    slots = [[each.person for each in found if each.slot == slot] for slot in (0, 1)]
    assert slots == [["duty4", "duty2", "duty4", None], ["duty1", "duty4", "duty1"]]


def test_taking_a_role_fills_its_gaps_unless_it_is_told_not_to() -> None:
    pause = replace(weekly(), until=date(2026, 11, 20))
    takes_all = takes("duty4", "2026-11-18 00:00", "2026-11-25 00:00")
    assert primary_at(rota(pause, overrides=(takes_all,)), SATURDAY_NIGHT) == "duty4"
    leaves_gaps = replace(takes_all, fills=False)
    assert primary_at(rota(pause, overrides=(leaves_gaps,)), "2026-11-19 12:00") == "duty4"
    assert primary_at(rota(pause, overrides=(leaves_gaps,)), SATURDAY_NIGHT) is None


def test_somebody_can_take_a_shift_where_there_is_no_rotation_at_all() -> None:
    people_only = Roster("desk", "Europe/Oslo", PEOPLE)
    roster = replace(
        people_only, overrides=(takes("duty1", "2026-11-20 16:00", "2026-11-23 08:00"),)
    )
    assert primary_at(roster, SATURDAY_NIGHT) == "duty1"


def test_who_takes_a_shift_and_is_absent_is_skipped_all_the_same() -> None:
    roster = rota(
        overrides=(takes("duty4", "2026-11-20 16:00", "2026-11-23 08:00"),),
        absences=(away("duty4", "2026-11-21 00:00", "2026-11-22 00:00"),),
    )
    assert rung(on_duty(roster, oslo(SATURDAY_NIGHT)))[0] == ("backup", "duty3")


# --- what a document may say ---------------------------------------------------------------


def test_impossible_rotations_and_overrides_are_refused() -> None:
    at = oslo(SATURDAY_NIGHT)
    with pytest.raises(ValueError, match="weekday"):
        Rotation("r", Role.PRIMARY, NAMES, RotationKind.WEEKLY, 480, date(2026, 1, 5))
    with pytest.raises(ValueError, match="unit"):
        replace(weekly(), every=0)
    with pytest.raises(ValueError, match="handover"):
        replace(weekly(), handover_minute=1440)
    with pytest.raises(ValueError, match="override"):
        Override("duty1", None, at, at)


def test_a_roster_is_a_value() -> None:
    assert rota() == rota()
    asked = rota()
    on_duty(asked, oslo(SATURDAY_NIGHT))
    assert asked == rota()
    assert (
        replace(asked, absences=(Absence("duty2", oslo(SATURDAY_NIGHT), oslo("2026-11-22 12:00")),))
        != asked
    )
    assert asked.person("duty1") == Person("duty1", "Duty 1", ("+4749000011", "+4720000011"), "nn")
