"""The same case again, and ceilings per caller: what holds whatever caller and ringing do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calls.call import CallOutcome, Step, outcome_of
from app.domain.desks.desk import Priority
from app.domain.hunts.effects import JoinTicket, OpenTicket, SendSms
from app.domain.hunts.instructions import Ring, Whisper
from app.domain.hunts.world import CallerHistory
from app.domain.numbers import parse_number
from app.domain.reasons import Code
from app.domain.roles import Role
from app.domain.simulate.record import Transcript
from app.domain.simulate.simulation import RingResult, SimulationFacts, simulate
from app.domain.texts.message import Message, nth
from app.domain.tickets.targets import Deadlines
from app.domain.tickets.ticket import Ticket
from tests.support.shipped_desks import desk_of, shipped
from tests.support.told_calls import acknowledged_by, open_ticket_of

DUTY, NURSING_HOME, SWITCHBOARD = "+4720000210", "+4749002001", "+4720002101"
NIGHT = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)
VAKT_2 = "+4749002702"

MOMENTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
RINGING = st.lists(
    st.builds(
        RingResult,
        st.sampled_from(["accepted", "passed", "unconfirmed", "no_answer", "busy", "failed"]),
        st.integers(0, 300),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
FACTS = shipped("brukarstotte")


@st.composite
def cases(draw: st.DrawFn) -> Ticket:
    """A caller's ticket, acknowledged or not."""
    priority = draw(st.sampled_from(Priority))
    agreement = draw(st.sampled_from([None, "standard", "one that is gone"]))
    ticket = open_ticket_of(desk_of(FACTS), draw(st.integers(1001, 9999)), priority, agreement)
    by = draw(st.sampled_from(["", "vakt-1", "vakt-2", "Første linje 1", "who has left"]))
    on_number = draw(st.sampled_from(["", "+4720002701", VAKT_2, "+4749999999"]))
    due = Deadlines(draw(st.none() | MOMENTS), None)
    customer = draw(st.sampled_from([None, "2001", "9999"]))
    ticket = replace(ticket, due=due, customer=customer, calls=draw(st.integers(1, 20)))
    return acknowledged_by(ticket, by, on_number) if by else ticket


CASES = cases()
CRITICAL = open_ticket_of(desk_of(FACTS), 1042, Priority.CRITICAL, None)


def phones(
    earlier: CallerHistory,
    keys: list[str],
    ringing: list[RingResult],
    at: datetime = NIGHT,
    caller: str = NURSING_HOME,
    line: str = DUTY,
    talking: frozenset[str] = frozenset(),
) -> Transcript:
    facts = SimulationFacts(FACTS.desk, FACTS.roster, FACTS.customers, talking, earlier)
    return simulate(facts, line, parse_number(caller), at, keys, ringing)


def heard(transcript: Transcript) -> list[str]:
    return [line.what.key for line in transcript.lines if isinstance(line.what, Message)]


@settings(max_examples=100)
@given(
    CASES,
    MOMENTS,
    RINGING,
    st.lists(st.sampled_from(["speak 9", "-", "1", "0", "5"]), max_size=6),
    st.sampled_from([line.number for line in desk_of(FACTS).lines]),
)
def test_a_call_that_joins_a_case_opens_none_and_writes_to_nobody(
    case: Ticket, at: datetime, ringing: list[RingResult], keys: list[str], line: str
) -> None:
    transcript = phones(CallerHistory(recent_ticket=case), ["1", *keys], ringing, at, line=line)
    effects = list(transcript.effects)
    left = [e for e in effects if isinstance(e, SendSms) and e.message.key == "sms_message_again"]
    if left:
        assert (case.priority, bool(case.acknowledged)) == (Priority.CRITICAL, True)
        assert transcript.call.has_message, "of nothing else"
        effects = [e for e in effects if e not in left]
    assert [e for e in effects if isinstance(e, JoinTicket)] == [
        JoinTicket(case.number, case.calls + 1)
    ]
    assert not [e for e in effects if isinstance(e, OpenTicket | SendSms)]
    assert transcript.call.ticket
    assert transcript.call.ticket.number == case.number
    assert outcome_of(transcript.call) is not CallOutcome.FAILED
    assert transcript.call.has_ended


@settings(max_examples=100)
@given(CASES, MOMENTS, RINGING)
def test_whoever_has_the_case_is_rung_first_and_nobody_twice(
    case: Ticket, at: datetime, ringing: list[RingResult]
) -> None:
    transcript = phones(CallerHistory(recent_ticket=case), ["1"], ringing, at)
    rung = transcript.rings
    ours = {phone.number for phone in desk_of(FACTS).first_line.phones}
    assert FACTS.roster
    ours |= {number for person in FACTS.roster.people for number in person.numbers}
    ours |= set(FACTS.roster.last_resort)
    assert {callee.number for callee in rung} <= ours, "never a number that has left the roster"
    this_hunt = [leg.callee.number for leg in transcript.call.hunt.own_legs]
    assert len(set(this_hunt)) == len(this_hunt)
    if case.acknowledged_by in ("vakt-1", "vakt-2", "Første linje 1"):
        assert (rung[0].person, rung[0].role) == (case.acknowledged_by, Role.TICKET_OWNER)
    else:
        assert all(callee.role is not Role.TICKET_OWNER for callee in rung)


@settings(max_examples=30)
@given(CASES, RINGING)
def test_everybody_who_is_rung_hears_which_call_it_is(
    case: Ticket, ringing: list[RingResult]
) -> None:
    transcript = phones(CallerHistory(recent_ticket=case), ["1"], ringing)
    whispers = [d.instruction for d in transcript.decisions if isinstance(d.instruction, Whisper)]
    for whisper in whispers:
        first, *rest = whisper.says
        assert first.key in ("whisper_critical", "whisper_call"), "which desk, how bad: first"
        which = [dict(s.values)["calls"] for s in rest if s.key == "whisper_which_call"]
        assert which == [nth(case.calls + 1)]


def test_the_number_on_which_they_took_it_is_rung_where_it_is_still_theirs() -> None:
    for took_it, rung in (("+4720002701", "+4720002701"), (VAKT_2, "+4749002701")):
        case = acknowledged_by(CRITICAL, "vakt-1", took_it)
        transcript = phones(CallerHistory(recent_ticket=case), ["1"], [RingResult("accepted")])
        assert transcript.rings[0].number == rung


def test_who_talks_on_another_call_is_not_disturbed_first() -> None:
    case = acknowledged_by(CRITICAL, "vakt-2")
    transcript = phones(
        CallerHistory(recent_ticket=case),
        ["1"],
        [RingResult("no_answer")],
        talking=frozenset({VAKT_2}),
    )
    assert transcript.rings[0].number != VAKT_2


@settings(max_examples=30)
@given(CASES, st.sampled_from(["2", "3", "5", "8", "#"]), RINGING)
def test_any_other_key_is_a_new_case(case: Ticket, key: str, ringing: list[RingResult]) -> None:
    transcript = phones(CallerHistory(recent_ticket=case), [key, "1"], ringing)
    assert sum(isinstance(effect, OpenTicket) for effect in transcript.effects) == 1
    assert not any(isinstance(effect, JoinTicket) for effect in transcript.effects)
    assert Code.NEW_TICKET in {reason.code for reason in transcript.reasons}


@given(CASES, st.sampled_from([SWITCHBOARD]))
@settings(max_examples=20)
def test_behind_a_switchboard_nobody_hears_of_anothers_case(case: Ticket, caller: str) -> None:
    transcript = phones(
        CallerHistory(recent_ticket=case), ["1"], [RingResult("accepted")], caller=caller
    )
    assert "same_ticket" not in heard(transcript)


@settings(max_examples=50)
@given(
    st.booleans(),
    st.booleans(),
    st.integers(0, 60),
    st.sampled_from([NURSING_HOME, SWITCHBOARD, "+4749002099"]),
    MOMENTS,
)
def test_who_has_an_open_critical_ticket_is_never_held_off_and_who_calls_too_often_is(
    has_critical: bool, blocked: bool, calls: int, caller: str, at: datetime
) -> None:
    earlier = CallerHistory(None, has_critical, calls, blocked)
    transcript = phones(earlier, ["1"], [RingResult("accepted")], at, caller)
    too_often = calls >= desk_of(FACTS).ceilings.calls_per_hour and caller != SWITCHBOARD
    may_speak = heard(transcript)[0] == "too_often_speak"
    assert (transcript.call.step is Step.SCREENED or may_speak) == (
        (blocked or too_often) and not has_critical
    )
    if may_speak:
        assert not blocked
        assert heard(transcript)[1:] == ["no_keys_silence"], "nothing was said after the tone"
        assert outcome_of(transcript.call) is CallOutcome.INFORMED
    if transcript.call.step is Step.SCREENED:
        assert heard(transcript) == ["screened"], "told politely"
        assert outcome_of(transcript.call) is CallOutcome.INFORMED
        assert not list(transcript.effects)


# --- no keys -----------------------------------------------------------------------------


@settings(max_examples=60)
@given(
    MOMENTS,
    st.sampled_from(["-", "7", "5"]),
    st.sampled_from(["speak", "noise"]),
    st.integers(0, 20),
    st.sampled_from([line.number for line in desk_of(FACTS).lines]),
)
def test_only_three_seconds_of_sound_make_a_ticket_of_a_call_without_keys(
    at: datetime, key: str, word: str, seconds: int, line: str
) -> None:
    transcript = phones(
        CallerHistory(),
        [key, key, key, f"{word} {seconds}"],
        [RingResult("no_answer")],
        at,
        caller="+4749002099",
        line=line,
    )
    if "no_keys_speak" not in heard(transcript):
        return  # by day somebody answers instead
    assert (transcript.call.ticket is not None) == (word == "speak" and seconds >= 3)
    if transcript.call.ticket is None:
        assert not transcript.rings, "silence wakes nobody"
    else:
        assert transcript.call.ticket.no_keys
        assert bool(transcript.rings) == (line == DUTY)


@pytest.mark.parametrize("line", [line.number for line in desk_of(FACTS).lines])
def test_without_keys_everybody_hears_the_tone_at_night(line: str) -> None:
    transcript = phones(CallerHistory(), ["-", "-", "-"], [RingResult("no_answer")], line=line)
    assert "no_keys_speak" in heard(transcript)
    assert not any(isinstance(decision.instruction, Ring) for decision in transcript.decisions)
