"""The tables of the call flow: nothing in them hangs loose, and their pictures are true."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from app.domain.calls.call import Step
from app.domain.calls.flows.caller import FLOW
from app.domain.flow import Fork, Menu
from app.domain.hunts.press_one import CalleeStep
from tests.support.flow_chart import CHARTS, flow_chart, ways

CHART = Path(__file__).parents[3] / "docs" / "call-flow.md"


def test_every_place_stands_in_the_table() -> None:
    assert set(FLOW) == set(Step)


def test_every_place_can_be_reached_from_an_arrival() -> None:
    # 8 leads to the one, 7 to the other, from every prompt; what is away, from the staff's menu.
    by_key = (Step.AFFECTED, Step.STAFF_PIN, Step.STAFF_AWAY)
    found = [reached_from(FLOW, each) for each in (Step.ARRIVAL, *by_key)]
    assert set[str]().union(*found) == set(Step)


@pytest.mark.parametrize("name", ["callee", "call_out"])
def test_every_place_of_whoever_is_rung_can_be_reached(name: str) -> None:
    """A key leads on from the offer, or from where the ticket is theirs."""
    table = CHARTS[name]
    assert reached_from(table, CalleeStep.LIFTED) == set(table)


def reached_from(table: Mapping[str, object], first: str) -> set[str]:
    reached, waiting = set[str](), [first]
    while waiting:
        step = waiting.pop()
        if step not in reached:
            reached.add(step)
            waiting += [to for _, to in ways(table[step])]
    return reached


def test_no_menu_offers_more_than_four_choices_and_they_are_consecutive() -> None:
    for point in FLOW.values():
        if isinstance(point, Menu):
            assert list(point.keys) == ["1", "2", "3", "4"][: len(point.keys)]


def test_forks_never_lead_in_a_circle() -> None:
    def furthest(step: Step, passed: tuple[Step, ...]) -> None:
        assert step not in passed, passed
        point = FLOW[step]
        if isinstance(point, Fork):
            for to in point.to:
                furthest(to, (*passed, step))

    for step in Step:
        furthest(step, ())


@pytest.mark.parametrize("name", CHARTS)
def test_the_drawn_call_flow_is_the_table(name: str) -> None:
    assert flow_chart(CHARTS[name]) in CHART.read_text(encoding="utf-8")
