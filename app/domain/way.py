"""The way of one turn through the table in call_flow.py, to the next place where it must wait.

What the caller does is decide.py's; how ringing ends is ring_end.py's.
"""

from dataclasses import dataclass, replace
from typing import Final

from app.domain import ringing, sayings
from app.domain.call import LegOutcome, Place
from app.domain.call_flow import FLOW, Fork, Last, Menu, Number, Rings, Tell, Tone, Waits
from app.domain.decision import (
    Ask,
    Code,
    Decision,
    Effect,
    End,
    Listen,
    Reason,
    Ring,
    Script,
    Sentence,
    Silent,
)
from app.domain.sight import Go, Sight, because

KEY_SECONDS: Final = 5  # of silence before a prompt is repeated (telephony.md)
STEPS_A_TURN: Final = 30  # the table has no loop of forks; this would find one


@dataclass(frozen=True, slots=True)
class Way:
    """How far a turn has come: the sight, what has been said and what has happened on the way."""

    sight: Sight
    says: tuple[Sentence, ...] = ()
    story: tuple[Effect | Reason, ...] = ()

    def told(self, *story: Effect | Reason) -> "Way":
        """Add to the story."""
        return Way(self.sight, self.says, (*self.story, *story))

    def said(self, *says: Sentence) -> "Way":
        """Add to what is said."""
        return Way(self.sight, (*self.says, *says), self.story)

    def changed(self, **changes: object) -> "Way":
        """Change the call."""
        return Way(self.sight.with_call(**changes), self.says, self.story)


def walk_on(way: Way, to: Place) -> Decision:
    """Follow the table from a place to the next one where the call must wait."""
    for _ in range(STEPS_A_TURN):
        match FLOW[to]:
            case Tell(says, then):
                way, to = way.said(*says(way.sight)), then
            case Fork(asks, _):
                way, to = take(way, asks(way.sight))
            case _:
                return stand(way.changed(place=to))
    raise RuntimeError(f"the call flow has no end after {to}")


def take(way: Way, go: Go) -> tuple[Way, Place]:
    """Take the way a fork chose. A ticket that was opened on it is told at once."""
    ticket, before = go.call.ticket, way.sight.call
    is_new = ticket is not None and before.ticket is None and go.to is not Place.MESSAGE_TAKEN
    was_asked = before.place is Place.SAME_CASE
    way = Way(way.sight.of(go.call), way.says, (*way.story, *go.story))
    if is_new and ticket and not ticket.joined:
        way = way.said(*sayings.ticket_opened(way.sight))
    elif is_new and not was_asked:
        way = way.said(*sayings.ticket_registered(way.sight))
    return way, go.to


def stand(way: Way) -> Decision:
    """Wait here: ask, listen, ring, or end the call."""
    sight = way.sight
    match FLOW[sight.call.place]:
        case Menu(says):
            return decided(way, Ask((*way.says, *says(sight)), KEY_SECONDS))
        case Number(says):
            return decided(way, Ask((*way.says, *says(sight)), KEY_SECONDS, digits=None))
        case Tone(says, _, max_seconds, is_measured):
            heard = (*way.says, *says(sight))
            return decided(way, Listen(heard, max_seconds(sight), is_measured))
        case Rings(_, seconds):
            return decided(way, _ring(way, seconds(sight)))
        case Waits():
            return decided(way, Silent())
        case Last(says):
            ended = way.changed(ended_at=sight.now)
            return decided(ended, End((*way.says, *says(sight))))
        case Tell() | Fork():
            return walk_on(way, sight.call.place)


def _ring(way: Way, seconds: int) -> Script:
    sight = way.sight
    rings = sight.call.ringing
    return Ring(
        says=(*way.says, *sayings.ringing(sight, rings)),
        legs=tuple(leg.id for leg in rings),
        callees=tuple(leg.callee for leg in rings),
        seconds=seconds,
        talk_minutes=sight.desk.ceilings.talk_minutes,
        at_once=len(rings) > 1,
    )


def decided(way: Way, script: Script) -> Decision:
    """Answer with a script, and the story of the way."""
    return Decision(way.sight.call, script, way.story)


def end_silently(decision: Decision, way: Way) -> Decision:
    """Nobody hears it any more: no more than what the house must know follows."""
    legs_left, stopped = ringing.stop_ringing(way.sight.of(decision.call), LegOutcome.CANCELLED)
    call = replace(
        decision.call,
        legs=legs_left,
        hung_up=True,
        ended_at=way.sight.call.ended_at or way.sight.now,
    )
    return Decision(call, End(), (*decision.story, *stopped))


def too_late(way: Way, event: str) -> Decision:
    """Change nothing: what happened came after the end."""
    return Decision(way.sight.call, End(), (because(Code.LATE_EVENT, event=event),))
