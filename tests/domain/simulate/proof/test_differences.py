"""A draft is told by what it changes: what it opens, what it closes, and nothing else."""

from dataclasses import replace

from app.domain.desks.desk import Line, LineKind
from app.domain.simulate.proof.differences import Differences, differences
from app.domain.simulate.proof.proof import prove
from app.domain.simulate.simulation import SimulationFacts
from tests.domain.roster.duty_rota import away
from tests.domain.simulate.proof.a_proof import (
    WEEK,
    WEEKEND,
    agreements,
    proof_of,
    with_desk,
    with_literal_duty,
    with_roster,
)
from tests.domain.time.wall_clock import in_oslo
from tests.support.shipped_desks import desk_of, shipped

LIVE = "brukarstotte"
EVERYBODY = ("vakt-1", "vakt-2", "vakt-3")


def drafted(facts: SimulationFacts, desk_id: str = LIVE) -> Differences:
    return differences(proof_of(desk_id, WEEK), prove(facts, WEEK))


def test_a_draft_that_is_what_is_live_changes_nothing() -> None:
    found = drafted(shipped(LIVE))
    assert (found.opened, found.closed, found.uncovered, found.covered) == ((), (), (), ())
    assert not found.has_holes


def test_a_draft_without_the_duty_on_monday_morning_opens_it() -> None:
    found = drafted(with_literal_duty(shipped(LIVE)))
    assert {in_oslo(each.when[-1].to) for each in found.opened} == {"Mon 2026-11-23 08:00"}
    assert {each.attempt.line for each in found.opened} == {"+4720000200", "+4720000210"}
    assert found.closed == ()
    assert found.has_holes


def test_a_draft_that_closes_monday_morning_is_better_and_no_hole() -> None:
    facts = with_literal_duty(shipped(LIVE))
    found = differences(prove(facts, WEEK), proof_of(LIVE, WEEK))
    assert found.opened == ()
    assert {in_oslo(each.at) for each in found.closed} == {"Mon 2026-11-23 00:00"}
    assert not found.has_holes


def test_a_draft_in_which_everybody_is_away_leaves_the_duty_uncovered() -> None:
    gone = tuple(away(who, "2026-12-04 16:00", "2026-12-05 08:00") for who in EVERYBODY)
    draft = prove(with_roster(shipped(LIVE), absences=gone), WEEKEND)
    live = proof_of(LIVE, WEEKEND)
    found = differences(live, draft)
    assert [in_oslo(each.from_) for each in found.uncovered] == ["Fri 2026-12-04 16:00"]
    assert found.has_holes
    back = differences(draft, live)
    assert (back.covered, back.uncovered, back.has_holes) == (found.uncovered, (), False)


def test_a_draft_that_rings_fewer_telephones_is_told_though_nobody_is_lost() -> None:
    facts = shipped("dekode")
    first_line = desk_of(facts).first_line
    one = replace(first_line, phones=first_line.phones[:1])
    assert drafted(facts, "dekode").fewer == ()
    found = drafted(with_desk(facts, first_line=one), "dekode")
    rung = {(each.now, each.then) for each in found.fewer}
    assert rung == {(2, 1)}
    assert not found.has_holes


def test_longer_opening_hours_are_told_as_the_calls_that_ring_somebody_then() -> None:
    facts = shipped("kundeservice")
    (calendar,) = desk_of(facts).calendars
    longer = tuple(replace(window, end_minute=16 * 60) for window in calendar.windows)
    found = drafted(
        with_desk(facts, calendars=(replace(calendar, windows=longer),)), "kundeservice"
    )
    assert found.opened == ()
    after_hours = {(in_oslo(s.from_)[-5:], in_oslo(s.to)[-5:]) for s in found.closed[0].when}
    assert after_hours == {("15:30", "16:00")}


def test_a_new_line_is_told_where_it_rings_nobody() -> None:
    facts = shipped("kundeservice")
    line = Line("+4720000499", "+4720000499", LineKind.SUPPORT, ("nb",))
    found = drafted(with_desk(facts, lines=(*desk_of(facts).lines, line)), "kundeservice")
    assert {each.attempt.line for each in found.opened} == {"+4720000499"}
    assert not found.has_holes  # a desk without duty promises nobody at night


def test_an_agreement_that_is_gone_is_named_and_nothing_is_said_of_its_calls() -> None:
    facts = shipped("prokom")
    fewer = tuple(each for each in desk_of(facts).agreements if each.id != "utvidet")
    customers = tuple(each for each in facts.customers if each.agreement != "utvidet")
    draft = replace(with_desk(facts, agreements=fewer), customers=customers)
    found = drafted(draft, "prokom")
    assert found.gone == ("Utvidet brukerstøtteavtale",)
    assert agreements([*found.opened, *found.closed]) == set()
