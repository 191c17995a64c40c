"""What the page says about who answers is what a call at that moment would ring."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.desks.customer import Customer
from app.domain.desks.desk import Agreement, Line, LineKind, Priority
from app.domain.hunts.hunt import Callee
from app.domain.overview.answering import Answer, Staff, answer
from app.domain.overview.answering_times import Answering, all_answering
from app.domain.reasons import Code
from app.domain.simulate.proof.callers import callers
from app.domain.simulate.proof.instants import changes
from app.domain.simulate.proof.outlook import Outlooks
from app.domain.simulate.proof.verdicts import UNANSWERED, CallAttempt, simulate_attempt
from app.domain.simulate.simulation import SimulationFacts
from app.domain.time.intervals import Interval
from tests.domain.simulate.proof.a_proof import changed_rosters
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.shipped_desks import DESKS, desk_of, shipped

WITH_A_DUTY = ("brukarstotte", "dekode")
FIRST = oslo("2026-11-22 00:00")
MINUTES = st.integers(0, 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
SPANS = st.tuples(MINUTES, st.integers(1, 20 * 24)).map(
    lambda span: (span[0], span[0] + timedelta(hours=span[1]))
)


def staff_of(facts: SimulationFacts) -> Staff:
    return Staff(desk_of(facts), facts.roster, facts.talking, facts.missed)


@st.composite
def situations(draw: st.DrawFn) -> tuple[SimulationFacts, datetime]:
    """A shipped desk whose people are away, take over, talk elsewhere or missed a call-out."""
    facts = shipped(draw(st.sampled_from((*DESKS, *WITH_A_DUTY))))
    desk = desk_of(facts)
    if draw(st.booleans()):
        desk = replace(desk, first_line=replace(desk.first_line, at_once=True))
    assert facts.roster
    roster = draw(changed_rosters(facts.roster, SPANS))
    people = st.sampled_from([person.id for person in roster.people])
    numbers = [number for person in roster.people for number in person.numbers]
    numbers += [phone.number for phone in desk.first_line.phones]
    busy = replace(
        facts,
        desk=desk,
        roster=roster,
        customers=(*facts.customers, *invented(facts)),
        talking=frozenset(draw(st.lists(st.sampled_from(numbers), max_size=2))),
        missed=frozenset(draw(st.lists(people, max_size=2))),
    )
    return busy, draw(MINUTES)


def invented(facts: SimulationFacts) -> list[Customer]:
    who = callers(desk_of(facts), facts.customers)
    return [each.customer for each in who if each.is_invented and each.customer]


def stays_as_it_is(facts: SimulationFacts, at: datetime) -> bool:
    """Whether nothing changes while a call that comes now can last."""
    desk = desk_of(facts)
    span = Interval(at - timedelta(days=1), at + timedelta(days=1))
    changing = changes(desk, facts.roster, span)
    return len(Outlooks(desk, facts.roster, changing).at(at)) == 1


def said(told: tuple[Answering, ...], line: Line, agreement: Agreement) -> Answer:
    """What is said of calls on a line under an agreement; just once."""
    (only,) = (each for each in told if line in each.lines and agreement in each.agreements)
    return only.now


@given(situations())
@settings(max_examples=30)
def test_whoever_is_said_to_answer_is_rung_by_a_call_at_that_moment_in_the_same_order(
    situation: tuple[SimulationFacts, datetime],
) -> None:
    facts, at = situation
    assume(stays_as_it_is(facts, at))
    desk, told = desk_of(facts), all_answering(staff_of(facts), at)
    for line in desk.lines:
        for caller in callers(desk, facts.customers):
            attempt = CallAttempt(line.number, caller, Priority.CRITICAL)
            call, _ = simulate_attempt(facts, attempt, at, UNANSWERED)
            answering = said(told, line, desk.agreement(caller.agreement))
            rings = [callee.number for callee in call.rings]
            assert rings == [c.number for c in answering.callees][: desk.ceilings.rings_per_call]


@given(situations())
@settings(max_examples=25)
def test_since_and_until_are_where_somebody_else_answers(
    situation: tuple[SimulationFacts, datetime],
) -> None:
    facts, at = situation
    staff = staff_of(facts).as_planned
    for told in all_answering(staff, at):
        line, agreement = told.lines[0], told.agreements[0]

        def rung(moment: datetime) -> tuple[Callee, ...]:
            return answer(staff, line, agreement, moment).callees  # noqa: B023 - asked at once

        from_, to = told.since or at - timedelta(days=7), told.until or at + timedelta(days=7)
        hours = [from_ + timedelta(hours=n) for n in range(int((to - from_) / timedelta(hours=1)))]
        assert {rung(hour) for hour in hours[:100]} <= {told.now.callees}
        assert rung(to - datetime.resolution) == told.now.callees
        if told.since:
            assert rung(told.since) == told.now.callees != rung(told.since - datetime.resolution)
        if told.until:
            assert told.then
            assert rung(told.until) == told.then.callees != told.now.callees


def told_on(
    desk: str,
    at: str,
    kind: LineKind = LineKind.SUPPORT,
    agreement: int = 0,
    **busy: frozenset[str],
) -> Answering:
    """What is said of one line at a moment on the wall in Oslo."""
    facts = shipped(desk)
    staff = replace(staff_of(facts), **busy)  # type: ignore[arg-type]
    line = next(each for each in staff.desk.lines if each.kind is kind)
    (only,) = (
        each
        for each in all_answering(staff, oslo(at))
        if line in each.lines and staff.desk.agreements[agreement] in each.agreements
    )
    return only


def names(told: Answer | None) -> list[str]:
    """Everybody who is rung, each once."""
    assert told
    return list(dict.fromkeys(callee.name for callee in told.callees))


def test_on_an_ordinary_tuesday_the_first_line_answers_until_the_duty_is_there_too() -> None:
    told = told_on("brukarstotte", "2026-11-24 10:00")
    assert names(told.now) == ["Første linje 1", "Første linje 2"]
    assert in_oslo(told.since) == "Tue 2026-11-24 08:00"
    assert in_oslo(told.until) == "Tue 2026-11-24 15:30"
    assert told.then
    assert names(told.then)[:3] == ["Første linje 1", "Første linje 2", "Vakt 2"]


def test_at_night_the_duty_answers_until_the_first_line_comes() -> None:
    for kind in LineKind:
        told = told_on("brukarstotte", "2026-11-24 23:00", kind)
        assert names(told.now) == ["Vakt 2", "Vakt 3", "49 00 27 90"]
        assert in_oslo(told.since) == "Tue 2026-11-24 16:00"
        assert in_oslo(told.until) == "Wed 2026-11-25 08:00"
        assert names(told.then) == ["Første linje 1", "Første linje 2"]


def test_over_a_weekend_the_duty_answers_until_monday_whoever_has_it_then() -> None:
    told = told_on("brukarstotte", "2026-11-28 12:00")
    assert in_oslo(told.since) == "Fri 2026-11-27 16:00"
    assert in_oslo(told.until) == "Mon 2026-11-30 08:00"


def test_who_talks_or_missed_a_call_out_is_said_to_be_rung_last() -> None:
    told = told_on("brukarstotte", "2026-11-24 23:00", talking=frozenset({"+4749002702"}))
    assert names(told.now) == ["Vakt 3", "49 00 27 90", "Vakt 2"]
    assert Code.TALKING in {reason.code for reason in told.now.why}
    told = told_on("brukarstotte", "2026-11-24 23:00", missed=frozenset({"vakt-2"}))
    assert names(told.now) == ["Vakt 3", "49 00 27 90", "Vakt 2"]
    assert Code.MISSED_A_CALL_OUT in {reason.code for reason in told.now.why}
    assert in_oslo(told.until) == "Wed 2026-11-25 08:00"  # the plan is the same


def test_agreements_with_and_without_the_duty_are_told_apart() -> None:
    hosting, without = (told_on("dekode", "2026-11-24 23:00", agreement=n) for n in (0, 1))
    assert names(hosting.now)[0].startswith("Driftsvakt")
    assert without.now.callees == ()
    assert without.now.why[-1].code is Code.AGREEMENT_WITHOUT_DUTY
    assert names(without.then)[0] == "Customer Success 1"


def test_an_agreement_without_a_telephone_is_answered_by_nobody_at_any_hour() -> None:
    told = told_on("prokom", "2026-11-24 10:00")
    assert told.now.callees == ()
    assert told.until is None
    assert told.now.why[-1].code is Code.AGREEMENT_HAS_NO_TELEPHONE
