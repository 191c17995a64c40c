"""The other end of a call: what happens on the legs to those whom we ring.

Answering, pressing a key, and how a leg fares. The caller's end is decide.py's; who takes
a ticket without its caller, callouts/acknowledge.py's.
"""

from dataclasses import replace
from typing import Final

from app.domain.callouts import acknowledge
from app.domain.callouts.acknowledge import with_leg
from app.domain.calls import callee_prompts, hunt
from app.domain.calls.call import Call, Step
from app.domain.calls.context import CallContext
from app.domain.calls.decision import Decision
from app.domain.hunts.effects import AcknowledgeTicket, AnsweredAgain, Effect
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.hunts.hunt import Leg, LegOutcome, RungAs
from app.domain.hunts.instructions import Bridge, End, Instruction, Silent, Whisper
from app.domain.reasons import Code, Reason, because

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
RINGING_STEPS: Final = (Step.FIRST_LINE_RINGS, Step.DUTY_RINGS, Step.TICKET_OWNER_RINGS)


def at_leg(context: CallContext, event: LegAnswered | LegPressed | LegChanged) -> Decision:
    """Answer what happens at the other end."""
    match event:
        case LegAnswered():
            return leg_answered(context, event)
        case LegPressed():
            return leg_pressed(context, event)
        case LegChanged():
            return leg_changed(context, event)


def leg_answered(context: CallContext, event: LegAnswered) -> Decision:
    """Whisper to somebody who lifted the receiver what it is about."""
    leg = context.call.leg(event.leg)
    if leg is None or leg.callee.role is RungAs.CALLER:
        return Decision(context.call, End(), (because(Code.LATE_EVENT, event="leg_answered"),))
    leg = replace(leg, sid=leg.sid or event.sid, placed=True)
    return _whisper(context, leg)


def leg_pressed(context: CallContext, event: LegPressed) -> Decision:
    """Do what the key says: 1 accepts, 2 passes on, * repeats; no key is nobody there."""
    leg = context.call.leg(event.leg)
    if leg is None or leg.callee.role is RungAs.CALLER:
        return Decision(context.call, End(), (because(Code.LATE_EVENT, event="leg_pressed"),))
    decision = _key(context, leg, event.key)
    if not event.key or leg.callee.person not in context.world.missed:
        return decision
    again = AnsweredAgain(leg.callee.person, leg.callee.name)
    return replace(decision, trace=(again, *decision.trace))


def _key(context: CallContext, leg: Leg, key: str) -> Decision:
    if acknowledge.owns_ticket(context.call, leg):
        return acknowledge.pressed(context, leg, key)
    match key:
        case "1":
            return _accept(context, leg)
        case "2":
            return _end(context, leg, LegOutcome.PASSED)
        case "":
            return _end(context, leg, LegOutcome.UNCONFIRMED)
        case "3" if context.call.call_out_number and context.call.recording:
            return _whisper(context, leg, plays=context.call.recording)
        case _:
            return _whisper(context, leg)


def leg_changed(context: CallContext, event: LegChanged) -> Decision:
    """Note how a leg fares; what comes late or twice changes nothing."""
    leg = context.call.leg(event.leg)
    if leg is None:
        return Decision(context.call, Silent())
    # A leg that could not be placed at all has no sid: then ringing in order takes over.
    leg = replace(leg, sid=leg.sid or event.sid, placed=leg.placed or bool(event.sid))
    ended = _end_of(leg, event.status)
    call = _talking_back(context.call, leg, event.status)
    if ended and leg.outcome is LegOutcome.RINGING:
        leg = replace(leg, outcome=ended)
    return Decision(with_leg(call, leg), Silent())


def _talking_back(call: Call, leg: Leg, status: str) -> Call:
    """Note whether the caller who was called back is on the line: reported late, they are not."""
    is_caller = leg.callee.role is RungAs.CALLER
    if status in ENDS and (is_caller or acknowledge.owns_ticket(call, leg)):
        return replace(call, talks_back=False)
    begins = is_caller and status == "in-progress" and leg.outcome is LegOutcome.RINGING
    return replace(call, talks_back=True) if begins else call


def _end_of(leg: Leg, status: str) -> LegOutcome | None:
    if leg.callee.role is RungAs.CALLER and status in CALLER_IS_THERE:
        return LegOutcome.ACCEPTED
    return ENDS.get(status)


def _whisper(context: CallContext, leg: Leg, plays: str = "") -> Decision:
    call = context.call
    if acknowledge.owns_ticket(call, leg):
        return acknowledge.offer(context, leg)
    if call.has_ended and not call.call_out_number:
        return _too_late(context, leg)
    if _is_lost(context, leg):
        return _end(context, leg, LegOutcome.LATE)
    allowed = acknowledge.OFFERS_ALLOWED if call.call_out_number else WHISPERS_ALLOWED
    if leg.heard >= allowed:
        return _end(context, leg, LegOutcome.UNCONFIRMED)
    language = leg.callee.language
    says = (
        callee_prompts.call_out_keys(context, language)
        if plays
        else callee_prompts.whisper(context, leg.callee)
    )
    heard = with_leg(call, replace(leg, heard=leg.heard + 1))
    return Decision(heard, Whisper(leg.id, says, WHISPER_SECONDS, plays))


def _is_lost(context: CallContext, leg: Leg) -> bool:
    """Whether somebody else was first: with the caller, or in a call-out with the ticket."""
    if context.call.call_out_number:
        return acknowledge.is_acknowledged(context, leg)
    return context.call.hunt.accepted_leg not in (None, leg.id)


def _accept(context: CallContext, leg: Leg) -> Decision:
    """The first acceptance wins, acknowledges the ticket and bridges; a second loses politely."""
    call = context.call
    if call.hunt.accepted_leg == leg.id:
        return Decision(call, _bridge(context, leg))
    if _is_lost(context, leg):
        return _end(context, leg, LegOutcome.LATE)
    if call.call_out_number:
        return acknowledge.acknowledge_in_call_out(context, leg)
    if _is_overtaken(call, leg):
        return _end(context, leg, LegOutcome.PASSED)
    if call.has_ended or call.step not in RINGING_STEPS:
        return _accept_too_late(context, leg)
    return _connect(context, leg)


def _connect(context: CallContext, leg: Leg) -> Decision:
    accepted = replace(leg, outcome=LegOutcome.ACCEPTED)
    call = with_leg(context.call, accepted)
    left, stopped = hunt.stop_ringing(context.of(call), LegOutcome.CANCELLED)
    left = replace(left, accepted_leg=leg.id, first_choice=None)
    trace: tuple[Effect | Reason, ...] = (
        because(Code.ACCEPTED, name=leg.callee.name),
        AcknowledgeTicket(leg.callee.person, leg.callee.name, call.unbridged),
        *stopped,
    )
    return Decision(replace(call, hunt=left), _bridge(context, leg), trace)


def _is_overtaken(call: Call, leg: Leg) -> bool:
    """Whether the leg is over and another rings for the caller, who must not be taken from it."""
    return leg.outcome is not LegOutcome.RINGING and any(
        other.id > leg.id and not other.own_call for other in call.ringing
    )


def _accept_too_late(context: CallContext, leg: Leg) -> Decision:
    """Who pressed 1 too late has taken the ticket all the same, where nobody else had the call."""
    call = context.call
    if call.ticket is None or call.talked:
        return _too_late(context, leg)
    if acknowledge.is_acknowledged(context, leg):
        return _end(context, leg, LegOutcome.LATE)
    if call.has_ended:
        return acknowledge.acknowledge_after_hang_up(context, leg, _why_too_late(call))
    return _too_late(context, leg, AcknowledgeTicket(leg.callee.person, leg.callee.name))


def _bridge(context: CallContext, leg: Leg) -> Instruction:
    return Bridge(from_queue=leg.own_call, talk_minutes=context.desk.ceilings.talk_minutes)


def _too_late(context: CallContext, leg: Leg, *effects: Effect) -> Decision:
    """Nobody is left to talk to: the caller has hung up, or leaves a message, or has left one."""
    call = with_leg(context.call, replace(leg, outcome=LegOutcome.LATE))
    reason = because(_why_too_late(call))
    return Decision(call, End(callee_prompts.too_late(context, leg.callee)), (reason, *effects))


def _why_too_late(call: Call) -> Code:
    return Code.CALLER_GONE if call.hung_up else Code.RINGING_OVER


def _end(context: CallContext, leg: Leg, outcome: LegOutcome) -> Decision:
    lost = outcome is LegOutcome.LATE and leg.outcome is LegOutcome.CANCELLED
    if leg.outcome is LegOutcome.RINGING or lost:
        leg = replace(leg, outcome=outcome)
    says = callee_prompts.whisper_end(context, leg.callee, outcome)
    return Decision(with_leg(context.call, leg), End(says))
