"""The table of the call flow: nothing in it hangs loose, and its picture is true."""

from pathlib import Path

from app.domain.call import Place
from app.domain.call_flow import FLOW, Fork, Menu
from app.domain.drawing import draw_call_flow, ways

CHART = Path(__file__).parents[2] / "docs" / "call-flow.md"


def test_every_place_stands_in_the_table() -> None:
    assert set(FLOW) == set(Place)


def test_every_place_can_be_reached_from_an_arrival_or_a_round() -> None:
    reached, waiting = set[Place](), [Place.ARRIVAL, Place.ROUND]
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            waiting += [to for _, to in ways(FLOW[place])]
    assert reached == set(Place)


def test_no_menu_offers_more_than_four_choices_and_they_are_consecutive() -> None:
    for point in FLOW.values():
        if isinstance(point, Menu):
            assert list(point.keys) == ["1", "2", "3", "4"][: len(point.keys)]


def test_forks_never_lead_in_a_circle() -> None:
    def furthest(place: Place, passed: tuple[Place, ...]) -> None:
        assert place not in passed, passed
        point = FLOW[place]
        if isinstance(point, Fork):
            for to in point.to:
                furthest(to, (*passed, place))

    for place in Place:
        furthest(place, ())


def test_the_drawn_call_flow_is_the_table() -> None:
    assert draw_call_flow() in CHART.read_text(encoding="utf-8")
