"""The table of the call flow: nothing in it hangs loose, and its picture is true."""

from pathlib import Path

from app.domain.calls.call import Step
from app.domain.calls.flows.caller import FLOW, Fork
from app.domain.calls.flows.points import Menu
from tests.support.flow_chart import flow_chart, ways

CHART = Path(__file__).parents[3] / "docs" / "call-flow.md"


def test_every_place_stands_in_the_table() -> None:
    assert set(FLOW) == set(Step)


def test_every_place_can_be_reached_from_an_arrival_or_a_round() -> None:
    reached, waiting = set[Step](), [Step.ARRIVAL, Step.CALL_OUT]
    while waiting:
        step = waiting.pop()
        if step not in reached:
            reached.add(step)
            waiting += [to for _, to in ways(FLOW[step])]
    assert reached == set(Step)


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


def test_the_drawn_call_flow_is_the_table() -> None:
    assert flow_chart() in CHART.read_text(encoding="utf-8")
