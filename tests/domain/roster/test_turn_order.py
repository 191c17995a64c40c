"""Weights: part-time people have turns as often as their weight says, in an order that stays."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.config.roster_document import read_roster
from app.domain.config.roster_writing import write_roster
from app.domain.roles import Role
from app.domain.roster.on_duty import Rotation, shifts
from app.domain.roster.turn_order import FULL, Deal, TurnOrder, Weights, weighted_order
from app.domain.roster.turns import RegularTurns
from tests.domain.config.desk_texts import ROSTER, changed, codes, line_of
from tests.domain.roster.duty_rota import NAMES, rota, weekly
from tests.domain.time.wall_clock import oslo

PERCENTS = st.lists(st.integers(1, FULL), min_size=1, max_size=6)


def weights(*percents: int, from_: date | None = None) -> Weights:
    return Weights(tuple(zip("abcdef", percents, strict=False)), from_)


def deal(first: int, *percents: int) -> Deal:
    return Deal(first, tuple(range(len(percents))), weights(*percents))


def order(*percents: int) -> str:
    return "".join(weighted_order("abcdef"[: len(percents)], weights(*percents)))


@pytest.mark.parametrize(
    ("percents", "expected"),
    [
        ((100, 100, 100), "abc"),
        ((100, 100, 50), "abcab"),
        ((100, 50), "aba"),
        ((50, 50), "ab"),
        ((100, 20), "aaaaba"),
        ((80, 80, 40), "abcab"),
    ],
)
def test_half_a_position_has_half_as_many_turns(percents: tuple[int, ...], expected: str) -> None:
    assert order(*percents) == expected


@settings(max_examples=100)
@given(PERCENTS, st.integers(0, 3000))
def test_nobody_is_ever_a_whole_turn_ahead_of_their_share_or_behind_it(
    percents: list[int], turns: int
) -> None:
    members = tuple("abcdef"[: len(percents)])
    line = TurnOrder(members, [deal(0, *percents)])
    had = Counter(line.person(number) for number in range(turns))
    for member, percent in zip(members, percents, strict=True):
        share = Fraction(turns * percent, sum(percents))
        assert abs(had[member] - share) < 1


@settings(max_examples=100)
@given(PERCENTS)
def test_after_a_full_cycle_everybody_has_had_just_their_share(percents: list[int]) -> None:
    cycle = order(*percents)
    had = Counter(cycle)
    for member, percent in zip("abcdef", percents, strict=False):
        assert had[member] * sum(percents) == len(cycle) * percent


@given(st.integers(1, 6), st.integers(1, FULL))
def test_with_equal_weights_members_take_turns_as_they_are_listed(count: int, weight: int) -> None:
    assert order(*[weight] * count) == "abcdef"[:count]


@settings(max_examples=50)
@given(PERCENTS)
def test_the_order_depends_on_nothing_but_the_documents(percents: list[int]) -> None:
    assert order(*percents) == order(*percents)
    doubled = [each * 2 for each in percents]
    assert order(*percents) == "".join(weighted_order("abcdef"[: len(percents)], weights(*doubled)))


# --- a change of weight ------------------------------------------------------------------------


@settings(max_examples=50)
@given(PERCENTS, st.data(), st.integers(1, 300), st.integers(0, 600))
def test_a_change_leaves_every_turn_before_it_as_it_was(
    percents: list[int], data: st.DataObject, first: int, number: int
) -> None:
    members = tuple("abcdef"[: len(percents)])
    new = data.draw(st.lists(st.integers(1, FULL), min_size=len(members), max_size=len(members)))
    before = TurnOrder(members, [deal(0, *percents)])
    after = TurnOrder(members, [deal(0, *percents), deal(first, *new)])
    if number < first:
        assert after.person(number) == before.person(number)
    else:
        had = Counter(after.person(each) for each in range(first, number))
        for member, percent in zip(members, new, strict=True):
            assert abs(had[member] - Fraction((number - first) * percent, sum(new))) < 1


def test_after_a_change_whoever_would_have_been_next_goes_on() -> None:
    line = TurnOrder(("a", "b", "c"), [deal(0, 100, 100, 100), deal(4, 100, 100, 100)])
    assert "".join(line.person(number) or "" for number in range(8)) == "abcabcab"


def test_who_goes_down_to_half_from_a_date_has_half_as_many_turns_from_then_on() -> None:
    """A week each; duty3 works half from September on."""
    half = Weights((("duty3", 50),), date(2026, 9, 1))
    plain, part_time = weekly(members=NAMES[:3]), weekly(members=NAMES[:3])
    part_time = replace(part_time, weights=(half,))
    year = (oslo("2026-01-05 08:00"), oslo("2027-01-04 08:00"))

    def persons(rotation: Rotation) -> list[str | None]:
        found = shifts(rota(rotation), *year)
        return [each.person for each in found if each.role is Role.PRIMARY]

    before, after = persons(plain), persons(part_time)
    first = (oslo("2026-09-07 08:00") - year[0]) // timedelta(days=7)
    assert after[:first] == before[:first]
    assert after[first] == before[first]
    counted = Counter(after[first : first + 15])
    assert (counted["duty1"], counted["duty2"], counted["duty3"]) == (6, 6, 3)


def test_a_change_between_two_handovers_counts_from_the_next_one() -> None:
    half = Weights((("duty1", 1),), date(2026, 1, 6))
    turns = RegularTurns(replace(weekly(members=NAMES[:2]), weights=(half,)), "Europe/Oslo")
    first = turns.at(oslo("2026-01-08 12:00"))
    second = turns.at(oslo("2026-01-12 08:00"))
    assert first
    assert second
    assert (first.person, second.person) == ("duty1", "duty2")


# --- as it is written ----------------------------------------------------------------------------

WEIGHTS = """
[[rotations.weights]]
percent = { vakt-2 = 50 }
"""
LATER = """
[[rotations.weights]]
from = 2026-09-01
percent = { vakt-2 = 80, vakt-1 = 60 }
"""


def test_weights_are_read_and_written_again() -> None:
    roster = read_roster(ROSTER + WEIGHTS + LATER, "roster.toml").value
    assert roster
    assert roster.layers[0].weights == (
        Weights((("vakt-2", 50),)),
        Weights((("vakt-2", 80), ("vakt-1", 60)), date(2026, 9, 1)),
    )
    assert read_roster(write_roster(roster), "roster.toml").value == roster


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("vakt-2 = 50", "vakt-9 = 50", "unknown_member", "vakt-9"),
        ("vakt-2 = 50", "vakt-2 = 0", "out_of_bounds", "vakt-2 = 0"),
        ("vakt-2 = 50", "vakt-2 = 120", "out_of_bounds", "vakt-2 = 120"),
        ("vakt-2 = 50", 'vakt-2 = "half"', "wrong_type", "half"),
        ("percent = { vakt-2 = 50 }\n", "", "missing", "[[rotations.weights]]"),
        ("percent =", "percents =", "unknown_key", "percents"),
        ("from = 2026-09-01\n", "", "missing", "vakt-1 = 60"),
        ("from = 2026-09-01", 'from = "soon"', "wrong_type", "soon"),
    ],
)
def test_a_mistake_in_weights_is_refused_where_it_stands(
    old: str, new: str, code: str, where: str
) -> None:
    text = ROSTER + changed(WEIGHTS + LATER, old, new)
    diagnostics = read_roster(text, "roster.toml").diagnostics
    diagnostic = next(diagnostic for diagnostic in diagnostics if diagnostic.code == code)
    assert diagnostic.is_error
    assert abs(diagnostic.position.line - line_of(text, where)) <= 1


def test_weights_stand_in_the_order_of_their_dates() -> None:
    earlier = LATER.replace("2026-09-01", "2026-08-01")
    assert codes(read_roster(ROSTER + LATER + earlier, "r").diagnostics) == ["weights_not_in_order"]


def test_with_weights_each_person_is_a_member_once() -> None:
    twice = changed(ROSTER, '["vakt-1", "vakt-2"]', '["vakt-1", "vakt-2", "vakt-1"]')
    assert codes(read_roster(twice, "r").diagnostics) == []
    assert codes(read_roster(twice + WEIGHTS, "r").diagnostics) == ["member_twice"]
