"""Whoever takes a ticket without its caller: in a call-out, or because the caller has hung up.

They have the case, and 3 calls the caller. What else happens on a leg is legs.py's.
"""

from dataclasses import replace
from typing import Final

from app.domain.callouts.call_back import why_not_called_back
from app.domain.callouts.call_out import who_missed
from app.domain.calls import callee_prompts, hunt
from app.domain.calls.call import Call, Step
from app.domain.calls.context import CallContext
from app.domain.calls.decision import Decision
from app.domain.hunts.effects import AcknowledgeTicket, Effect, PlaceLeg
from app.domain.hunts.hunt import Callee, Leg, LegOutcome, RungAs
from app.domain.hunts.instructions import CallCaller, End, Whisper
from app.domain.reasons import Code, Reason, because

OFFER_SECONDS: Final = 10  # of silence after the offer: somebody who was asleep is thinking
OFFERS_ALLOWED: Final = 12  # how often one leg hears it, its whispers included
CALLER_RINGS_SECONDS: Final = 40

Trace = tuple[Effect | Reason, ...]


def owns_ticket(call: Call, leg: Leg) -> bool:
    """Tell whether the one at this leg took the ticket in this call, without its caller."""
    took = call.leg(call.acknowledged_leg or 0)
    return took is not None and took.callee.person == leg.callee.person


def is_acknowledged(context: CallContext, leg: Leg) -> bool:
    """Tell whether somebody else has the ticket; one who was never connected has not."""
    call, acknowledged_by = context.call, context.world.acknowledged_by
    if call.acknowledged_leg is not None and not owns_ticket(call, leg):
        return True
    return acknowledged_by not in (None, leg.callee.name) and not call.unbridged


def acknowledge_in_call_out(context: CallContext, leg: Leg) -> Decision:
    """The ticket is theirs: nobody else is rung. Also late, as long as nobody has it."""
    accepted = replace(leg, outcome=LegOutcome.ACCEPTED)
    call = with_leg(context.call, accepted)
    missed = () if call.has_ended else who_missed(context.of(call))
    left, stopped = hunt.stop_ringing(context.of(call), LegOutcome.CANCELLED)
    call = replace(
        call,
        hunt=replace(left, accepted_leg=leg.id),
        acknowledged_leg=leg.id,
        step=Step.CALL_OUT_OVER,
        ended_at=call.ended_at or context.now,
    )
    taken = (because(Code.ACCEPTED, name=leg.callee.name), _acknowledged(context, leg))
    return _offered(context.of(call), accepted, (*taken, *stopped, *missed))


def acknowledge_after_hang_up(context: CallContext, leg: Leg, code: Code) -> Decision:
    """The ticket is theirs although they came too late for its caller."""
    late = replace(leg, outcome=LegOutcome.LATE)
    call = replace(with_leg(context.call, late), acknowledged_leg=leg.id)
    return _offered(context.of(call), late, (because(code), _acknowledged(context, leg)))


def pressed(context: CallContext, leg: Leg, key: str) -> Decision:
    """Do what they ask who have the case: 3 calls the caller, 2 is goodbye, others repeat."""
    match key:
        case "3":
            return _call_caller(context, leg)
        case "" | "2":
            return Decision(with_leg(context.call, leg), _goodbye(leg))
        case _:
            return offer(context, leg)


def offer(context: CallContext, leg: Leg) -> Decision:
    """Say once more that the case is theirs, and what 3 does."""
    return _offered(context, leg, ())


def with_leg(call: Call, leg: Leg) -> Call:
    """Put a leg instead of the one with its id."""
    return replace(call, hunt=call.hunt.having(leg))


def _acknowledged(context: CallContext, leg: Leg) -> AcknowledgeTicket:
    return AcknowledgeTicket(leg.callee.person, leg.callee.name, context.call.unbridged)


def _goodbye(leg: Leg) -> End:
    return End(callee_prompts.you_have_it_goodbye(leg.callee))


def _offered(context: CallContext, leg: Leg, trace: Trace) -> Decision:
    why_not = why_not_called_back(context)
    keys = (
        callee_prompts.cannot_call_caller(context, leg.callee)
        if why_not
        else callee_prompts.may_call_caller(context, leg.callee)
    )
    if leg.heard >= OFFERS_ALLOWED:
        return Decision(with_leg(context.call, leg), _goodbye(leg), trace)
    heard = with_leg(context.call, replace(leg, heard=leg.heard + 1))
    says = (*callee_prompts.you_have_it(context, leg.callee), *keys)
    reasons = (because(Code.NOT_CALLED_BACK, why=why_not),) if why_not else ()
    return Decision(heard, Whisper(leg.id, says, OFFER_SECONDS), (*trace, *reasons))


def _call_caller(context: CallContext, leg: Leg) -> Decision:
    """Connect them with the caller, whom we ring; never without their key."""
    if why_not_called_back(context) or leg.heard >= OFFERS_ALLOWED:
        return offer(context, leg)
    reason = because(Code.CALLS_CALLER, name=leg.callee.name)
    if not leg.own_call:
        return _call_them_first(context, leg, reason)
    caller, desk = context.call.caller, context.desk
    callee = Callee(RungAs.CALLER, "", caller.digits, RungAs.CALLER, context.call.language)
    call = _end_calls_to_caller(with_leg(context.call, replace(leg, heard=leg.heard + 1)))
    called = Leg(call.hunt.next_id, callee)
    instruction = CallCaller(
        leg=leg.id,
        called=called.id,
        number=caller.digits,
        caller_id=context.line.number,
        ring_seconds=CALLER_RINGS_SECONDS,
        talk_minutes=desk.ceilings.talk_minutes,
        says=callee_prompts.we_call_caller(context, leg.callee),
        then=callee_prompts.caller_away(context, leg.callee),
        seconds=OFFER_SECONDS,
    )
    return Decision(replace(call, hunt=call.hunt.adding(called)), instruction, (reason,))


def _call_them_first(context: CallContext, leg: Leg, reason: Reason) -> Decision:
    """A leg that was rung for a caller can ring nobody itself: call them on one that can."""
    call = with_leg(context.call, leg)
    theirs = Leg(call.hunt.next_id, leg.callee, own_call=True)
    placed = PlaceLeg(theirs.id, theirs.callee, hunt.duty_seconds(context))
    call = replace(call, hunt=call.hunt.adding(theirs))
    return Decision(call, End(callee_prompts.we_call_you(leg.callee)), (reason, placed))


def _end_calls_to_caller(call: Call) -> Call:
    """Whoever presses 3 again is not talking: an earlier call to the caller is over."""
    over = (LegOutcome.RINGING, RungAs.CALLER)
    legs = tuple(
        replace(leg, outcome=LegOutcome.CANCELLED)
        if (leg.outcome, leg.callee.role) == over
        else leg
        for leg in call.legs
    )
    return replace(call, hunt=replace(call.hunt, legs=legs), talks_back=False)
