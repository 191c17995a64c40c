"""What a proof says of a stretch of time is true of every moment in it."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.simulate.proof.callers import callers
from app.domain.simulate.proof.instants import changes
from app.domain.simulate.proof.outlook import longest_call, situation
from app.domain.simulate.proof.proof import Proof, key_of, prove
from app.domain.simulate.proof.verdicts import verdict
from app.domain.simulate.simulation import SimulationFacts
from app.domain.time.intervals import Interval
from tests.domain.simulate.proof.a_proof import YEAR, changed_rosters, proof_of
from tests.domain.time.wall_clock import oslo
from tests.support.shipped_desks import DESKS, desk_of, shipped

SECONDS = int(YEAR.length.total_seconds())
EASTER = Interval(oslo("2027-03-25 00:00"), oslo("2027-03-30 00:00"))  # and the clock jumps
MINUTE = timedelta(minutes=1)

moments = st.integers(0, SECONDS - 1).map(lambda seconds: YEAR.from_ + timedelta(seconds=seconds))
in_easter = st.integers(0, int(EASTER.length.total_seconds()) - 1).map(
    lambda seconds: EASTER.from_ + timedelta(seconds=seconds)
)


def is_silent(proof: Proof, key: object, at: datetime) -> bool:
    return any(at in stretch for c in proof.silent if c.key == key for stretch in c.when)


def stretch_of(facts: SimulationFacts, at: datetime, span: Interval) -> Interval:
    """The stretch between two changes in which a moment lies."""
    edges = (span.from_, *changes(desk_of(facts), facts.roster, span), span.to)
    return next(Interval(a, b) for a, b in pairwise(edges) if a <= at < b)


@settings(max_examples=60)
@given(st.sampled_from(DESKS), moments)
def test_between_two_changes_calendars_and_roster_answer_as_at_the_first(
    desk_id: str, at: datetime
) -> None:
    facts = shipped(desk_id)
    desk = desk_of(facts)
    start = stretch_of(facts, at, YEAR).from_
    assert situation(desk, facts.roster, at) == situation(desk, facts.roster, start)


@settings(max_examples=30)
@given(st.sampled_from(DESKS), moments, st.data())
def test_a_call_at_any_moment_of_the_year_goes_as_the_proof_says(
    desk_id: str, at: datetime, data: st.DataObject
) -> None:
    proof, facts = proof_of(desk_id), shipped(desk_id)
    if stretch_of(facts, at, YEAR).to - at < MINUTE:
        at -= MINUTE  # a call on its way while it changes: the moments around it tell of those
    reach = data.draw(st.sampled_from(proof.reaches))
    simulated = verdict(facts, reach.attempt, at)
    assert simulated.is_silent is is_silent(proof, key_of(reach.attempt), at)
    assert simulated.is_silent or simulated.connects
    assert simulated.rung >= reach.fewest


@st.composite
def plans(draw: st.DrawFn) -> SimulationFacts:
    """A shipped desk with a duty, and a roster in which people are away and take over."""
    facts = shipped(draw(st.sampled_from(("brukarstotte", "dekode"))))
    roster = facts.roster
    assert roster
    spans = st.tuples(in_easter, st.integers(1, 2 * 24 * 60)).map(
        lambda pair: (pair[0], pair[0] + timedelta(minutes=pair[1]))
    )
    return replace(facts, roster=draw(changed_rosters(roster, spans)))


@settings(max_examples=5)
@given(plans(), st.lists(in_easter, min_size=3, max_size=3), st.data())
def test_whatever_the_roster_a_call_goes_as_the_proof_says(
    facts: SimulationFacts, ats: list[datetime], data: st.DataObject
) -> None:
    proof = prove(facts, EASTER)
    for at in ats:
        if stretch_of(facts, at, EASTER).to - at < MINUTE:
            continue
        reach = data.draw(st.sampled_from(proof.reaches))
        simulated = verdict(facts, reach.attempt, at)
        assert simulated.is_silent is is_silent(proof, key_of(reach.attempt), at)


@settings(max_examples=25)
@given(plans(), in_easter, st.data())
def test_a_call_that_no_change_touches_rings_the_same_as_at_the_start_of_its_stretch(
    facts: SimulationFacts, at: datetime, data: st.DataObject
) -> None:
    stretch = stretch_of(facts, at, EASTER)
    if stretch.length <= longest_call(desk_of(facts)):
        return
    at = min(at, stretch.to - longest_call(desk_of(facts)))
    who = callers(desk_of(facts), facts.customers)
    attempt = data.draw(st.sampled_from([r.attempt for r in proof_of(desk_of(facts).id).reaches]))
    assert attempt.caller in who
    assert verdict(facts, attempt, at) == verdict(facts, attempt, stretch.from_)
