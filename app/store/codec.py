"""Domain values as JSON and back. The columns that hold them are called Json in tables."""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from functools import cache, partial
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import Field, TypeAdapter
from pydantic_core import SchemaSerializer, core_schema

from app.domain.callouts.call_out import CallOut, CallOutEvent, is_call_out
from app.domain.calls.call import Call, Event
from app.domain.desks.customer import Customer
from app.domain.desks.known_outage import KnownOutage
from app.domain.hunts.effects import Effect
from app.domain.hunts.instructions import Instruction
from app.domain.hunts.world import NO_HISTORY, NO_STRANGERS, CallerHistory, Strangers
from app.domain.reasons import Reason
from app.domain.roster.gap_notices import NotifiedGap
from app.domain.texts.localized_text import LocalizedText
from app.domain.texts.message import Message
from app.domain.tickets.ticket import RingAgain
from app.domain.tickets.undo import Undoable
from app.domain.time.intervals import Interval, Intervals

T = TypeVar("T")

CALL: Final = TypeAdapter(Call)
CALL_OUT: Final = TypeAdapter(CallOut)
EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
CALL_OUT_EVENT: Final[TypeAdapter[CallOutEvent]] = TypeAdapter(
    Annotated[CallOutEvent, Field(discriminator="kind")]
)
INSTRUCTION: Final[TypeAdapter[Instruction]] = TypeAdapter(
    Annotated[Instruction, Field(discriminator="kind")]
)
TRACE: Final = TypeAdapter(tuple[Effect | Reason, ...])
MESSAGE: Final = TypeAdapter(Message)
CUSTOMERS: Final = TypeAdapter(tuple[Customer, ...])
CALLER_HISTORY: Final = TypeAdapter(CallerHistory)
STRANGERS: Final = TypeAdapter(Strangers)
OUTAGE: Final = TypeAdapter(KnownOutage)
TEXTS: Final = TypeAdapter(tuple[str, ...])
TOLD_GAPS: Final = TypeAdapter(tuple[NotifiedGap, ...])
RINGS_AGAIN: Final = TypeAdapter(tuple[RingAgain, ...])
PAUSES: Final = TypeAdapter(tuple[Interval, ...])
UNDOABLE: Final = TypeAdapter(Undoable)


def _writer(adapter: TypeAdapter[Any]) -> Callable[..., bytes]:
    """Return what writes values of a type as JSON."""
    return SchemaSerializer(_with_words_as_text(adapter.core_schema)).to_json


def _short_writer(adapter: TypeAdapter[Any]) -> Callable[[Any], bytes]:
    """Return what leaves out the fields that are as they begin: half of the text of most calls.

    What a field begins as is thereby part of what is stored: it stays the same for ever.
    """
    return partial(_writer(adapter), exclude_defaults=True)


def _with_words_as_text(schema: Any) -> Any:
    """Let words of closed sets be written as the texts that they are.

    pydantic asks each member for its value, in Python: half of what writing a call took.
    """
    match schema:
        case {"type": "enum", "sub_type": "str"}:
            return {**schema, "serialization": core_schema.simple_ser_schema("str")}
        case dict():
            return {key: _with_words_as_text(part) for key, part in schema.items()}
        case list() | tuple():
            return type(schema)(_with_words_as_text(part) for part in schema)
        case _:
            return schema


CALL_AS_JSON: Final = _short_writer(CALL)
CALL_OUT_AS_JSON: Final = _short_writer(CALL_OUT)
EVENT_AS_JSON: Final = _writer(EVENT)
CALL_OUT_EVENT_AS_JSON: Final = _writer(CALL_OUT_EVENT)
CUSTOMERS_AS_JSON: Final = _short_writer(CUSTOMERS)

# A sentence's value may be a text or an instant; plain JSON would make both a text.
INSTANT: Final = "$at"


def write_call(call: Call) -> str:
    """Write a call's whole state."""
    return CALL_WRITTEN.text_of(call)


def read_call(text: str) -> Call:
    """Read a call's whole state."""
    return CALL.validate_json(text)


def write_call_out(call_out: CallOut) -> str:
    """Write a call-out's whole state."""
    return CALL_OUT_AS_JSON(call_out).decode()


def read_call_out(text: str) -> CallOut:
    """Read a call-out's whole state."""
    return CALL_OUT.validate_json(text)


def write_state(held: Call | CallOut) -> str:
    """Write the whole state of a call or a call-out."""
    return write_call(held) if isinstance(held, Call) else write_call_out(held)


def read_state(sid: str, text: str) -> Call | CallOut:
    """Read the whole state of what has this sid."""
    return read_call_out(text) if is_call_out(sid) else read_call(text)


def write_event(event: Event | CallOutEvent) -> str:
    """Write an event."""
    return EVENT_WRITTEN.text_of(event)


def read_event(text: str) -> Event:
    """Read an event of a call."""
    return EVENT.validate_json(text)


def read_call_out_event(text: str) -> CallOutEvent:
    """Read an event of a call-out."""
    return CALL_OUT_EVENT.validate_json(text)


def write_instruction(instruction: Instruction) -> str:
    """Write what was spoken or rung."""
    return INSTRUCTION_WRITTEN.text_of(instruction)


def read_instruction(text: str) -> Instruction:
    """Read what was spoken or rung."""
    return INSTRUCTION.validate_python(_read(text))


def write_trace(trace: tuple[Effect | Reason, ...]) -> str:
    """Write reasons and effects in the order in which they arose."""
    return TRACE_WRITTEN.text_of(trace) if trace else "[]"


def read_trace(text: str) -> tuple[Effect | Reason, ...]:
    """Read reasons and effects in the order in which they arose."""
    return TRACE.validate_python(_read(text))


def write_undoable(undoable: Undoable) -> str:
    """Write a ticket as it was before a change that can be undone."""
    return UNDOABLE.dump_json(undoable).decode()


def read_undoable(text: str) -> Undoable:
    """Read how the last change of a ticket can be undone."""
    return UNDOABLE.validate_json(text)


def message_of(plain: object) -> Message:
    """Make a sentence of what `write_facts` wrote and `read_facts` read."""
    return MESSAGE.validate_python(plain)


def write_messages(messages: tuple[Message, ...]) -> str:
    """Write what somebody was told."""
    return _write({"messages": [asdict(each) for each in messages]})


def read_messages(text: str) -> tuple[Message, ...]:
    """Read what somebody was told."""
    stored = read_facts(text)["messages"]
    assert isinstance(stored, list)
    return tuple(message_of(each) for each in stored)


def write_customers(customers: tuple[Customer, ...]) -> str:
    """Write the customers whom a decision knew."""
    return CUSTOMERS_WRITTEN.text_of(customers) if customers else "[]"


def read_customers(text: str) -> tuple[Customer, ...]:
    """Read the customers whom a decision knew."""
    return CUSTOMERS.validate_json(text)


def write_caller_history(earlier: CallerHistory) -> dict[str, object]:
    """Write what was known of the caller's earlier calls, for `write_facts`; nothing of none."""
    return {} if earlier == NO_HISTORY else {"earlier": CALLER_HISTORY.dump_python(earlier)}


def read_caller_history(facts: dict[str, object]) -> CallerHistory:
    """Read what was known of the caller's earlier calls."""
    return CALLER_HISTORY.validate_python(facts.get("earlier", {}))


def write_strangers(strangers: Strangers) -> dict[str, object]:
    """Write what strangers have caused in the last hour, for `write_facts`; nothing of none."""
    return {} if strangers == NO_STRANGERS else {"strangers": STRANGERS.dump_python(strangers)}


def read_strangers(facts: dict[str, object]) -> Strangers:
    """Read what strangers had caused."""
    return STRANGERS.validate_python(facts.get("strangers", {}))


def write_outage(outage: KnownOutage | None) -> dict[str, object]:
    """Write the outage that the desk knew of, for `write_facts`; nothing of none."""
    return {} if outage is None else {"outage": OUTAGE.dump_python(outage)}


def read_outage(facts: dict[str, object]) -> KnownOutage | None:
    """Read the outage that the desk knew of."""
    stored = facts.get("outage")
    return None if stored is None else OUTAGE.validate_python(stored)


def write_words(words: LocalizedText) -> str:
    """Write words in several languages."""
    return json.dumps(dict(words.by_language), ensure_ascii=False)


def read_words(text: str) -> LocalizedText:
    """Read words in several languages."""
    return LocalizedText(tuple(json.loads(text).items())) if text != "{}" else LocalizedText()


def write_texts(texts: tuple[str, ...]) -> str:
    """Write a list of plain texts."""
    return json.dumps(texts, ensure_ascii=False)


def read_texts(text: str) -> tuple[str, ...]:
    """Read a list of plain texts."""
    return TEXTS.validate_json(text) if text != "[]" else ()


def write_rings_again(rings: tuple[RingAgain, ...]) -> str:
    """Write who asked to be rung again about a ticket."""
    return RINGS_AGAIN.dump_json(rings).decode()


def read_rings_again(text: str) -> tuple[RingAgain, ...]:
    """Read who asked to be rung again about a ticket."""
    return RINGS_AGAIN.validate_json(text)


def write_pauses(pauses: Intervals) -> str:
    """Write in which stretches of time a ticket's clocks stood."""
    return PAUSES.dump_json(pauses).decode()


def read_pauses(text: str) -> Intervals:
    """Read in which stretches of time a ticket's clocks stood."""
    return PAUSES.validate_json(text)


def write_told_gaps(gaps: tuple[NotifiedGap, ...]) -> str:
    """Write of which gaps somebody knows."""
    return TOLD_GAPS.dump_json(gaps).decode()


def read_notified_gaps(text: str) -> tuple[NotifiedGap, ...]:
    """Read of which gaps somebody knows."""
    return TOLD_GAPS.validate_json(text)


def write_facts(**facts: object) -> str:
    """Write what a row knows beside its columns."""
    return _write(facts)


def read_facts(text: str) -> dict[str, object]:
    """Read what a row knows beside its columns."""
    facts = _read(text)
    assert isinstance(facts, dict)
    return facts


def _write(plain: object) -> str:
    return ENCODER.encode(plain)


def _read(text: str) -> object:
    return DECODER.decode(text)


def _marked(value: object) -> object:
    if isinstance(value, datetime):
        return {INSTANT: value.isoformat()}
    kind: Any = type(value)
    if names := _names_of(kind):
        return {name: getattr(value, name) for name in names}
    raise TypeError(f"no JSON for {value!r}")


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    """Return the names of a dataclass's fields; of anything else none."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _unmarked(found: dict[str, object]) -> object:
    instant = found.get(INSTANT)
    return datetime.fromisoformat(instant) if isinstance(instant, str) else found


ENCODER: Final = json.JSONEncoder(ensure_ascii=False, default=_marked, separators=(",", ":"))
DECODER: Final = json.JSONDecoder(object_hook=_unmarked)


def _event_as_text(event: Event | CallOutEvent) -> str:
    write = EVENT_AS_JSON if isinstance(event, Event) else CALL_OUT_EVENT_AS_JSON
    return write(event).decode()


class WrittenLast(threading.local, Generic[T]):
    """What this thread wrote last: a turn stores its call and its answer twice, once as checkpoint,
    and writes what it can before it waits for others.

    What is written never changes, so that the same object is the same text.
    """

    def __init__(self, write: Callable[[T], str]) -> None:
        self._write = write
        self._value: T | None = None
        self._text = ""

    def text_of(self, value: T) -> str:
        """Return the value as text."""
        if value is not self._value:
            self._value, self._text = None, self._write(value)
            self._value = value
        return self._text


CALL_WRITTEN: Final = WrittenLast[Call](lambda call: CALL_AS_JSON(call).decode())
INSTRUCTION_WRITTEN: Final = WrittenLast[Instruction](_write)
TRACE_WRITTEN: Final = WrittenLast[tuple[Effect | Reason, ...]](_write)
CUSTOMERS_WRITTEN: Final = WrittenLast[tuple[Customer, ...]](
    lambda customers: CUSTOMERS_AS_JSON(customers).decode()
)
EVENT_WRITTEN: Final = WrittenLast[Event | CallOutEvent](_event_as_text)
