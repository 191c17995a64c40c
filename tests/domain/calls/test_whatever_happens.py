"""Whatever a caller presses and whoever answers: the call ends well, by the table."""

from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calls.call import CallOutcome, Step, outcome_of
from app.domain.calls.context import CallContext
from app.domain.calls.flows.caller import FLOW, Fork
from app.domain.desks.desk import Line, LineKind, Priority
from app.domain.hunts.effects import OpenTicket, SendSms
from app.domain.hunts.instructions import End, Listen, Ring
from app.domain.numbers import Number, parse_number
from app.domain.reasons import Code
from app.domain.roles import DUTY_ROLES
from app.domain.simulate.record import Transcript
from app.domain.simulate.simulation import RingResult, SimulationFacts, simulate
from tests.support.shipped_desks import DESKS, desk_of, shipped

KEYS = st.sampled_from(
    [
        "1",
        "2",
        "3",
        "4",
        "0",
        "7",
        "8",
        "9",
        "*",
        "5",
        "#",
        "-",
        "1001#",
        "20#",
        "77#",
        "speak 1",
        "speak 9",
    ]
)
RINGING = st.sampled_from(
    ["accepted", "passed", "unconfirmed", "no_answer", "busy", "failed", "caller_hangs_up"]
)
CALLERS = [
    "anonymous",
    "",
    "+4749000199",
    "20 00 00 99",
    "02800",
    "+46701740605",
    "x' OR 1=1",
    "+1",
]
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)

# What may be the last that a critical caller hears who neither talked nor came to the tone.
HONEST_ENDS = {"call_too_long"}
WHY_DUTY_SLEEPS = {
    Code.DESK_HAS_NO_DUTY,
    Code.WANTS_HUMAN,
    Code.AGREEMENT_WITHOUT_DUTY,
    Code.OUTSIDE_DUTY_HOURS,
    Code.NOBODY_LEFT_TO_RING,
    Code.CEILING,
}


A_DESK = st.sampled_from(DESKS)
RINGS = st.lists(
    st.builds(RingResult, RINGING, st.integers(0, 300), st.booleans()), min_size=1, max_size=6
)
ANSWERS = st.lists(KEYS, max_size=14)


@cache
def lines_and_callers(
    desk_id: str,
) -> tuple[st.SearchStrategy[Line], st.SearchStrategy[Number]]:
    """The lines of a desk; callers whom it knows, and others."""
    facts = shipped(desk_id)
    known = [phone for each in facts.customers for phone in (*each.phones, *each.shared_phones)]
    callers = [parse_number(digits) for digits in (*CALLERS, *known)]
    return st.sampled_from(desk_of(facts).lines), st.sampled_from(callers)


@st.composite
def calls(draw: st.DrawFn) -> tuple[SimulationFacts, Transcript]:
    desk_id = draw(A_DESK)
    facts, (lines, callers) = shipped(desk_id), lines_and_callers(desk_id)
    line, caller, ringing, answers = draw(lines), draw(callers), draw(RINGS), draw(ANSWERS)
    return facts, simulate(facts, line.number, caller, draw(MOMENTS), answers, ringing)


@settings(max_examples=200)
@given(calls())
def test_no_call_fails_and_only_a_caller_without_a_ticket_is_abandoned(
    case: tuple[SimulationFacts, Transcript],
) -> None:
    _, transcript = case
    outcome = outcome_of(transcript.call)
    assert transcript.call.has_ended
    assert outcome is not CallOutcome.FAILED
    if outcome is CallOutcome.ABANDONED:
        assert transcript.call.hung_up
        assert transcript.call.ticket is None


@settings(max_examples=200)
@given(calls())
def test_a_call_opens_at_most_one_ticket_and_tells_everybody_at_most_once(
    case: tuple[SimulationFacts, Transcript],
) -> None:
    _, transcript = case
    effects = list(transcript.effects)
    tickets = [effect for effect in effects if isinstance(effect, OpenTicket)]
    told_by_sms = [effect.dedup for effect in effects if isinstance(effect, SendSms)]
    assert len(tickets) == (1 if transcript.call.ticket else 0)
    assert len(set(told_by_sms)) == len(told_by_sms)


@settings(max_examples=150)
@given(calls())
def test_only_numbers_of_the_roster_and_the_first_line_are_ever_rung(
    case: tuple[SimulationFacts, Transcript],
) -> None:
    facts, transcript = case
    ours = {phone.number for phone in desk_of(facts).first_line.phones}
    if facts.roster:
        ours |= {number for person in facts.roster.people for number in person.numbers}
        ours |= set(facts.roster.last_resort)
    assert {callee.number for callee in transcript.rings} <= ours


@settings(max_examples=150)
@given(calls())
def test_a_critical_caller_who_stays_reaches_a_human_a_message_or_an_honest_sentence(
    case: tuple[SimulationFacts, Transcript],
) -> None:
    _, transcript = case
    if not transcript.call.ticket or transcript.call.ticket.priority is not Priority.CRITICAL:
        return
    if (
        transcript.call.hung_up
        and not transcript.call.talked
        and not was_asked_for_a_message(transcript)
    ):
        return  # gone by their own choice; the ticket stays
    assert (
        outcome_of(transcript.call) is CallOutcome.CONNECTED
        or (was_asked_for_a_message(transcript) and is_message_explained(transcript))
        or was_told_honestly(transcript)
    )


def was_asked_for_a_message(transcript: Transcript) -> bool:
    """Whether the caller came to the tone where a message is left."""
    return any(isinstance(decision.instruction, Listen) for decision in transcript.decisions)


def is_message_explained(transcript: Transcript) -> bool:
    """Whether the duty was rung before the message, or a reason says why it was not."""
    rung = any(callee.role in DUTY_ROLES for callee in transcript.rings)
    return rung or any(reason.code in WHY_DUTY_SLEEPS for reason in transcript.reasons)


def was_told_honestly(transcript: Transcript) -> bool:
    """Whether the last that was said is one of the sentences that may end a critical call."""
    ends = [
        d.instruction
        for d in transcript.decisions
        if isinstance(d.instruction, End) and d.instruction.says
    ]
    return bool(ends) and {message.key for message in ends[-1].says} <= HONEST_ENDS


@settings(max_examples=150)
@given(calls())
def test_nothing_but_a_critical_case_rings_the_duty(
    case: tuple[SimulationFacts, Transcript],
) -> None:
    facts, transcript = case
    duty = {c.number for c in transcript.rings} - {
        p.number for p in desk_of(facts).first_line.phones
    }
    if duty:
        assert transcript.call.ticket
        assert transcript.call.ticket.priority is Priority.CRITICAL
        assert desk_of(facts).duty


@settings(max_examples=100)
@given(calls())
def test_nobody_is_rung_twice_in_one_round(case: tuple[SimulationFacts, Transcript]) -> None:
    _, transcript = case
    rung = [leg.callee.number for leg in transcript.call.hunt.own_legs]
    assert len(set(rung)) == len(rung)


@settings(max_examples=100)
@given(calls(), st.sampled_from([step for step, point in FLOW.items() if isinstance(point, Fork)]))
def test_forks_lead_only_where_the_table_says(
    case: tuple[SimulationFacts, Transcript], step: Step
) -> None:
    facts, transcript = case
    fork = FLOW[step]
    assert isinstance(fork, Fork)
    world = facts.world(
        transcript.call.line, transcript.call.caller.digits, customer=transcript.call.customer
    )
    if step is not Step.ARRIVAL and transcript.call.desk is None:
        return
    go = fork.asks(CallContext(transcript.call, world, transcript.call.started_at))
    assert go.to in fork.to


def test_a_number_that_is_nobodys_line_is_told_so() -> None:
    transcript = simulate(
        SimulationFacts(),
        "+4749999999",
        parse_number("+4749000001"),
        datetime(2026, 1, 5, tzinfo=UTC),
    )
    assert outcome_of(transcript.call) is CallOutcome.INFORMED
    assert transcript.call.desk is None


def test_the_duty_line_asks_nobody_for_a_customer_number() -> None:
    facts = shipped("brukarstotte")
    line = next(line for line in desk_of(facts).lines if line.kind is LineKind.DUTY)
    night = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
    transcript = simulate(facts, line.number, parse_number("anonymous"), night, ["1"])
    assert any(isinstance(decision.instruction, Ring) for decision in transcript.decisions)
