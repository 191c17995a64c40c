"""decide(call, event, world, now) -> Decision: the one function that every call goes through.

Walks the table in call_flow.py from where the call stands to where it must wait again.
Pure: the live call, what-if, the told calls and the replay all use it.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from app.domain import closing_words, legs, ringing, sayings
from app.domain.call import (
    Arrived,
    Call,
    Event,
    HungUp,
    LegAnswered,
    LegChanged,
    LegOutcome,
    LegPressed,
    Place,
    Pressed,
    Recorded,
    RingEnded,
    RoundBegan,
    TicketTaken,
)
from app.domain.call_flow import FLOW, MISSES_ALLOWED, Menu, Number, Tone
from app.domain.case import attach, left_by_lifeline, tell_who_has_it
from app.domain.decision import (
    Code,
    Decision,
    End,
    Sentence,
    Silent,
)
from app.domain.ring_end import ring_ended
from app.domain.round_turns import after_leg, round_turn
from app.domain.sight import Sight, because
from app.domain.way import STEPS_A_TURN, Way, decided, end_silently, stand, take, too_late, walk_on
from app.domain.world import World

EVERYWHERE: Final = frozenset("09*")


def decide(call: Call, event: Event, world: World, now: datetime) -> Decision:
    """Answer one event with the call as it is now, what to say or ring, and why."""
    way = Way(Sight(call, world, now))
    match event:
        case Arrived():
            return walk_on(way, Place.ARRIVAL)
        case Pressed():
            return _pressed(way, event)
        case Recorded():
            return _recorded(way, event)
        case RingEnded():
            return ring_ended(way, event)
        case HungUp():
            return _hung_up(way)
        case LegAnswered() | LegPressed() | LegChanged():
            return after_leg(way, legs.at_leg(way.sight, event))
        case RoundBegan() | TicketTaken():
            return round_turn(way, event)
        case _:
            assert_never(event)


# --- what the caller does ---------------------------------------------------------------


def _pressed(way: Way, event: Pressed) -> Decision:
    call, sight = way.sight.call, way.sight
    if call.has_ended:
        return too_late(way, "pressed")
    if call.turn >= _turns_allowed(sight):
        return _too_many_turns(way)
    match FLOW[call.place]:
        case Menu() as menu:
            return _menu_key(way, menu, event.digits)
        case Number() as number:
            return _number_keys(way, number, event)
        case _:
            return stand(way.told(because(Code.LATE_EVENT, event="pressed")))


def _menu_key(way: Way, menu: Menu, key: str) -> Decision:
    if key in menu.keys:
        return walk_on(way.changed(misses=0), menu.keys[key])
    if key and key not in EVERYWHERE and menu.other:
        return walk_on(way.changed(misses=0), menu.other)
    return _key_of_everywhere(way, menu, key)


def _number_keys(way: Way, number: Number, event: Pressed) -> Decision:
    if event.digits in EVERYWHERE or not (event.digits or event.finished):
        return _key_of_everywhere(way, number, event.digits)
    found = number.asks(way.sight, event.digits)
    if found is None:
        unknown = because(Code.CUSTOMER_NUMBER_UNKNOWN)
        return _missed(way.told(unknown), number, number.unknown(way.sight))
    way, to = take(way.changed(misses=0), found)
    return walk_on(way, to)


def _key_of_everywhere(way: Way, stop: Menu | Number, key: str) -> Decision:
    """The keys that work at every prompt: 0, 9 and *; anything else is a miss."""
    if key == "0":
        return walk_on(way.changed(misses=0).told(because(Code.WANTS_HUMAN)), stop.zero)
    language = sayings.next_language(way.sight)
    if key == "9" and language:
        return _speak_another_language(way, language)
    if key == "*":
        return stand(way.changed(misses=0))
    if key:
        return _missed(way, stop, sayings.not_understood(way.sight), MISSES_ALLOWED)
    return _missed(way, stop, (), stop.prompts if isinstance(stop, Menu) else MISSES_ALLOWED)


def _speak_another_language(way: Way, language: str) -> Decision:
    """Repeat in the language, and offer the one after it until the round is complete."""
    way = way.changed(misses=0, language=language)
    way = way.told(because(Code.LANGUAGE_CHOSEN, language=language))
    is_round = sayings.next_language(way.sight) == way.sight.line.languages[0]
    return stand(way if is_round else way.said(*sayings.offer(way.sight)))


def _missed(
    way: Way, stop: Menu | Number, says: tuple[Sentence, ...], prompts: int = MISSES_ALLOWED
) -> Decision:
    """Ask again, until the prompts are used up."""
    misses = way.sight.call.misses + 1
    if misses >= prompts:
        return walk_on(way.changed(misses=0), stop.silence)
    return stand(way.changed(misses=misses).said(*says))


def _recorded(way: Way, event: Recorded) -> Decision:
    """Keep what was spoken, also when the caller has hung up in the meantime."""
    if event.by_lifeline and way.sight.world.desk:
        return _left_by_lifeline(way, event)
    call = way.sight.call
    stop = FLOW[call.place]
    if not isinstance(stop, Tone):
        return too_late(way, "recorded")
    way = way.changed(
        message_seconds=event.seconds, heard_seconds=event.heard, recording=event.recording
    )
    spoken = walk_on(way, stop.then)
    attached = attach(spoken.call, event.recording, event.seconds)
    again = tell_who_has_it(way.sight.of(spoken.call))
    decision = replace(spoken, story=(*spoken.story, *attached, *again))
    return end_silently(decision, way) if event.caller_gone or call.has_ended else decision


def _left_by_lifeline(way: Way, event: Recorded) -> Decision:
    """Keep what a caller said to whom nothing else could be answered."""
    way = way.changed(
        message_seconds=event.seconds, heard_seconds=event.heard, recording=event.recording
    )
    way, to = take(way, left_by_lifeline(way.sight, rang_duty=event.rang_duty))
    way = way.changed(place=to).told(*attach(way.sight.call, event.recording, event.seconds))
    return end_silently(decided(way, Silent()), way)


def _hung_up(way: Way) -> Decision:
    """The caller is gone. A ticket stays; whoever still rings is stopped. A round has no caller."""
    sight = way.sight
    if sight.call.has_ended or sight.call.round:
        return Decision(sight.call, Silent())
    legs_left, stopped = ringing.stop_ringing(sight, LegOutcome.CANCELLED)
    way = way.changed(
        hung_up=True,
        ended_at=sight.now,
        legs=legs_left,
        talked=sight.call.talked or sight.call.accepted_leg is not None,
    )
    return Decision(way.sight.call, Silent(), stopped)


def _turns_allowed(sight: Sight) -> int:
    return sight.desk.ceilings.turns_per_call if sight.world.desk else STEPS_A_TURN


def _too_many_turns(way: Way) -> Decision:
    """End a call that goes round and round; a ticket that it has stays."""
    says = closing_words.call_too_long(way.sight)
    way = way.changed(ended_at=way.sight.now, told=True)
    way = way.told(because(Code.CEILING, limit=_turns_allowed(way.sight)))
    return decided(way, End(says))
