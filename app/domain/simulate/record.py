"""What is written down of a call or a call-out: its turns, and the lines that tell them.

The turns are recorded while a call is simulated, or stored while it takes place; replay.py makes
the lines of both, and transcript.py writes them as text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from app.domain.callouts.call_out import CallOut, CallOutDecision, CallOutEvent
from app.domain.callouts.next_call_out import NextCallOut
from app.domain.calls.call import Call, Event
from app.domain.calls.decision import Decision
from app.domain.hunts.context import HuntHolder
from app.domain.hunts.effects import Effect, Trace
from app.domain.hunts.hunt import Callee
from app.domain.hunts.instructions import Instruction
from app.domain.reasons import Reason
from app.domain.texts.message import Message

E = TypeVar("E", Event, CallOutEvent)


@dataclass(frozen=True, slots=True)
class TurnRecord(Generic[E]):
    """One stored turn: what happened, what followed, and what was said or rung."""

    at: datetime
    event: E
    trace: Trace
    instruction: Instruction


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of a transcript: what kind it is, what it tells, and when."""

    word: str
    what: str | Message | Reason | Effect | Callee
    at: datetime
    seconds: int = 0


D = TypeVar("D", Decision, CallOutDecision)


@dataclass(slots=True)
class TranscriptOf(Generic[D]):
    """What was told of a call or a call-out: its lines, and all the turns' decisions."""

    lines: list[TranscriptLine] = field(default_factory=list, kw_only=True)
    decisions: list[D] = field(default_factory=list, kw_only=True)

    @property
    def effects(self) -> Iterator[Effect]:
        """Give every effect in order."""
        return (effect for decision in self.decisions for effect in decision.effects)

    @property
    def reasons(self) -> Iterator[Reason]:
        """Give every reason in order."""
        return (reason for decision in self.decisions for reason in decision.reasons)

    @property
    def rings(self) -> list[Callee]:
        """List whom it rang, in order."""
        return [line.what for line in self.lines if isinstance(line.what, Callee)]


@dataclass(slots=True)
class CallOutTranscript(TranscriptOf[CallOutDecision]):
    """A call-out, as it stands at last."""

    call_out: CallOut

    @property
    def holder(self) -> HuntHolder:
        """Return in what people are rung."""
        return self.call_out


@dataclass(slots=True)
class Transcript(TranscriptOf[Decision]):
    """A simulated call, as it stands at last.

    `call_outs` are those that followed it, and `next` what would be next, at `next_at`.
    """

    call: Call
    call_outs: list[CallOutTranscript] = field(default_factory=list)
    next: NextCallOut | None = None
    next_at: datetime | None = None

    @property
    def holder(self) -> HuntHolder:
        """Return in what people are rung."""
        return self.call
