"""What is stored as JSON comes back as the same value."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.domain.callouts.call_out import CallOut
from app.domain.calls.call import Arrived, Call, Event, HungUp, Pressed, Recorded, RingEnded
from app.domain.desks.customer import Customer
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

# By class. A row that was stored without a field is read with what stands here: none of it ever
# changes, and a field that is new comes with what it means for the calls of before.
BEGINNINGS = {
    "Acknowledged": 'person="" on_number=""',
    "Assignee": 'id=""',
    "Call": (
        'desk=null kind=null step="arrival" turn=0 language="nb" misses=0 priority=null '
        "customer=null agreement=null recent_ticket=null ticket=null joined=0 hunt={} "
        "talked=false informed=false caller_notified=false number_sent=false outage=null "
        'pin_asked=false staff="" staff_ticket=0 staff_question=null will_be_told=false '
        'for_duty=false wants_human=false message_seconds=0 heard_seconds=0 recording="" '
        "hung_up=false ended_at=null"
    ),
    "CallOut": 'recording="" hunt={} ended_at=null',
    "Contact": 'number={"digits":"","kind":"withheld"} name="" email=""',
    "Customer": 'phones=[] shared_phones=[] caller_class="" owner="" mail_domains=[]',
    "Deadlines": "workaround_stops=false",
    "Hunt": (
        "legs=[] start=0 accepted_leg=null first_choice=null in_order=false unbridged=null "
        "acknowledged_leg=null talks_back=false duty_notified=[] rate_limited=null"
    ),
    "Leg": 'outcome="ringing" heard=0 sid="" own_call=false placed=false for_stranger=false',
    "StaffQuestion": 'about=0 when=null person=""',
    "Ticket": (
        'number=0 status="open" contact={} subject="" customer=null agreement=null '
        'due={"respond_by":null,"solve_by":null} pauses=[] paused_since=null '
        "responded_at=null workaround_at=null agreed_solve_by=null escalation_held_at=null "
        'escalation_held_until=null is_urgent=false wakes_duty="by_agreement" '
        "priority_set_at=null acknowledged=null released_at=null passed_on_by=[] "
        'rings_again=[] closed=null work={} line="" language="" no_keys=false call_sid=null '
        "calls=0 call_outs_made=0 next_call_out_at=null"
    ),
    "Work": (
        'state="" since=null moved_by="" assignee=null group="" version=1 changed_by="" '
        "changed_at=null"
    ),
}

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
    assert read_call(CALL.dump_json(call).decode()) == call, "with every field, it is the same"


def test_what_a_field_begins_as_stays_what_it_was_when_calls_were_stored_without_it() -> None:
    parts = _parts(Call) | _parts(CallOut) | _parts(Customer)
    begins = {kind.__name__: " ".join(_beginnings(kind)) for kind in parts}
    assert {name: told for name, told in begins.items() if told} == BEGINNINGS


def _parts(kind: Any) -> set[Any]:
    """The classes whose values may be in a value of this one, itself among them."""
    if not is_dataclass(kind):
        return set().union(*map(_parts, get_args(kind)))
    return {kind}.union(*map(_parts, get_type_hints(kind).values()))


def _beginnings(kind: Any) -> list[str]:
    begun = [field for field in fields(kind) if field.default is not MISSING]
    return [f"{field.name}={_written(field.default)}" for field in begun]


def _written(value: object) -> str:
    return TypeAdapter(type(value)).dump_json(value, exclude_defaults=True).decode()


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
