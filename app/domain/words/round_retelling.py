"""A round of calls that really took place as told lines; the same that walk_rounds.py makes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.call import Call, Event, LegChanged, LegPressed, RungAs, TicketTaken
from app.domain.decision import (
    CallCaller,
    Code,
    Effect,
    End,
    PlaceLeg,
    Reason,
    Script,
    Whisper,
)
from app.domain.legs import CALLER_IS_THERE, ENDS
from app.domain.walk import Line

Story = tuple[Effect | Reason, ...]


@dataclass(slots=True)
class RoundRetelling:
    """Tells turn after turn of a round; remembers which legs are over and who talks."""

    call: Call
    over: set[int] = field(default_factory=set)
    calls_back: CallCaller | None = None
    talks_since: dict[int, datetime] = field(default_factory=dict)

    def lines(self, at: datetime, event: Event, story: Story, script: Script) -> Iterator[Line]:
        """Tell one turn: what somebody did, what followed, what was heard, and who is rung."""
        for word, what, seconds in self._deed(at, event, story):
            yield Line(word, what, at, seconds)
        for part in story:
            yield Line("why" if isinstance(part, Reason) else "does", part, at)
        yield from _heard(script, at)
        yield from self._heard_afterwards(at, event)
        for part in story:
            if isinstance(part, PlaceLeg):
                yield Line("rings", part.callee, at, part.seconds)
        if isinstance(script, CallCaller) and (leg := self.call.leg(script.called)):
            self.calls_back = script
            yield Line("rings", leg.callee, at, script.ring_seconds)

    def _heard_afterwards(self, at: datetime, event: Event) -> Iterator[Line]:
        """What their end hears by itself when the caller is away again, or did not answer."""
        back = self.calls_back
        if back and isinstance(event, LegChanged) and back.called in self.over:
            self.calls_back = None
            yield from (Line("hears", sentence, at) for sentence in back.then)

    def _deed(self, at: datetime, event: Event, story: Story) -> Iterator[tuple[str, str, int]]:
        match event:
            case LegPressed(leg, key) if key:
                yield self._key(leg, key, story)
            case LegChanged(leg, status) if leg not in self.over:
                yield from self._end(at, leg, status)
            case TicketTaken(name):
                yield ("taken", name, 0)
            case _:
                pass

    def _key(self, leg_id: int, key: str, story: Story) -> tuple[str, str, int]:
        accepted = any(isinstance(part, Reason) and part.code is Code.ACCEPTED for part in story)
        if accepted or key == "2":
            self.over.add(leg_id)
            return ("accepted" if accepted else "passed", "", 0)
        return ("keys", key, 0)

    def _end(self, at: datetime, leg_id: int, status: str) -> Iterator[tuple[str, str, int]]:
        leg = self.call.leg(leg_id)
        if leg and leg.callee.role is RungAs.CALLER and status in CALLER_IS_THERE:
            since = self.talks_since.setdefault(leg_id, at)
            if status != "in-progress":
                self.over.add(leg_id)
                yield ("talks", "", round((at - since).total_seconds()))
        elif status in ENDS:
            self.over.add(leg_id)
            yield (ENDS[status].value, "", 0)


def _heard(script: Script, at: datetime) -> Iterator[Line]:
    if isinstance(script, Whisper) and script.plays:
        yield Line("plays", "", at)
    if isinstance(script, Whisper | CallCaller | End):
        yield from (Line("hears", sentence, at) for sentence in script.says)
