"""Whatever happens in call-outs, late, twice, out of order: nobody is woken twice, nothing
sleeps.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.callouts.call_out import (
    CallOutBegan,
    CallOutEvent,
    CallOutPutOff,
    TicketAcknowledged,
)
from app.domain.callouts.next_call_out import Escalate, Stop
from app.domain.hunts.effects import AcknowledgeTicket, CallOutUnanswered, MissedCallOut, PlaceLeg
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import CallCaller
from app.domain.numbers import parse_number
from app.domain.roles import Role
from app.domain.simulate.record import Transcript
from app.domain.simulate.simulation import CallSimulation, RingResult
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message
from app.domain.tickets.ticket import RingAgain
from app.voice_prompts import texts
from tests.domain.callouts.a_call_out import DUTY_LINE, NIGHT, ACallOut, a_call_out, a_ticket
from tests.support.call_out_facts import CallOutsOnFacts
from tests.support.shipped_desks import shipped
from tests.support.walk_call_outs import CalledBack, LegAttempt, walk_call_outs

LEGS = st.integers(1, 7)
KEYS = st.sampled_from(["", "1", "2", "3", "*", "0", "9", "#"])
STATUSES = st.sampled_from(
    ["initiated", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled"]
)
PAUSE = RingAgain("vakt-1", NIGHT, NIGHT + timedelta(minutes=15))
EVENTS: st.SearchStrategy[CallOutEvent] = st.one_of(
    st.builds(LegAnswered, LEGS, st.just("CA-x")),
    st.builds(LegPressed, LEGS, KEYS),
    st.builds(LegPressed, LEGS, st.just("1")),
    st.builds(LegChanged, LEGS, STATUSES, st.sampled_from(["", "CA-x"])),
    st.builds(CallOutBegan),
    st.builds(TicketAcknowledged, st.just("Vakt 3")),
    st.builds(CallOutPutOff, st.just("Vakt 1"), st.just(PAUSE)),
)
TAKEN = st.sampled_from([None, None, None, "Vakt 3"])
MISSED = st.frozensets(st.sampled_from(["vakt-1", "vakt-2", "+4749002790"]))
TALKING = st.frozensets(st.sampled_from(["+4749002701", "+4749002702"]))
TICKET = a_ticket()


@st.composite
def call_outs(draw: st.DrawFn) -> ACallOut:
    """A call-out in which anything happens, while facts change between any two turns."""
    night = a_call_out(TICKET)
    for event in draw(st.lists(EVENTS, max_size=30)):
        missed, talking = draw(MISSED), draw(TALKING)
        taken = night.facts.acknowledged_by or draw(TAKEN)
        night.facts = replace(night.facts, missed=missed, talking=talking, acknowledged_by=taken)
        night.does(event)
        if any(isinstance(e, AcknowledgeTicket) for e in night.decisions[-1].effects):
            by = night.call_out.leg(night.call_out.hunt.acknowledged_leg or 0)
            assert by
            night.facts = replace(night.facts, acknowledged_by=by.callee.name)
    return night


def rung(night: ACallOut) -> list[str]:
    return [leg.callee.number for leg in night.call_out.legs if leg.callee.role is not Role.CALLER]


@settings(max_examples=75, deadline=None)
@given(call_outs())
def test_everybody_is_rung_at_most_once_and_never_two_at_a_time(night: ACallOut) -> None:
    assert len(set(rung(night))) == len(rung(night))
    for decision in night.decisions:
        ringing = [x for x in decision.call_out.ringing if x.callee.role is not Role.CALLER]
        assert len(ringing) <= 1
    placed = [effect.leg for effect in night.effects if isinstance(effect, PlaceLeg)]
    assert len(set(placed)) == len(placed)


@settings(max_examples=75, deadline=None)
@given(call_outs())
def test_one_person_takes_the_ticket_and_nobody_is_rung_after_that(night: ACallOut) -> None:
    taken = [i for i, d in enumerate(night.decisions) if AcknowledgeTicket in map(type, d.effects)]
    assert len(taken) <= 1
    for decision in night.decisions[taken[0] :] if taken else ():
        assert not [effect for effect in decision.effects if isinstance(effect, PlaceLeg)]
        assert decision.call_out.has_ended
    called = [i for i, d in enumerate(night.decisions) if isinstance(d.instruction, CallCaller)]
    assert not called or (taken and taken[0] < called[0]), "never before somebody has it"


@settings(max_examples=75, deadline=None)
@given(call_outs())
def test_a_round_tells_once_what_it_came_to(night: ACallOut) -> None:
    over = [effect for effect in night.effects if isinstance(effect, CallOutUnanswered)]
    assert len(over) <= 1
    missed = [effect.person for effect in night.effects if isinstance(effect, MissedCallOut)]
    assert len(set(missed)) == len(missed)
    sent = [sms.dedup for sms in night.messages]
    assert len(set(sent)) == len(sent)
    rings_on = bool([x for x in night.call_out.ringing if x.callee.role is not Role.CALLER])
    assert rings_on is not night.call_out.has_ended
    accepted = [leg for leg in night.call_out.legs if leg.outcome is LegOutcome.ACCEPTED]
    assert len([leg for leg in accepted if leg.callee.role is not Role.CALLER]) <= 1


# --- whole nights -----------------------------------------------------------------------

BACK = st.builds(CalledBack, st.sampled_from(["talks", "no_answer", "busy"]), st.integers(0, 300))
ATTEMPTS = st.builds(
    LegAttempt,
    st.sampled_from(
        ["no_answer", "no_answer", "unconfirmed", "busy", "failed", "passed", "accepted", "taken"]
    ),
    keys=st.sampled_from(["", "3", "*", "9*"]),
    after=st.sampled_from(["", "3", "33", "*3"]),
    back=st.lists(BACK, max_size=2).map(tuple),
    by=st.just("Vakt 3"),
)
CALLS = st.sampled_from(
    [
        (("1", "speak 20"), "no_answer"),
        (("1",), "caller_hangs_up"),
        (("1",), "unconfirmed"),
        (("-", "-", "-", "speak 5"), "busy"),
        (("1", "speak 5"), "accepted"),
    ]
)
CALLERS = st.sampled_from(["+4749002001", "anonymous", "+46701740605", "02800", "+4720002101"])


@st.composite
def nights(draw: st.DrawFn) -> Transcript:
    """A critical call and all the call-outs that follow it, whoever answers."""
    answers, ringing = draw(CALLS)
    house = CallOutsOnFacts(shipped("brukarstotte"))
    caller = parse_number(draw(CALLERS))
    transcript = CallSimulation(
        house, DUTY_LINE, caller, NIGHT, answers, (RingResult(ringing),)
    ).run()
    planned = draw(st.lists(st.lists(ATTEMPTS, min_size=1, max_size=5), min_size=20, max_size=20))
    return walk_call_outs(house, transcript, planned)


def took(transcript: Transcript) -> bool:
    return any(isinstance(effect, AcknowledgeTicket) for effect in transcript.effects) or any(
        line.word == "taken" for line in transcript.lines
    )


@settings(max_examples=30, deadline=None)
@given(nights())
def test_every_critical_ticket_is_accepted_or_alarmed_and_then_has_no_more_rounds(
    transcript: Transcript,
) -> None:
    parts = [transcript, *transcript.call_outs]
    assert transcript.next
    assert not any(took(part) for part in parts[:-1])
    assert isinstance(transcript.next, Stop if took(parts[-1]) else Escalate)
    assert [simulated.call_out.number for simulated in transcript.call_outs] == list(
        range(1, len(transcript.call_outs) + 1)
    )
    begun = [simulated.call_out.started_at for simulated in transcript.call_outs]
    assert all(after > before for before, after in pairwise(begun))


@settings(max_examples=25, deadline=None)
@given(nights())
def test_everything_that_is_said_in_a_round_can_be_said(transcript: Transcript) -> None:
    words: Texts = texts()
    for simulated in transcript.call_outs:
        for line in simulated.lines:
            if isinstance(line.what, Message):
                said = words.render(line.what, now=line.at, time_zone="Europe/Oslo", spoken=True)
                assert said
                assert not set(said) & set("{}")
