"""The other end of a call: what happens on the legs to those whom we ring.

Answering, pressing a key, and how a leg fares. The caller's end is decide.py's; who takes
a ticket without its caller, taking.py's.
"""

from dataclasses import replace
from typing import Final

from app.domain import ringing, taking, whispers
from app.domain.call import (
    Call,
    Leg,
    LegAnswered,
    LegChanged,
    LegOutcome,
    LegPressed,
    Place,
    RungAs,
)
from app.domain.decision import (
    AcknowledgeTicket,
    AnsweredAgain,
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
from app.domain.taking import with_leg

WHISPER_SECONDS: Final = 8  # of silence after the whisper before it counts as nobody there
WHISPERS_ALLOWED: Final = 4  # how often one leg hears it

# How the network names the end of a leg, and what that means when nobody accepted.
ENDS: Final = {
    "completed": LegOutcome.UNCONFIRMED,
    "busy": LegOutcome.BUSY,
    "no-answer": LegOutcome.NO_ANSWER,
    "failed": LegOutcome.FAILED,
    "canceled": LegOutcome.CANCELLED,
}
# A caller who is called back presses no key: who lifts the receiver is connected.
CALLER_IS_THERE: Final = frozenset({"in-progress", "completed"})
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
    if leg is None or leg.callee.role is RungAs.CALLER:
        return Decision(sight.call, End(), (because(Code.LATE_EVENT, event="leg_answered"),))
    leg = replace(leg, sid=leg.sid or event.sid, placed=True)
    return _whisper(sight, leg)


def leg_pressed(sight: Sight, event: LegPressed) -> Decision:
    """Do what the key says: 1 accepts, 2 passes on, * repeats; no key is nobody there."""
    leg = sight.call.leg(event.leg)
    if leg is None or leg.callee.role is RungAs.CALLER:
        return Decision(sight.call, End(), (because(Code.LATE_EVENT, event="leg_pressed"),))
    decision = _key(sight, leg, event.key)
    if not event.key or leg.callee.person not in sight.world.missed:
        return decision
    again = AnsweredAgain(leg.callee.person, leg.callee.name)
    return replace(decision, story=(again, *decision.story))


def _key(sight: Sight, leg: Leg, key: str) -> Decision:
    if taking.has_case(sight.call, leg):
        return taking.pressed(sight, leg, key)
    match key:
        case "1":
            return _accept(sight, leg)
        case "2":
            return _end(sight, leg, LegOutcome.PASSED)
        case "":
            return _end(sight, leg, LegOutcome.UNCONFIRMED)
        case "3" if sight.call.round and sight.call.recording:
            return _whisper(sight, leg, plays=sight.call.recording)
        case _:
            return _whisper(sight, leg)


def leg_changed(sight: Sight, event: LegChanged) -> Decision:
    """Note how a leg fares; what comes late or twice changes nothing."""
    leg = sight.call.leg(event.leg)
    if leg is None:
        return Decision(sight.call, Silent())
    # A leg that could not be placed at all has no sid: then ringing in order takes over.
    leg = replace(leg, sid=leg.sid or event.sid, placed=leg.placed or bool(event.sid))
    ended = _end_of(leg, event.status)
    call = _talking_back(sight.call, leg, event.status)
    if ended and leg.outcome is LegOutcome.RINGING:
        leg = replace(leg, outcome=ended)
    return Decision(with_leg(call, leg), Silent())


def _talking_back(call: Call, leg: Leg, status: str) -> Call:
    """Note whether the caller who was called back is on the line: told late, they are not."""
    is_caller = leg.callee.role is RungAs.CALLER
    if status in ENDS and (is_caller or taking.has_case(call, leg)):
        return replace(call, talks_back=False)
    begins = is_caller and status == "in-progress" and leg.outcome is LegOutcome.RINGING
    return replace(call, talks_back=True) if begins else call


def _end_of(leg: Leg, status: str) -> LegOutcome | None:
    if leg.callee.role is RungAs.CALLER and status in CALLER_IS_THERE:
        return LegOutcome.ACCEPTED
    return ENDS.get(status)


def _whisper(sight: Sight, leg: Leg, plays: str = "") -> Decision:
    call = sight.call
    if taking.has_case(call, leg):
        return taking.offer(sight, leg)
    if call.has_ended and not call.round:
        return _too_late(sight, leg)
    if _is_lost(sight, leg):
        return _end(sight, leg, LegOutcome.LATE)
    allowed = taking.OFFERS_ALLOWED if call.round else WHISPERS_ALLOWED
    if leg.heard >= allowed:
        return _end(sight, leg, LegOutcome.UNCONFIRMED)
    language = leg.callee.language
    says = whispers.round_keys(sight, language) if plays else whispers.whisper(sight, leg.callee)
    heard = with_leg(call, replace(leg, heard=leg.heard + 1))
    return Decision(heard, Whisper(leg.id, says, WHISPER_SECONDS, plays))


def _is_lost(sight: Sight, leg: Leg) -> bool:
    """Whether somebody else was first: with the caller, or in a round with the ticket."""
    if sight.call.round:
        return taking.is_taken(sight, leg)
    return sight.call.accepted_leg not in (None, leg.id)


def _accept(sight: Sight, leg: Leg) -> Decision:
    """The first acceptance wins, acknowledges the ticket and bridges; a second loses politely."""
    call = sight.call
    if call.accepted_leg == leg.id:
        return Decision(call, _bridge(sight, leg))
    if _is_lost(sight, leg):
        return _end(sight, leg, LegOutcome.LATE)
    if call.round:
        return taking.take_in_round(sight, leg)
    if _is_overtaken(call, leg):
        return _end(sight, leg, LegOutcome.PASSED)
    if call.has_ended or call.place not in RINGING_PLACES:
        return _accept_too_late(sight, leg)
    return _connect(sight, leg)


def _connect(sight: Sight, leg: Leg) -> Decision:
    accepted = replace(leg, outcome=LegOutcome.ACCEPTED)
    call = replace(with_leg(sight.call, accepted), accepted_leg=leg.id, first_choice=None)
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


def _accept_too_late(sight: Sight, leg: Leg) -> Decision:
    """Who pressed 1 too late has taken the ticket all the same, where nobody else had the call."""
    call = sight.call
    if call.ticket is None or call.talked:
        return _too_late(sight, leg)
    if taking.is_taken(sight, leg):
        return _end(sight, leg, LegOutcome.LATE)
    if call.has_ended:
        return taking.take_from_caller_gone(sight, leg, _why_too_late(call))
    return _too_late(sight, leg, AcknowledgeTicket(leg.callee.person, leg.callee.name))


def _bridge(sight: Sight, leg: Leg) -> Script:
    return Bridge(from_queue=leg.own_call, talk_minutes=sight.desk.ceilings.talk_minutes)


def _too_late(sight: Sight, leg: Leg, *effects: Effect) -> Decision:
    """Nobody is left to talk to: the caller has hung up, or leaves a message, or has left one."""
    call = with_leg(sight.call, replace(leg, outcome=LegOutcome.LATE))
    reason = because(_why_too_late(call))
    return Decision(call, End(whispers.too_late(sight, leg.callee)), (reason, *effects))


def _why_too_late(call: Call) -> Code:
    return Code.CALLER_GONE if call.hung_up else Code.RINGING_OVER


def _end(sight: Sight, leg: Leg, outcome: LegOutcome) -> Decision:
    lost = outcome is LegOutcome.LATE and leg.outcome is LegOutcome.CANCELLED
    if leg.outcome is LegOutcome.RINGING or lost:
        leg = replace(leg, outcome=outcome)
    says = whispers.whisper_end(sight, leg.callee, outcome)
    return Decision(with_leg(sight.call, leg), End(says))
