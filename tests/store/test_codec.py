"""What is stored as JSON comes back as the same value."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.domain.calls.call import Arrived, Call, Event, HungUp, Pressed, Recorded, RingEnded
from app.domain.desks.desk import Priority
from app.domain.hunts.effects import Effect, OpenTicket, SendSms
from app.domain.hunts.events import LegPressed
from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome
from app.domain.hunts.instructions import Ask
from app.domain.numbers import parse_number
from app.domain.reasons import Code, Reason
from app.domain.roles import Role
from app.domain.texts.message import Message, MessageRef
from app.domain.tickets.opening import NewTicket
from app.domain.tickets.ticket import Source
from app.store.codec import (
    CALL,
    message_of,
    read_call,
    read_event,
    read_facts,
    read_instruction,
    read_trace,
    write_call,
    write_event,
    write_facts,
    write_instruction,
    write_trace,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
instants = st.datetimes(timezones=st.just(UTC))
values = st.one_of(texts, st.integers(-(10**9), 10**9), instants, st.builds(MessageRef, texts))
sentences = st.builds(
    Message, texts, texts, st.lists(st.tuples(texts, values), max_size=3).map(tuple)
)
effects = st.one_of(
    st.builds(SendSms, texts, sentences, texts, st.none() | texts),
    st.builds(
        OpenTicket,
        st.builds(
            NewTicket,
            st.sampled_from(Source),
            st.sampled_from(Priority),
            subject=texts,
            customer=st.none() | texts,
            agreement=st.none() | texts,
        ),
    ),
)
reasons = st.builds(
    Reason, st.sampled_from(Code), st.lists(st.tuples(texts, values), max_size=3).map(tuple)
)


@given(st.lists(sentences, max_size=3).map(tuple))
def test_a_script_comes_back_as_it_was(says: tuple[Message, ...]) -> None:
    instruction = Ask(says, 5)
    assert read_instruction(write_instruction(instruction)) == instruction


@given(st.lists(effects | reasons, max_size=4).map(tuple))
def test_a_story_comes_back_as_it_was(trace: tuple[Effect | Reason, ...]) -> None:
    assert read_trace(write_trace(trace)) == trace


@given(st.sampled_from(Priority), st.sampled_from(LegOutcome), st.sampled_from(Role))
def test_a_call_is_written_as_pydantic_writes_what_differs_and_comes_back(
    priority: Priority, outcome: LegOutcome, role: Role
) -> None:
    callee = Callee("driftsvakt-1", "Driftsvakt 1", "+4749005701", role, "nb")
    hunt = Hunt(legs=(Leg(1, callee, outcome),))
    started_at = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
    caller = parse_number("+4749005001")
    call = Call("CA1", "+4720000500", caller, started_at, priority=priority, hunt=hunt)
    assert write_call(call) == CALL.dump_json(call, exclude_defaults=True).decode()
    assert read_call(write_call(call)) == call


@given(
    st.one_of(
        st.builds(Arrived),
        st.builds(Pressed, texts, st.booleans()),
        st.builds(Recorded, st.integers(0, 999), texts, st.booleans()),
        st.builds(RingEnded, texts, st.none() | st.booleans(), texts, st.booleans()),
        st.builds(LegPressed, st.integers(1, 99), texts),
        st.builds(HungUp, texts),
    )
)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    assert read_event(write_event(event)) == event


def test_a_text_that_looks_like_an_instant_stays_a_text() -> None:
    at = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
    message = Message("k", "nb", (("said", at.isoformat()), ("meant", at)))
    instruction = Ask((message,), 5)
    assert read_instruction(write_instruction(instruction)) == instruction
    facts = read_facts(write_facts(message={"key": "k", "language": "nb", "values": []}, at=at))
    assert message_of(facts["message"]) == Message("k", "nb")
    assert facts["at"] == at
