"""What an entry changes on duty, the gaps that it opens, and why it changes nothing."""

from dataclasses import replace

import pytest

from app.domain.desks.desk import Duty
from app.domain.roles import Role
from app.domain.roster.entries import Dated
from app.domain.roster.entry_effect import (
    EntryEffect,
    OpenedGap,
    effect_of_adding,
    effect_of_withdrawing,
)
from app.domain.roster.on_duty import DutyHours, Override, Roster
from tests.domain.roster.duty_rota import PEOPLE, away, rota, takes, weekly
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.shipped_desks import desk_of, shipped

AT = oslo("2026-11-20 12:00")
ALWAYS = replace(desk_of(shipped("dekode")), duty=Duty(DutyHours(None, True), frozenset(), 25))


def added(dated: Dated, roster: Roster) -> EntryEffect:
    return effect_of_adding(roster, dated, [], AT)


def changed(effect_of: Override, *others: Override) -> list[tuple[str, str]]:
    effect = added(effect_of, rota(overrides=others))
    return [(in_oslo(piece.from_), in_oslo(piece.to)) for piece in effect.changed]


def codes(effect_of: Dated, *others: Override, **parts: object) -> list[str]:
    return [each.code for each in added(effect_of, rota(overrides=others, **parts)).why]


WEEKEND = ("2026-11-21 00:00", "2026-11-23 00:00")  # in a week of duty2's


def test_a_swap_changes_its_own_time() -> None:
    swap = takes("duty4", *WEEKEND)
    assert changed(swap) == [("Sat 2026-11-21 00:00", "Mon 2026-11-23 00:00")]
    assert codes(swap) == []


def test_taking_the_shift_one_has_already_changes_nothing() -> None:
    own = takes("duty2", *WEEKEND)
    effect = added(own, rota())
    assert effect.changes_nothing
    assert codes(own) == ["already_on_duty"]


def test_a_stand_in_for_somebody_who_is_not_on_duty_changes_nothing() -> None:
    assert codes(takes("duty4", *WEEKEND, instead_of="duty1")) == ["not_on_duty"]


def test_only_the_part_that_somebody_else_had_is_a_change() -> None:
    two_weeks = takes("duty3", "2026-11-21 00:00", "2026-11-30 08:00")
    assert changed(two_weeks) == [("Sat 2026-11-21 00:00", "Mon 2026-11-23 08:00")]


def test_an_earlier_override_that_a_later_one_hides_changes_nothing() -> None:
    hidden, later = takes("duty4", *WEEKEND), takes("duty1", *WEEKEND)
    roster = rota(overrides=(hidden, later))
    assert [each.code for each in added(hidden, roster).why] == ["later_override_wins"]
    assert not added(later, roster).changes_nothing


def test_an_override_that_fills_nothing_where_nobody_is_changes_nothing() -> None:
    effect = added(takes("duty4", *WEEKEND, fills=False), rota(weekly(members=())))
    assert [each.code for each in effect.why] == ["nobody_to_replace"]


def test_what_is_over_is_said_to_be() -> None:
    past = takes("duty4", "2026-11-14 00:00", "2026-11-16 00:00")
    assert codes(past) == ["entry_is_over"]


@pytest.mark.parametrize(("person", "code"), [("duty4", "absent"), ("duty1", "no_number")])
def test_it_warns_of_somebody_who_cannot_be_rung(person: str, code: str) -> None:
    people = (replace(PEOPLE[0], numbers=()), *PEOPLE[1:])
    absences = (away("duty4", "2026-11-22 12:00", "2026-11-22 13:00"),)
    roster = rota(people=people, absences=absences)
    effect = added(takes(person, *WEEKEND), roster)
    assert not effect.changes_nothing
    assert [each.code for each in effect.why] == [code]


def test_the_backup_can_be_taken_without_touching_the_primary() -> None:
    effect = added(takes("duty1", *WEEKEND, role=Role.BACKUP), rota())
    assert [piece.length.days for piece in effect.changed] == [2]


def test_an_absence_changes_the_time_in_which_somebody_is_on_duty() -> None:
    effect = added(away("duty2", "2026-11-21 00:00", "2026-11-24 00:00"), rota(weekly()))
    assert [(in_oslo(each.from_), in_oslo(each.to)) for each in effect.changed] == [
        ("Sat 2026-11-21 00:00", "Mon 2026-11-23 08:00")
    ]


def test_an_absence_of_somebody_who_has_no_duty_then_changes_nothing() -> None:
    assert codes(away("duty4", *WEEKEND)) == ["not_on_duty"]


def test_an_absence_within_another_one_changes_nothing() -> None:
    longer = away("duty2", "2026-11-20 00:00", "2026-11-25 00:00")
    assert codes(away("duty2", *WEEKEND), absences=(longer,)) == ["absent_already"]


def test_an_absence_with_nobody_else_on_duty_opens_a_gap_at_each_desk() -> None:
    absence = away("duty2", *WEEKEND)
    effect = effect_of_adding(rota(weekly()), absence, [ALWAYS], AT)
    assert effect.uncovered == (OpenedGap(ALWAYS.id, effect.changed),)


def test_an_absence_that_leaves_the_backup_alone_says_so() -> None:
    effect = effect_of_adding(rota(), away("duty2", *WEEKEND), [ALWAYS], AT)
    assert effect.uncovered == ()
    assert effect.without_backup == (OpenedGap(ALWAYS.id, effect.changed),)


def test_withdrawing_a_stand_in_opens_the_gap_again() -> None:
    absence, stand_in = away("duty2", *WEEKEND), takes("duty4", *WEEKEND)
    roster = rota(weekly(), absences=(absence,), overrides=(stand_in,))
    effect = effect_of_withdrawing(roster, stand_in, [ALWAYS], AT)
    assert effect.uncovered == (OpenedGap(ALWAYS.id, effect.changed),)


def test_only_what_is_to_come_is_looked_at() -> None:
    long = takes("duty4", "2026-11-01 00:00", "2027-11-01 00:00")
    assert added(long, rota(weekly(members=("duty1",)))).changed[0].from_ == AT
