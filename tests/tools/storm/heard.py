"""What the network heard: each call, each telephone that rang, each message. Frozen facts.

Nothing of the product stands behind them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from exchange.exchange import Exchange
from exchange.records.calls import CallResource, Direction
from exchange.records.transcript import Event, Kind
from tests.tools.storm import sentences
from tests.tools.storm.plan import PlannedCall


class Ending(StrEnum):
    """How a call ended for the caller, as they would tell it."""

    HUMAN = "a human"
    MESSAGE = "a message"
    HONEST = "an honest sentence"
    LEFT = "hung up themselves"
    LOST = "nothing"


@dataclass(frozen=True, slots=True)
class Heard:
    """One caller's call from beginning to end."""

    sid: str
    story: str
    caller: str
    line: str
    script: tuple[str, ...]
    status: str
    events: tuple[Event, ...]

    def of(self, *kinds: Kind) -> Iterator[Event]:
        return (event for event in self.events if event.kind in kinds)

    @property
    def heard(self) -> list[str]:
        """The sentences that the caller heard, in order."""
        return [str(event.facts["text"]) for event in self.of(Kind.HEARS)]

    @property
    def numbers(self) -> list[int]:
        """The ticket numbers that the caller was told."""
        keys = sentences.WITH_NUMBER
        return [n for text in self.heard for key in keys for n in sentences.numbers_in(text, key)]

    @property
    def offered(self) -> list[int]:
        """Open tickets of theirs that the caller was asked about."""
        return [n for text in self.heard for n in sentences.numbers_in(text, "same_ticket")]

    @property
    def is_registered(self) -> bool:
        """Whether the caller was told that their case is registered."""
        return any(sentences.says(key, text) for text in self.heard for key in sentences.REGISTERED)

    @property
    def was_promised_sms(self) -> bool:
        return any(sentences.says("ticket_by_sms", text) for text in self.heard)

    @property
    def talks(self) -> list[str]:
        """The legs with which the caller has talked."""
        return [str(event.facts["leg"]) for event in self.of(Kind.TALKS)]

    @property
    def messages(self) -> list[str]:
        """The recordings that were made of the caller's voice."""
        made = self.of(Kind.RECORDS)
        return [str(e.facts["recording"]) for e in made if e.facts["status"] == "completed"]

    @property
    def used_lifeline(self) -> bool:
        """Whether something inside had failed so far that the lifeline answered."""
        said = any(sentences.says("lifeline_sorry", text) for text in self.heard)
        turns = (str(event.facts["url"]) for event in self.of(Kind.TURN))
        return said or any("/twilio/lifeline/" in url for url in turns)

    @property
    def first_ring(self) -> float | None:
        """Seconds from the call's beginning to the first ring, all waiting for us included."""
        waited = 0.0
        for event in self.events:
            if event.kind in (Kind.RINGS, Kind.ENQUEUED):
                return event.at + waited / 1000
            if event.kind is Kind.TURN:
                waited += float(str(event.facts["waited_ms"]))
        return None

    @property
    def ending(self) -> Ending:
        if self.talks:
            return Ending.HUMAN
        if self.messages:
            return Ending.MESSAGE
        if any(event.facts.get("by") == "caller" for event in self.of(Kind.HANGS_UP)):
            return Ending.LEFT
        if any(self.of(Kind.APPLICATION_ERROR)) or not self.heard:
            return Ending.LOST
        last = " ".join(self.heard[-2:])
        is_honest = any(sentences.says(key, last) for key in sentences.HONEST)
        return Ending.HONEST if is_honest else Ending.LOST


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone that rang: as a leg of a call, or as a call that the product placed."""

    sid: str
    parent: str | None  # the caller's call, where it rang on its line
    number: str
    whispers: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def has_pressed_1(self) -> bool:
        return "1" in self.keys


@dataclass(frozen=True, slots=True)
class Sms:
    """A message that has left the system."""

    sid: str
    to: str
    body: str


@dataclass(frozen=True, slots=True)
class Network:
    """Everything that the network heard in one storm."""

    calls: tuple[Heard, ...]
    phones: tuple[Phone, ...]
    messages: tuple[Sms, ...]
    recordings: frozenset[str]  # that nobody has deleted there


def listen(exchange: Exchange, placed: dict[str, PlannedCall]) -> Network:
    """What the network has heard; `placed` are the callers by the sid of their call."""
    book = exchange.network.calls.all()
    calls = [_heard(exchange.find(sid), planned) for sid, planned in placed.items()]
    phones = [_phone(call) for call in book if call.direction is not Direction.INBOUND]
    out = [m for m in exchange.messages() if m.direction == "outbound-api"]
    return Network(
        calls=tuple(calls),
        phones=tuple(phones),
        messages=tuple(Sms(m.sid, m.to, m.body) for m in out),
        recordings=frozenset(each.sid for each in exchange.network.recordings.all()),
    )


def _heard(call: CallResource, planned: PlannedCall) -> Heard:
    return Heard(
        sid=call.sid,
        story=planned.story,
        caller=planned.caller,
        line=planned.line,
        script=planned.script,
        status=call.status.value,
        events=call.transcript.events(),
    )


def _phone(call: CallResource) -> Phone:
    """A leg shares its caller's transcript, and says there which leg it is."""
    events = call.transcript.events()
    if call.parent_sid:
        mine = [event for event in events if event.facts.get("leg") == call.sid]
        heard, pressed = Kind.WHISPER_HEARS, Kind.LEG_PRESSES
    else:
        mine, heard, pressed = list(events), Kind.HEARS, Kind.PRESSES
    return Phone(
        sid=call.sid,
        parent=call.parent_sid,
        number=call.called,
        whispers=tuple(str(e.facts["text"]) for e in mine if e.kind is heard),
        keys=tuple(str(e.facts["keys"]) for e in mine if e.kind is pressed),
    )
