"""A storm is repeated by its seed."""

from __future__ import annotations

from collections import Counter

from exchange.people.personas import read_row
from exchange.people.script import parse_script
from tests.tools.storm.plan import STAFF, Victim, make_plan


def test_the_same_seed_is_the_same_storm_and_another_one_is_another() -> None:
    assert make_plan(7, 200) == make_plan(7, 200)
    assert make_plan(7, 200).calls != make_plan(8, 200).calls
    assert make_plan(7, 200).kills != make_plan(8, 200).kills


def test_a_thousand_calls_meet_every_kind_of_kill_many_times() -> None:
    plan = make_plan(1, 1000)

    fallen = Counter(kill.victim for kill in plan.kills)

    assert set(fallen) == set(Victim)
    assert min(fallen.values()) >= 4
    assert len(plan.kills) == 66
    assert all(3 <= kill.after_call < 1000 for kill in plan.kills)


def test_some_callers_call_again_and_all_others_call_once() -> None:
    plan = make_plan(1, 1000)

    again = [call for call in plan.calls if call.story.startswith("calls again")]
    others = [call.caller for call in plan.calls if call not in again]

    assert len(again) > 20
    assert {call.caller for call in again} <= set(others)
    assert len(set(others)) == len(others)


def test_the_network_understands_every_script_and_everybody_who_answers() -> None:
    plan = make_plan(3, 400)

    for call in plan.calls:
        parse_script(list(call.script))
    assert set(plan.people) == set(STAFF)
    for row in plan.people.values():
        assert read_row(row)
