"""A call that really took place as a transcript: from its stored events, instructions and traces.

Simulated calls are told by it too; transcript.py writes the lines as text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.domain.callouts.call_out import CallOut, CallOutEvent
from app.domain.calls.call import Call, Event, HungUp, PinEntered, Pressed, Recorded, RingEnded
from app.domain.hunts.context import HuntHolder
from app.domain.hunts.effects import Effect
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.hunts.hunt import Callee, LegOutcome
from app.domain.hunts.instructions import Ask, End, Instruction, Listen, Ring
from app.domain.reasons import Code, Reason
from app.domain.simulate.call_out_replay import CallOutReplay
from app.domain.simulate.record import CallOutTranscript, Transcript, TranscriptLine, TurnRecord
from app.domain.texts.message import Message

# How a transcript tells a PIN: by whose it is, never by its digits.
PIN_OF: Final = "pin:"
NOBODY: Final = "nobody"
AT_A_LEG: Final = (LegAnswered, LegPressed, LegChanged)

# What a hunt is called that nobody accepted.
UNANSWERED: Final = (
    LegOutcome.PASSED,
    LegOutcome.UNCONFIRMED,
    LegOutcome.BUSY,
    LegOutcome.FAILED,
    LegOutcome.NO_ANSWER,
)


@dataclass(slots=True)
class _Replay:
    call: Call
    rung: tuple[int, ...] = ()  # the legs that ring now
    accepted_at: datetime | None = None
    lines: list[TranscriptLine] = field(default_factory=list)

    def add(self, record: TurnRecord[Event]) -> None:
        deed = tuple(self._deed(record))
        self.lines += [
            TranscriptLine(word, what, record.at, seconds) for word, what, seconds in deed
        ]
        for part in record.trace:
            self.lines.append(TranscriptLine(_word(part), part, record.at))
        if any(isinstance(p, Reason) and p.code is Code.ACCEPTED for p in record.trace):
            self.lines.insert(-len(record.trace), TranscriptLine("accepted", "", record.at))
            self.accepted_at = record.at
        if not isinstance(record.event, AT_A_LEG):  # what they heard who were rung
            self._instruction(record.instruction, record.at)

    def _deed(self, record: TurnRecord[Event]) -> Iterator[tuple[str, str, int]]:
        match record.event:
            case Pressed(digits, finished):
                pressed = f"{digits}{'#' if finished else ''}"
                yield ("press" if pressed else "silence", pressed, 0)
            case PinEntered(person):
                yield ("press", f"{PIN_OF}{person or NOBODY}", 0)
            case Recorded(seconds=0, caller_gone=True):
                pass
            case Recorded(seconds=seconds):
                spoken = "speaks" if round(record.event.heard) else "noise"
                yield (spoken if seconds else "silence", "", seconds)
            case RingEnded(bridged=False, caller_gone=True):
                yield ("hangs up", "", 0)
            case RingEnded():
                yield from self._ring_ended(record.at)
            case HungUp() if not self._is_hang_up_reported():
                yield ("hangs up", "", 0)
            case _:
                pass

    def _ring_ended(self, at: datetime) -> Iterator[tuple[str, str, int]]:
        if self.accepted_at is not None:
            yield ("talks", "", round((at - self.accepted_at).total_seconds()))
            self.accepted_at = None
            return
        ends = {leg.outcome for leg in self.call.legs if leg.id in self.rung}
        yield (next((end for end in UNANSWERED if end in ends), LegOutcome.NO_ANSWER), "", 0)

    def _is_hang_up_reported(self) -> bool:
        """A caller who hangs up after a talk has been told by the end of the talk."""
        return bool(self.lines) and self.lines[-1].word in ("talks", "hangs up")

    def _instruction(self, instruction: Instruction, at: datetime) -> None:
        if not isinstance(instruction, Ask | Listen | Ring | End):
            return
        heard: Iterable[Message] = instruction.says
        if isinstance(instruction, Ask) and instruction.plays:
            self.lines.append(TranscriptLine("plays", "", at))
        self.lines += [TranscriptLine("hears", message, at) for message in heard]
        if isinstance(instruction, Ring):
            self.rung = instruction.legs
            callees: tuple[Callee, ...] = instruction.callees
            self.lines += [
                TranscriptLine("rings", callee, at, instruction.seconds) for callee in callees
            ]


def replay(call: Call, records: Iterable[TurnRecord[Event]]) -> Transcript:
    """Replay a stored call; `records` in the order in which they were stored.

    What was said to those who were rung is left out, as in every transcript of a call.
    """
    return Transcript(call, lines=lines_of(call, records))


def lines_of(call: Call, records: Iterable[TurnRecord[Event]]) -> list[TranscriptLine]:
    """Tell the turns of a call, as it stands after them, line by line."""
    replay = _Replay(call)
    for record in records:
        replay.add(record)
    return replay.lines


def replay_call_out(
    call_out: CallOut, records: Iterable[TurnRecord[CallOutEvent]]
) -> CallOutTranscript:
    """Replay a stored call-out: what those heard who were rung stands in it."""
    return CallOutTranscript(call_out, lines=leg_lines(call_out, records))


def leg_lines(
    holder: HuntHolder, records: Iterable[TurnRecord[CallOutEvent]]
) -> list[TranscriptLine]:
    """Tell what those did and heard who were rung."""
    replay = CallOutReplay(holder)
    return [
        line
        for each in records
        for line in replay.lines(each.at, each.event, each.trace, each.instruction)
    ]


def _word(part: Effect | Reason) -> str:
    return "why" if isinstance(part, Reason) else "does"
