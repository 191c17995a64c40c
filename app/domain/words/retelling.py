"""A call that really took place as told lines: from its stored events, scripts and stories.

The same lines that walk.py makes; their words are told.py's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.domain.call import (
    Call,
    Callee,
    Event,
    HungUp,
    LegAnswered,
    LegChanged,
    LegOutcome,
    LegPressed,
    Pressed,
    Recorded,
    RingEnded,
)
from app.domain.decision import Ask, Code, Effect, End, Listen, Reason, Ring, Script, Sentence
from app.domain.walk import Line, Told
from app.domain.words.round_retelling import RoundRetelling

AT_A_LEG: Final = (LegAnswered, LegPressed, LegChanged)

# What a round of ringing is called that nobody accepted.
UNANSWERED: Final = (
    LegOutcome.PASSED,
    LegOutcome.UNCONFIRMED,
    LegOutcome.BUSY,
    LegOutcome.FAILED,
    LegOutcome.NO_ANSWER,
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One stored turn: what happened, what followed, and what was said or rung."""

    at: datetime
    event: Event
    story: tuple[Effect | Reason, ...]
    script: Script


@dataclass(slots=True)
class _Retelling:
    call: Call
    rung: tuple[int, ...] = ()  # the legs that ring now
    accepted_at: datetime | None = None
    lines: list[Line] = field(default_factory=list)

    def tell(self, happening: Happening) -> None:
        deed = tuple(self._deed(happening))
        self.lines += [Line(word, what, happening.at, seconds) for word, what, seconds in deed]
        for part in happening.story:
            self.lines.append(Line(_word(part), part, happening.at))
        if any(isinstance(p, Reason) and p.code is Code.ACCEPTED for p in happening.story):
            self.lines.insert(-len(happening.story), Line("accepted", "", happening.at))
            self.accepted_at = happening.at
        if not isinstance(happening.event, AT_A_LEG):  # what they heard who were rung
            self._script(happening.script, happening.at)

    def _deed(self, happening: Happening) -> Iterator[tuple[str, str, int]]:
        match happening.event:
            case Pressed(digits, finished):
                pressed = f"{digits}{'#' if finished else ''}"
                yield ("press" if pressed else "silence", pressed, 0)
            case Recorded(seconds=0, caller_gone=True):
                pass
            case Recorded(seconds=seconds):
                spoken = "speaks" if round(happening.event.heard) else "noise"
                yield (spoken if seconds else "silence", "", seconds)
            case RingEnded():
                yield from self._ring_ended(happening.at)
            case HungUp() if not self._is_told_gone():
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

    def _is_told_gone(self) -> bool:
        """A caller who hangs up after a talk has been told by the end of the talk."""
        return bool(self.lines) and self.lines[-1].word in ("talks", "hangs up")

    def _script(self, script: Script, at: datetime) -> None:
        if not isinstance(script, Ask | Listen | Ring | End):
            return
        heard: Iterable[Sentence] = script.says
        self.lines += [Line("hears", sentence, at) for sentence in heard]
        if isinstance(script, Ring):
            self.rung = script.legs
            callees: tuple[Callee, ...] = script.callees
            self.lines += [Line("rings", callee, at, script.seconds) for callee in callees]


def retell(call: Call, happenings: Iterable[Happening]) -> Told:
    """Tell a stored call again; `happenings` in the order in which they were stored.

    What was said to those who were rung is left out, as in every told call; not in a round.
    """
    if call.round:
        return _round(call, happenings)
    retelling = _Retelling(call)
    for happening in happenings:
        retelling.tell(happening)
    return Told(call, retelling.lines)


def _round(call: Call, happenings: Iterable[Happening]) -> Told:
    rounds = RoundRetelling(call)
    lines = [
        line
        for each in happenings
        for line in rounds.lines(each.at, each.event, each.story, each.script)
    ]
    return Told(call, lines)


def _word(part: Effect | Reason) -> str:
    return "why" if isinstance(part, Reason) else "does"
