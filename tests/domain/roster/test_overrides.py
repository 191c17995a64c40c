"""What an override changes, told before it is saved."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.roster.on_duty import Override, Role
from app.domain.roster.overrides import override_effect
from tests.domain.roster.duty_rota import PEOPLE, away, rota, takes, weekly
from tests.domain.time.wall_clock import in_oslo


def changed(effect_of: Override, *others: Override) -> list[tuple[str, str]]:
    effect = override_effect(rota(overrides=others), effect_of)
    return [(in_oslo(piece.from_), in_oslo(piece.to)) for piece in effect.changed]


def codes(effect_of: Override, *others: Override) -> list[str]:
    return [each.code for each in override_effect(rota(overrides=others), effect_of).why]


WEEKEND = ("2026-11-21 00:00", "2026-11-23 00:00")  # in a week of duty2's


def test_a_swap_changes_its_own_time() -> None:
    swap = takes("duty4", *WEEKEND)
    assert changed(swap) == [("Sat 2026-11-21 00:00", "Mon 2026-11-23 00:00")]
    assert codes(swap) == []


def test_taking_the_shift_one_has_already_changes_nothing() -> None:
    own = takes("duty2", *WEEKEND)
    effect = override_effect(rota(), own)
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
    assert [each.code for each in override_effect(roster, hidden).why] == ["later_override_wins"]
    assert not override_effect(roster, later).changes_nothing


def test_the_same_swap_entered_twice_changes_nothing_the_second_time() -> None:
    assert codes(takes("duty4", *WEEKEND), takes("duty4", *WEEKEND)) == ["already_on_duty"]


def test_an_override_that_ends_before_it_begins_changes_nothing() -> None:
    assert codes(takes("duty4", WEEKEND[1], WEEKEND[0])) == ["override_ends_before_it_begins"]


def test_a_stand_in_says_which_gaps_stay() -> None:
    paused = rota(replace(weekly(), until=date(2026, 11, 22)))
    stand_in = takes("duty4", *WEEKEND, instead_of="duty2")
    effect = override_effect(paused, stand_in)
    assert [in_oslo(gap.from_) for gap in effect.gaps_left] == ["Sun 2026-11-22 08:00"]
    assert not effect.changes_nothing


def test_an_override_that_fills_nothing_where_nobody_is_changes_nothing() -> None:
    nobody = rota(weekly(members=()))
    effect = override_effect(nobody, takes("duty4", *WEEKEND, fills=False))
    assert [each.code for each in effect.why] == ["nobody_to_replace"]
    assert len(effect.gaps_left) == 1


@pytest.mark.parametrize(
    ("person", "code"), [("duty4", "absent"), ("duty1", "no_number"), ("nobody", "unknown_person")]
)
def test_it_warns_of_somebody_who_cannot_be_rung(person: str, code: str) -> None:
    roster = rota(
        people=(replace(PEOPLE[0], numbers=()), *PEOPLE[1:]),
        absences=(away("duty4", "2026-11-22 12:00", "2026-11-22 13:00"),),
    )
    effect = override_effect(roster, takes(person, *WEEKEND))
    assert not effect.changes_nothing
    assert [each.code for each in effect.why] == [code]


def test_the_backup_can_be_taken_without_touching_the_primary() -> None:
    effect = override_effect(rota(), takes("duty1", *WEEKEND, role=Role.BACKUP))
    assert [piece.length.days for piece in effect.changed] == [2]
