"""The bench's own arithmetic: percentiles, ratios within a run, goals, and what is written down."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.figures import Figure, at_least, at_most, median_ratio, percentile, rounded, save, show


def test_the_99th_percentile_of_a_hundred_turns_is_the_second_slowest() -> None:
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile(range(1, 101), 0.5) == 50
    assert percentile([7.0], 0.99) == 7
    assert percentile([], 0.99) == 0


def test_a_round_in_which_everything_was_slow_does_not_move_the_ratio() -> None:
    assert median_ratio([60, 6, 66], [100, 10, 110]) == pytest.approx(0.6)
    with pytest.raises(ValueError, match="longer"):
        median_ratio([60], [100, 10])


def test_a_goal_is_met_on_its_own_side_and_at_the_very_figure() -> None:
    assert at_least("", "rate", 0.6, 0.6).is_met
    assert not at_least("", "rate", 0.59, 0.6).is_met
    assert at_most("", "turns lost", 0, 0).is_met
    assert not at_most("", "turns lost", 1, 0).is_met
    assert Figure("", "rate", 100).is_met is None


def test_three_figures_count() -> None:
    assert rounded(0.61234) == 0.612
    assert rounded(71.84) == 71.8
    assert rounded(20682.7) == 20683


def test_the_file_says_the_same_as_the_table(tmp_path: Path) -> None:
    figures = [
        at_least("Turns", "rate beside a bare view", 0.587, 0.6),
        at_most("Turns", "turns lost", 0, 0),
        Figure("Duty", "on duty", 26.04, "µs"),
    ]
    save(figures, tmp_path / "var" / "bench.json", {"machine": "small"})
    kept = json.loads((tmp_path / "var" / "bench.json").read_text(encoding="utf-8"))
    assert kept["machine"] == "small"
    assert [(each["value"], each["goal"], each["met"]) for each in kept["figures"]] == [
        (0.587, "at least 0.6", False),
        (0, "at most 0", True),
        (26.0, None, None),
    ]

    paper = StringIO()
    show(figures, Console(file=paper, width=100))
    table = paper.getvalue()
    for word in ("Turns", "Duty", "0.587", "at least 0.6", "missed", "met", "26", "µs"):
        assert word in table
