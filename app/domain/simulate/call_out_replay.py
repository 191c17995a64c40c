"""What those did and heard who were rung in a call-out, as lines of a transcript."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.callouts.call_out import CallOutEvent, CallOutPutOff, TicketAcknowledged
from app.domain.hunts.context import HuntHolder
from app.domain.hunts.effects import PlaceLeg, Trace
from app.domain.hunts.events import LegChanged, LegPressed
from app.domain.hunts.instructions import CallCaller, End, Instruction, Whisper
from app.domain.hunts.legs import CALLER_IS_THERE, ENDS
from app.domain.reasons import Code, Reason
from app.domain.roles import Role
from app.domain.simulate.record import TranscriptLine


@dataclass(slots=True)
class CallOutReplay:
    """Tells turn after turn of a call-out; remembers which legs are over and who talks."""

    holder: HuntHolder
    over: set[int] = field(default_factory=set)
    calls_back: CallCaller | None = None
    talks_since: dict[int, datetime] = field(default_factory=dict)

    def lines(
        self, at: datetime, event: CallOutEvent, trace: Trace, instruction: Instruction
    ) -> Iterator[TranscriptLine]:
        """Tell one turn: what somebody did, what followed, what was heard, and who is rung."""
        for word, what, seconds in self._deed(at, event, trace):
            yield TranscriptLine(word, what, at, seconds)
        for part in trace:
            yield TranscriptLine("why" if isinstance(part, Reason) else "does", part, at)
        yield from _heard(instruction, at)
        yield from self._heard_afterwards(at, event)
        for part in trace:
            if isinstance(part, PlaceLeg):
                yield TranscriptLine("rings", part.callee, at, part.seconds)
        if isinstance(instruction, CallCaller):
            leg = self.holder.hunt.leg(instruction.called)
            assert leg
            self.calls_back = instruction
            yield TranscriptLine("rings", leg.callee, at, instruction.ring_seconds)

    def _heard_afterwards(self, at: datetime, event: CallOutEvent) -> Iterator[TranscriptLine]:
        """What their end hears by itself when the caller is away again, or did not answer."""
        back = self.calls_back
        if back and isinstance(event, LegChanged) and back.called in self.over:
            self.calls_back = None
            yield from (TranscriptLine("hears", message, at) for message in back.then)

    def _deed(
        self, at: datetime, event: CallOutEvent, trace: Trace
    ) -> Iterator[tuple[str, str, int]]:
        match event:
            case LegPressed(leg, key) if key:
                yield self._key(leg, key, trace)
            case LegChanged(leg, status) if leg not in self.over:
                yield from self._end(at, leg, status)
            case TicketAcknowledged(name):
                yield ("taken", name, 0)
            case CallOutPutOff(name, _):
                yield ("put_off", name, 0)
            case _:
                pass

    def _key(self, leg_id: int, key: str, trace: Trace) -> tuple[str, str, int]:
        accepted = any(isinstance(part, Reason) and part.code is Code.ACCEPTED for part in trace)
        if accepted or key == "2":
            self.over.add(leg_id)
            return ("accepted" if accepted else "passed", "", 0)
        return ("keys", key, 0)

    def _end(self, at: datetime, leg_id: int, status: str) -> Iterator[tuple[str, str, int]]:
        leg = self.holder.hunt.leg(leg_id)
        if leg and leg.callee.role is Role.CALLER and status in CALLER_IS_THERE:
            since = self.talks_since.setdefault(leg_id, at)
            if status != "in-progress":
                self.over.add(leg_id)
                yield ("talks", "", round((at - since).total_seconds()))
        elif status in ENDS:
            self.over.add(leg_id)
            yield (ENDS[status].value, "", 0)


def _heard(instruction: Instruction, at: datetime) -> Iterator[TranscriptLine]:
    if isinstance(instruction, Whisper) and instruction.plays:
        yield TranscriptLine("plays", "", at)
    if isinstance(instruction, Whisper | CallCaller | End):
        yield from (TranscriptLine("hears", message, at) for message in instruction.says)
