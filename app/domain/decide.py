"""decide(call, event, world, now) -> Decision: the one function that every call goes through.

Walks the table in call_flow.py from where the call stands to where it must wait again.
Pure: the live call, what-if, the told calls and the replay all use it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from app.domain import legs, ringing, sayings
from app.domain.call import (
    Arrived,
    Call,
    Event,
    HungUp,
    Leg,
    LegAnswered,
    LegChanged,
    LegOutcome,
    LegPressed,
    Place,
    Pressed,
    Recorded,
    RingEnded,
)
from app.domain.call_flow import FLOW, MISSES_ALLOWED, Fork, Last, Menu, Number, Rings, Tell, Tone
from app.domain.case import attach, left_by_lifeline
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
from app.domain.world import World

KEY_SECONDS: Final = 5  # of silence before a prompt is repeated (telephony.md)
EVERYWHERE: Final = frozenset("09*")
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


def decide(call: Call, event: Event, world: World, now: datetime) -> Decision:
    """Answer one event with the call as it is now, what to say or ring, and why."""
    way = Way(Sight(call, world, now))
    match event:
        case Arrived():
            return _walk(way, Place.ARRIVAL)
        case Pressed():
            return _pressed(way, event)
        case Recorded():
            return _recorded(way, event)
        case RingEnded():
            return _ring_ended(way, event)
        case HungUp():
            return _hung_up(way)
        case LegAnswered():
            return legs.leg_answered(way.sight, event)
        case LegPressed():
            return legs.leg_pressed(way.sight, event)
        case LegChanged():
            return legs.leg_changed(way.sight, event)
        case _:
            assert_never(event)


# --- walking the table ------------------------------------------------------------------


def _walk(way: Way, to: Place) -> Decision:
    """Follow the table from a place to the next one where the call must wait."""
    for _ in range(STEPS_A_TURN):
        match FLOW[to]:
            case Tell(says, then):
                way, to = way.said(*says(way.sight)), then
            case Fork(asks, _):
                way, to = _take(way, asks(way.sight))
            case _:
                return _stand(way.changed(place=to))
    raise RuntimeError(f"the call flow has no end after {to}")


def _take(way: Way, go: Go) -> tuple[Way, Place]:
    """Take the way a fork chose. A ticket that was opened on it is told at once."""
    ticket = go.call.ticket
    opened = ticket is not None and not ticket.joined and way.sight.call.ticket is None
    way = Way(way.sight.of(go.call), way.says, (*way.story, *go.story))
    if opened and go.to is not Place.MESSAGE_TAKEN:
        way = way.said(*sayings.ticket_opened(way.sight))
    return way, go.to


def _stand(way: Way) -> Decision:
    """Wait here: ask, listen, ring, or end the call."""
    sight = way.sight
    match FLOW[sight.call.place]:
        case Menu(says):
            return _decision(way, Ask((*way.says, *says(sight)), KEY_SECONDS))
        case Number(says):
            return _decision(way, Ask((*way.says, *says(sight)), KEY_SECONDS, digits=None))
        case Tone(says, _, max_seconds, is_measured):
            heard = (*way.says, *says(sight))
            return _decision(way, Listen(heard, max_seconds(sight), is_measured))
        case Rings(_, seconds):
            return _decision(way, _ring(way, seconds(sight)))
        case Last(says):
            ended = way.changed(ended_at=sight.now)
            return _decision(ended, End((*way.says, *says(sight))))
        case Tell() | Fork():
            return _walk(way, sight.call.place)


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


def _decision(way: Way, script: Script) -> Decision:
    return Decision(way.sight.call, script, way.story)


# --- what the caller does ---------------------------------------------------------------


def _pressed(way: Way, event: Pressed) -> Decision:
    call, sight = way.sight.call, way.sight
    if call.has_ended:
        return _too_late(way, "pressed")
    if call.turn >= _turns_allowed(sight):
        return _too_many_turns(way)
    match FLOW[call.place]:
        case Menu() as menu:
            return _menu_key(way, menu, event.digits)
        case Number() as number:
            return _number_keys(way, number, event)
        case _:
            return _stand(way.told(because(Code.LATE_EVENT, event="pressed")))


def _menu_key(way: Way, menu: Menu, key: str) -> Decision:
    if key in menu.keys:
        return _walk(way.changed(misses=0), menu.keys[key])
    if key and key not in EVERYWHERE and menu.other:
        return _walk(way.changed(misses=0), menu.other)
    return _key_of_everywhere(way, menu, key)


def _number_keys(way: Way, number: Number, event: Pressed) -> Decision:
    if event.digits in EVERYWHERE or not (event.digits or event.finished):
        return _key_of_everywhere(way, number, event.digits)
    found = number.asks(way.sight, event.digits)
    if found is None:
        unknown = because(Code.CUSTOMER_NUMBER_UNKNOWN)
        return _missed(way.told(unknown), number, number.unknown(way.sight))
    way, to = _take(way.changed(misses=0), found)
    return _walk(way, to)


def _key_of_everywhere(way: Way, stop: Menu | Number, key: str) -> Decision:
    """The keys that work at every prompt: 0, 9 and *; anything else is a miss."""
    if key == "0":
        return _walk(way.changed(misses=0).told(because(Code.WANTS_HUMAN)), stop.zero)
    language = sayings.next_language(way.sight)
    if key == "9" and language:
        return _speak_another_language(way, language)
    if key == "*":
        return _stand(way.changed(misses=0))
    if key:
        return _missed(way, stop, sayings.not_understood(way.sight), MISSES_ALLOWED)
    return _missed(way, stop, (), stop.prompts if isinstance(stop, Menu) else MISSES_ALLOWED)


def _speak_another_language(way: Way, language: str) -> Decision:
    """Repeat in the language, and offer the one after it until the round is complete."""
    way = way.changed(misses=0, language=language)
    way = way.told(because(Code.LANGUAGE_CHOSEN, language=language))
    is_round = sayings.next_language(way.sight) == way.sight.line.languages[0]
    return _stand(way if is_round else way.said(*sayings.offer(way.sight)))


def _missed(
    way: Way, stop: Menu | Number, says: tuple[Sentence, ...], prompts: int = MISSES_ALLOWED
) -> Decision:
    """Ask again, until the prompts are used up."""
    misses = way.sight.call.misses + 1
    if misses >= prompts:
        return _walk(way.changed(misses=0), stop.silence)
    return _stand(way.changed(misses=misses).said(*says))


def _recorded(way: Way, event: Recorded) -> Decision:
    """Keep what was spoken, also when the caller has hung up in the meantime."""
    if event.by_lifeline and way.sight.world.desk:
        return _left_by_lifeline(way, event)
    call = way.sight.call
    stop = FLOW[call.place]
    if not isinstance(stop, Tone):
        return _too_late(way, "recorded")
    way = way.changed(
        message_seconds=event.seconds, heard_seconds=event.heard, recording=event.recording
    )
    spoken = _walk(way, stop.then)
    attached = attach(spoken.call, event.recording, event.seconds)
    decision = replace(spoken, story=(*spoken.story, *attached))
    return _end_silently(decision, way) if event.caller_gone or call.has_ended else decision


def _left_by_lifeline(way: Way, event: Recorded) -> Decision:
    """Keep what a caller said to whom nothing else could be answered."""
    way = way.changed(
        message_seconds=event.seconds, heard_seconds=event.heard, recording=event.recording
    )
    way, to = _take(way, left_by_lifeline(way.sight))
    way = way.changed(place=to).told(*attach(way.sight.call, event.recording, event.seconds))
    return _end_silently(_decision(way, Silent()), way)


def _end_silently(decision: Decision, way: Way) -> Decision:
    """Nobody hears it any more: no more than what the house must know follows."""
    legs_left, stopped = ringing.stop_ringing(way.sight.of(decision.call), LegOutcome.CANCELLED)
    call = replace(
        decision.call,
        legs=legs_left,
        hung_up=True,
        ended_at=way.sight.call.ended_at or way.sight.now,
    )
    return Decision(call, End(), (*decision.story, *stopped))


def _hung_up(way: Way) -> Decision:
    """The caller is gone. A ticket stays; whoever still rings is stopped."""
    sight = way.sight
    if sight.call.has_ended:
        return Decision(sight.call, Silent())
    legs_left, stopped = ringing.stop_ringing(sight, LegOutcome.CANCELLED)
    way = way.changed(
        hung_up=True,
        ended_at=sight.now,
        legs=legs_left,
        talked=sight.call.talked or sight.call.accepted_leg is not None,
    )
    return Decision(way.sight.call, Silent(), stopped)


def _too_late(way: Way, event: str) -> Decision:
    return Decision(way.sight.call, End(), (because(Code.LATE_EVENT, event=event),))


def _turns_allowed(sight: Sight) -> int:
    return sight.desk.ceilings.turns_per_call if sight.world.desk else STEPS_A_TURN


def _too_many_turns(way: Way) -> Decision:
    """End a call that goes round and round; a ticket that it has stays."""
    says = sayings.call_too_long(way.sight)
    way = way.changed(ended_at=way.sight.now, told=True)
    way = way.told(because(Code.CEILING, limit=_turns_allowed(way.sight)))
    return _decision(way, End(says))


# --- how ringing ends -------------------------------------------------------------------


def _ring_ended(way: Way, event: RingEnded) -> Decision:
    """Somebody talked with the caller, or the next one is rung."""
    call = way.sight.call
    stop = FLOW[call.place]
    if not isinstance(stop, Rings):
        return _after_the_end(way, event)
    connected = call.accepted_leg is not None and event.bridged is not False
    gone = event.caller_gone or call.has_ended
    if connected:
        talked = way.changed(talked=True)
        return (
            _end_silently(_decision(talked, Silent()), way)
            if gone
            else _walk(talked, Place.TALK_ENDED)
        )
    is_queue_lost = _is_queue_lost(way.sight, event)
    way = _nobody_talked(way, event)
    if gone:
        return _end_silently(_decision(way, Silent()), way)
    if is_queue_lost or _none_was_placed(way.sight):
        why = Code.QUEUE_LOST if is_queue_lost else Code.NO_LEG_PLACED
        way, to = _take(way, ringing.hunt_in_order(way.sight, why))
        return _walk(way, to)
    return _walk(way, stop.unanswered)


def _after_the_end(way: Way, event: RingEnded) -> Decision:
    if way.sight.call.has_ended:
        return _too_late(way, "ring_ended")
    return _stand(way.told(because(Code.LATE_EVENT, event="ring_ended")))


def _nobody_talked(way: Way, event: RingEnded) -> Way:
    """Give every leg that still rang its outcome, and take back an acceptance without a talk."""
    call = way.sight.call
    accepted = call.leg(call.accepted_leg or 0)
    if accepted:
        lost = replace(accepted, outcome=LegOutcome.FAILED)
        others = tuple(lost if leg.id == lost.id else leg for leg in call.legs)
        way = way.changed(
            accepted_leg=None, legs=others, talked=False, unbridged=accepted.callee.person
        )
        way = way.told(because(Code.NOT_BRIDGED, name=accepted.callee.name))
    outcome = legs.ENDS.get(event.status, LegOutcome.CANCELLED)
    ended, stopped = ringing.stop_ringing(way.sight, outcome)
    return way.changed(legs=ended).told(*stopped)


def _is_queue_lost(sight: Sight, event: RingEnded) -> bool:
    """Whether the network lost the queue while one who was rung from it could still answer."""
    call = sight.call
    waited_for = (*call.ringing, call.leg(call.accepted_leg or 0))
    return event.status == "failed" and any(leg and leg.own_call for leg in waited_for)


def _none_was_placed(sight: Sight) -> bool:
    """Whether ringing all at once came to nothing: the network took none of the calls."""
    together: list[Leg] = [leg for leg in sight.call.legs[sight.call.round_start :] if leg.own_call]
    return bool(together) and not any(leg.placed for leg in together) and not sight.call.hunting
