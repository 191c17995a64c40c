"""One tiny run of each part: it measures, nothing is lost, and the figures have their names."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from app.domain.roster.plan import Person, Roster
from app.domain.roster.timeline import timeline
from bench import desks, duty, first_ring, pages, rosters
from bench.telephones import Heard
from bench.turns import Effort, TurnsLost, compared_with_bare_views, refuse_losses

TINY = Effort(rounds=1, round_seconds=0.1, fewest_turns=8, schedule_seconds=0.5, turns_before=20)


@pytest.mark.end_to_end
def test_a_tiny_run_answers_every_turn_and_loses_none(
    empty_database: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_WORKERS", "1")
    run = compared_with_bare_views("SQLite", empty_database("sqlite"), tmp_path, TINY)
    figures = {figure.name: figure for figure in run}
    assert figures["turns lost (sent, but no row of theirs)"].value == 0
    assert figures["turns without the right answer"].value == 0
    # Fewer than twenty times as many: more would be turns that do not do their work.
    assert figures["rate beside (b), a view with five statements"].value < 20
    assert "ours: rate" in figures


@pytest.mark.end_to_end
def test_people_read_pages_beside_the_telephone_and_each_is_answered(
    empty_database: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_WORKERS", "1")
    run = pages.figures("SQLite", empty_database("sqlite"), tmp_path, rounds=1, seconds=0.5)
    found = {figure.name: figure.value for figure in run}
    assert found["pages without an answer"] == 0
    assert found["pages asked for a second"] > 0
    assert found["unchanged on a quiet page"] >= 0


def test_a_lost_or_wrong_answer_stops_the_bench() -> None:
    refuse_losses(Heard(sent=1, latencies=[0.1]))
    with pytest.raises(TurnsLost, match="1 of 2 turns"):
        refuse_losses(Heard(sent=2, latencies=[0.1]))
    with pytest.raises(TurnsLost, match="500"):
        refuse_losses(Heard(sent=1, latencies=[0.1], wrong=["HTTP/1.1 500"]))


def test_sixty_desks_are_made_of_five_and_each_has_numbers_and_customers_of_its_own() -> None:
    folders, stories = desks.many(60, 3000)
    assert len(folders) == len(stories) == 60
    assert not [fault for folder in folders for fault in folder.diagnostics if fault.is_error]
    assert len({story.line for story in stories}) == 60
    customers = [customer for folder in folders for customer in folder.customers or ()]
    assert len(customers) == 3000
    for folder, story in zip(folders, stories, strict=True):
        assert folder.desk
        assert folder.desk.line(story.line)
        assert any(customer.answers_to(story.caller) for customer in folder.customers or ())


def test_ten_years_of_roster_give_the_same_answers_as_no_years_between_the_swaps() -> None:
    _, roster = duty.brukarstotte()
    planned = duty.with_years(roster, 10)
    assert len(planned.overrides) == 520
    assert len(planned.absences) == 260
    before_all = duty.BEGINS + duty.DAY / 3
    assert persons(planned, before_all) == persons(roster, before_all)
    in_a_swap = duty.BEGINS + duty.DAY / 2
    assert persons(planned, in_a_swap) != persons(roster, in_a_swap)
    assert duty.microseconds(lambda at: None, [before_all], rounds=2) < 1000


def persons(roster: Roster, at: datetime) -> list[Person | None]:
    return [entry.person for entry in duty.on_duty(roster, at).ringing]


def test_the_night_caller_presses_and_listens_within_the_promise_on_every_line() -> None:
    figures = list(first_ring.figures())
    assert {figure.name.split()[1] for figure in figures} == {"brukarstotte", "dekode"}
    assert [figure.name for figure in figures if not figure.is_met] == []


def test_the_roster_that_is_timed_has_everybody_and_every_layer_in_its_year() -> None:
    desk, _ = duty.brukarstotte()
    shown = timeline(rosters.five_layers(), (desk,), rosters.YEAR)
    people = {piece.person for line in shown.results for piece in line.pieces}
    assert people >= set(rosters.PEOPLE)
    assert len(shown.results) == 2, "a primary, whose four layers are one place, and a backup"
    assert len(rosters.as_ical().walk("VEVENT")) == len(rosters.PEOPLE) * len(rosters.LAYERS)
