"""The other end of a call: what happens on the legs to those whom we ring.

Answering, pressing a key, and how a leg fares. The caller's end is decide.py's.
"""

from dataclasses import replace
from typing import Final

from app.domain import ringing, sayings
from app.domain.call import Call, Leg, LegAnswered, LegChanged, LegOutcome, LegPressed, Place
from app.domain.decision import (
    AcknowledgeTicket,
    Bridge,
    Code,
    Decision,
    Effect,
    End,
    Reason,
    Script,
    Silent,
    Whisper,
)
from app.domain.sight import Sight, because

WHISPER_SECONDS: Final = 8  # of silence after the whisper before it counts as nobody there
WHISPERS_ALLOWED: Final = 4  # how often one leg hears it

# How the network names the end of a leg, and what that means when nobody accepted.
ENDS: Final = {
    "completed": LegOutcome.UNCONFIRMED,
    "answered": LegOutcome.UNCONFIRMED,
    "busy": LegOutcome.BUSY,
    "no-answer": LegOutcome.NO_ANSWER,
    "failed": LegOutcome.FAILED,
    "canceled": LegOutcome.CANCELLED,
}
RINGING_PLACES: Final = (Place.FIRST_LINE_RINGS, Place.DUTY_RINGS, Place.WHO_HAS_IT_RINGS)


def at_leg(sight: Sight, event: LegAnswered | LegPressed | LegChanged) -> Decision:
    """Answer what happens at the other end."""
    match event:
        case LegAnswered():
            return leg_answered(sight, event)
        case LegPressed():
            return leg_pressed(sight, event)
        case LegChanged():
            return leg_changed(sight, event)


def leg_answered(sight: Sight, event: LegAnswered) -> Decision:
    """Whisper to somebody who lifted the receiver what it is about."""
    leg = sight.call.leg(event.leg)
    if leg is None:
        return Decision(sight.call, End(), (because(Code.LATE_EVENT, event="leg_answered"),))
    leg = replace(leg, sid=leg.sid or event.sid, placed=True)
    return _whisper(sight, leg)


def leg_pressed(sight: Sight, event: LegPressed) -> Decision:
    """Do what the key says: 1 accepts, 2 passes on, * repeats; no key is nobody there."""
    leg = sight.call.leg(event.leg)
    if leg is None:
        return Decision(sight.call, End(), (because(Code.LATE_EVENT, event="leg_pressed"),))
    match event.key:
        case "1":
            return _accept(sight, leg)
        case "2":
            return _end(sight, leg, LegOutcome.PASSED)
        case "":
            return _end(sight, leg, LegOutcome.UNCONFIRMED)
        case _:
            return _whisper(sight, leg)


def leg_changed(sight: Sight, event: LegChanged) -> Decision:
    """Note how a leg fares; what comes late or twice changes nothing."""
    leg = sight.call.leg(event.leg)
    if leg is None:
        return Decision(sight.call, Silent())
    # A leg that could not be placed at all has no sid: then ringing in order takes over.
    leg = replace(leg, sid=leg.sid or event.sid, placed=leg.placed or bool(event.sid))
    ended = ENDS.get(event.status)
    if ended and leg.outcome is LegOutcome.RINGING:
        leg = replace(leg, outcome=ended)
    return Decision(_with_leg(sight.call, leg), Silent())


def _whisper(sight: Sight, leg: Leg) -> Decision:
    call = sight.call
    if call.has_ended:
        return _too_late(sight, leg)
    if call.accepted_leg not in (None, leg.id):
        return _end(sight, leg, LegOutcome.LATE)
    if leg.heard >= WHISPERS_ALLOWED:
        return _end(sight, leg, LegOutcome.UNCONFIRMED)
    says = sayings.whisper(sight, leg.callee)
    heard = _with_leg(call, replace(leg, heard=leg.heard + 1))
    return Decision(heard, Whisper(leg.id, says, WHISPER_SECONDS))


def _accept(sight: Sight, leg: Leg) -> Decision:
    """The first acceptance wins, acknowledges the ticket and bridges; a second loses politely."""
    call = sight.call
    if call.accepted_leg == leg.id:
        return Decision(call, _bridge(sight, leg))
    if call.accepted_leg is not None:
        return _end(sight, leg, LegOutcome.LATE)
    if _is_overtaken(call, leg):
        return _end(sight, leg, LegOutcome.PASSED)
    if call.has_ended or call.place not in RINGING_PLACES:
        return _too_late(sight, leg, *_taken(call, leg))
    accepted = replace(leg, outcome=LegOutcome.ACCEPTED)
    call = replace(_with_leg(call, accepted), accepted_leg=leg.id, first_choice=None)
    legs, stopped = ringing.stop_ringing(sight.of(call), LegOutcome.CANCELLED)
    story: tuple[Effect | Reason, ...] = (
        because(Code.ACCEPTED, name=leg.callee.name),
        AcknowledgeTicket(leg.callee.person, leg.callee.name, call.unbridged),
        *stopped,
    )
    return Decision(replace(call, legs=legs), _bridge(sight, leg), story)


def _is_overtaken(call: Call, leg: Leg) -> bool:
    """Whether the leg is over and another rings for the caller, who must not be taken from it."""
    return leg.outcome is not LegOutcome.RINGING and any(
        other.id > leg.id and not other.own_call for other in call.ringing
    )


def _taken(call: Call, leg: Leg) -> tuple[Effect, ...]:
    """Who pressed 1 too late has taken the ticket all the same, where nobody else had the call."""
    if call.ticket is None or call.talked:
        return ()
    return (AcknowledgeTicket(leg.callee.person, leg.callee.name),)


def _bridge(sight: Sight, leg: Leg) -> Script:
    return Bridge(from_queue=leg.own_call, talk_minutes=sight.desk.ceilings.talk_minutes)


def _too_late(sight: Sight, leg: Leg, *effects: Effect) -> Decision:
    """Nobody is left to talk to: the caller has hung up, or leaves a message, or has left one."""
    call = _with_leg(sight.call, replace(leg, outcome=LegOutcome.LATE))
    code = Code.CALLER_GONE if call.hung_up else Code.RINGING_OVER
    return Decision(call, End(sayings.too_late(sight, leg.callee)), (because(code), *effects))


def _end(sight: Sight, leg: Leg, outcome: LegOutcome) -> Decision:
    lost = outcome is LegOutcome.LATE and leg.outcome is LegOutcome.CANCELLED
    if leg.outcome is LegOutcome.RINGING or lost:
        leg = replace(leg, outcome=outcome)
    says = sayings.whisper_end(leg.callee, sayings.ENDS_OF_WHISPER[outcome])
    return Decision(_with_leg(sight.call, leg), End(says))


def _with_leg(call: Call, leg: Leg) -> Call:
    return replace(call, legs=tuple(leg if each.id == leg.id else each for each in call.legs))
