"""An override or an absence that leaves nobody behind the first on duty is told, hour by hour."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings

from app.commands.prove_text import ProofMark, changed, page
from app.domain.config.cross_checks import cross_check
from app.domain.config.diagnostics import Diagnostics
from app.domain.desks.duty_hours import DutyHours
from app.domain.roster.coverage import backup_lost, with_backup, without_backup
from app.domain.roster.on_duty import Override, Roster, on_duty
from app.domain.simulate.proof.differences import Differences, differences
from app.domain.simulate.proof.instants import to_changes
from app.domain.simulate.proof.proof import prove
from app.domain.time.intervals import Interval, total
from tests.domain.config.desk_texts import ROSTER, codes, folder, line_of
from tests.domain.config.desk_texts import changed as replaced
from tests.domain.roster.duty_rota import away, rota, takes, weekly
from tests.domain.roster.test_roster_without_gaps import INSTANTS, rosters
from tests.domain.simulate.proof.a_proof import proof_of, with_desk, with_roster
from tests.domain.time.wall_clock import in_oslo, oslo, weekdays_8_to_16
from tests.support.desk_documents import weekly_rotation
from tests.support.shipped_desks import desk_of, shipped
from tests.support.written import english, in_language

DESK_HOURS = (weekdays_8_to_16(),)
NIGHTS = DutyHours(when_unstaffed=True)
WEEK = Interval(oslo("2026-11-16 08:00"), oslo("2026-11-23 08:00"))  # duty2, and duty3 behind


def lost(roster: Roster) -> list[tuple[str, str]]:
    found = backup_lost(roster, NIGHTS, DESK_HOURS, WEEK)
    return [(in_oslo(each.from_), in_oslo(each.to)) for each in found]


def test_a_swap_that_makes_primary_and_backup_the_same_person_loses_the_backup() -> None:
    swap = takes("duty3", "2026-11-18 12:00", "2026-11-19 12:00")
    assert lost(rota()) == []
    assert lost(rota(overrides=(swap,))) == [("Wed 2026-11-18 16:00", "Thu 2026-11-19 08:00")]


def test_a_swap_with_a_third_person_loses_nobody() -> None:
    assert lost(rota(overrides=(takes("duty4", "2026-11-18 12:00", "2026-11-19 12:00"),))) == []


def test_with_the_backup_next_in_line_the_same_swap_loses_nobody() -> None:
    line = replace(weekly(), backup_is_next=True)
    swap = takes("duty3", "2026-11-18 12:00", "2026-11-19 12:00")
    assert lost(rota(line, overrides=(swap,))) == []


def test_an_absence_of_either_loses_the_backup_and_of_both_is_uncovered_instead() -> None:
    first = away("duty2", "2026-11-18 12:00", "2026-11-19 12:00")
    second = away("duty3", "2026-11-19 00:00", "2026-11-20 12:00")
    assert lost(rota(absences=(first, second))) == [
        ("Wed 2026-11-18 16:00", "Thu 2026-11-19 00:00"),
        ("Thu 2026-11-19 16:00", "Fri 2026-11-20 08:00"),
    ]


def test_a_desk_that_never_had_a_backup_loses_none() -> None:
    assert (
        lost(rota(weekly(), overrides=(takes("duty1", "2026-11-18 12:00", "2026-11-19 12:00"),)))
        == []
    )


@settings(max_examples=30)
@given(rosters(), INSTANTS)
def test_backed_agrees_with_who_would_be_rung(roster: Roster, at: datetime) -> None:
    always = DutyHours(when_unstaffed=True)
    span = Interval(at, at + timedelta(minutes=1))
    people = [each for each in on_duty(roster, at).ringing if each.person]
    assert any(at in each for each in with_backup(roster, span)) is (len(people) >= 2)
    assert any(at in each for each in without_backup(roster, always, (), span)) is (
        len(people) == 1
    )


# --- as the check tells it -------------------------------------------------------------------

WITH_BACKUP = ROSTER + weekly_rotation("backup", "vakt-2", "vakt-1")
OVERRIDE = """
[[overrides]]
person = "vakt-2"
role = "primary"
from = 2026-12-08T12:00:00
to = 2026-12-09T12:00:00
"""
ABSENCE = """
[[absences]]
person = "vakt-1"
from = 2026-12-10T12:00:00
to = 2026-12-12T12:00:00
"""
NOW = oslo("2026-11-21 23:00")


def check(roster: str) -> Diagnostics:
    return cross_check([folder(roster=roster)], NOW, NOW + timedelta(days=90))


def test_an_override_that_leaves_no_backup_is_told_where_it_stands() -> None:
    """That week vakt-1 is primary, and vakt-2, who takes the turn, is behind them."""
    text = WITH_BACKUP + OVERRIDE
    [diagnostic] = check(text)
    assert (diagnostic.code, diagnostic.is_error, diagnostic.file) == (
        "backup_lost",
        False,
        "havna/roster.toml",
    )
    assert diagnostic.position.line == line_of(text, "[[overrides]]")
    assert english(diagnostic.message) == (
        "no backup: only one person can be called on duty from 2026-12-08 (Tue) 16:00"
        " to 2026-12-09 (Wed) 08:00, where the rotations have two"
    )


def test_an_absence_that_leaves_no_backup_is_told_with_how_often() -> None:
    text = WITH_BACKUP + OVERRIDE + ABSENCE
    diagnostics = check(text)
    assert codes(diagnostics) == ["backup_lost", "backup_lost"]
    assert diagnostics[1].position.line == line_of(text, "[[absences]]")
    told = in_language(diagnostics[1].message, "nn")
    assert "(tors.) 16:00 til 2026-12-11 (fre.) 08:00, og 1 gong til" in told


def test_the_word_for_the_backup_mends_it() -> None:
    three = ROSTER.replace('"vakt-1", "vakt-2"]', '"vakt-1", "vakt-2", "vakt-3"]\nbackup = "next"')
    third = '[people.vakt-3]\nname = "Vakt 3"\nphones = ["+4749009703"]\n\n[[rotations]]'
    assert check(replaced(three, "[[rotations]]", third) + OVERRIDE) == ()


# --- as the proof tells it ---------------------------------------------------------------------

LIVE = "brukarstotte"
DAYS = Interval(oslo("2026-12-08 00:00"), oslo("2026-12-11 00:00"))


@cache
def drafted(*overrides: Override) -> Differences:
    """The week of 7 December: Vakt 3 is primary with one telephone, Vakt 1 behind with two."""
    live = shipped(LIVE)
    return differences(proof_of(LIVE, DAYS), prove(with_roster(live, overrides=overrides), DAYS))


def whose() -> tuple[str, str]:
    roster = shipped(LIVE).roster
    assert roster
    first, second, *_ = on_duty(roster, oslo("2026-12-09 20:00")).ringing
    assert first.person
    assert second.person
    return first.person.id, second.person.id


def test_a_draft_whose_override_leaves_no_backup_is_not_just_as_it_is_now() -> None:
    _, second = whose()
    found = drafted(takes(second, "2026-12-09 12:00", "2026-12-10 12:00"))
    assert [(in_oslo(each.from_), in_oslo(each.to)) for each in found.newly_without_backup] == [
        ("Wed 2026-12-09 15:30", "Thu 2026-12-10 08:00")
    ]
    assert not found.has_holes
    told = [line for line in changed(found) if line.mark is ProofMark.FEWER]
    assert (
        "nobody would be behind the first on duty Wed 9 Dec 2026 15:30 – Thu 10 Dec 2026 08:00"
        in english(told[-1].what)
    )
    assert all("just as it does now" not in english(line.what) for line in changed(found))


def test_the_hours_in_which_fewer_telephones_ring_are_told_and_no_others() -> None:
    """From 15:30 the first line is rung as well; from 16:00 the duty alone."""
    _, second = whose()
    found = drafted(takes(second, "2026-12-09 12:00", "2026-12-10 12:00"))
    told = {
        (each.now, each.then, in_oslo(piece.from_), in_oslo(piece.to))
        for each in found.fewer
        for piece in each.when
    }
    assert told == {
        (6, 4, "Wed 2026-12-09 15:30", "Wed 2026-12-09 16:00"),
        (4, 2, "Wed 2026-12-09 16:00", "Thu 2026-12-10 08:00"),
    }


def test_the_other_way_round_it_is_better_and_nothing_is_fewer() -> None:
    _, second = whose()
    there = drafted(takes(second, "2026-12-09 12:00", "2026-12-10 12:00"))
    back = differences(there.draft, there.live)
    assert (back.with_backup, back.newly_without_backup, back.fewer) == (
        there.newly_without_backup,
        (),
        (),
    )


def test_a_draft_that_changes_nothing_is_just_as_it_is_now() -> None:
    [line] = changed(drafted())
    assert "just as it does now" in english(line.what)


def test_an_override_of_the_person_who_has_it_anyway_changes_nothing() -> None:
    first, _ = whose()
    [line] = changed(drafted(takes(first, "2026-12-09 12:00", "2026-12-10 12:00")))
    assert "just as it does now" in english(line.what)


def test_a_proof_of_one_desk_tells_when_overrides_have_taken_the_backup() -> None:
    _, second = whose()
    facts = with_roster(
        shipped(LIVE), overrides=(takes(second, "2026-12-09 12:00", "2026-12-10 12:00"),)
    )
    proof = prove(facts, DAYS)
    assert total(proof.backup_lost) == timedelta(hours=16.5)
    assert not proof.has_holes
    told = [each.what for each in page(proof, is_live=False) if each.mark is ProofMark.FEWER]
    assert len(told) == 1
    assert proof_of(LIVE, DAYS).backup_lost == ()


def test_a_first_line_telephone_less_is_told_with_its_hours() -> None:
    facts = shipped("dekode")
    first_line = desk_of(facts).first_line
    one = replace(first_line, phones=first_line.phones[:1])
    found = differences(proof_of("dekode", DAYS), prove(with_desk(facts, first_line=one), DAYS))
    starts = {in_oslo(each.when[0].from_)[-5:] for each in found.fewer}
    assert starts <= {"07:00", "08:00"}


@pytest.mark.parametrize("step", [timedelta(minutes=-1), timedelta(seconds=-3), timedelta()])
def test_times_are_told_to_the_change_and_not_to_the_calls_on_their_way(step: timedelta) -> None:
    change, before = oslo("2026-12-09 16:00"), oslo("2026-12-09 08:00")
    [piece] = to_changes((Interval(before, change + step),), (change,))
    assert piece == Interval(before, change)
