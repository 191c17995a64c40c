"""decide_call_out(call_out, event, world, now) -> CallOutDecision: what follows in a call-out.

Primary, backup and last resort are rung as they stand at that instant, one after another, until
one presses 1. When a call-out is due is next_call_out.py's. Pure, as calls/decide.py is.
"""

from datetime import datetime
from typing import assert_never

from app.domain.callouts.call_out import (
    CallOut,
    CallOutBegan,
    CallOutDecision,
    CallOutEvent,
    CallOutPutOff,
    TicketAcknowledged,
)
from app.domain.callouts.callee import IN_CALL_OUT
from app.domain.callouts.context import CallOutContext
from app.domain.callouts.missed import who_missed
from app.domain.copies import replace
from app.domain.hunts.effects import CallOutUnanswered, CancelLeg, Trace
from app.domain.hunts.events import LegAnswered, LegChanged, LegEvent, LegPressed
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import End, Silent
from app.domain.hunts.legs import at_leg
from app.domain.hunts.waking import why_no_call_out
from app.domain.hunts.who_is_rung import ring_duty, stop_ringing
from app.domain.hunts.world import World
from app.domain.reasons import Code, Reason, because


def decide_call_out(
    call_out: CallOut, event: CallOutEvent, world: World, now: datetime
) -> CallOutDecision:
    """Answer one event with the call-out as it is now, what is heard, and why."""
    context = CallOutContext(call_out, world, now)
    match event:
        case CallOutBegan():
            return _began(context)
        case TicketAcknowledged(name):
            return _stopped(context, event.kind, because(Code.ACKNOWLEDGED_ELSEWHERE, name=name))
        case CallOutPutOff():
            return _put_off(context, event)
        case LegAnswered() | LegPressed() | LegChanged():
            return _at_leg(context, event)
        case _:
            assert_never(event)


def _began(context: CallOutContext) -> CallOutDecision:
    """Ring the first of the duty; a call-out that has begun already goes on as it is."""
    if context.call_out.has_begun:
        return _too_late(context, "call_out_began")
    call_out, trace = _ring_next(context)
    return CallOutDecision(call_out, End() if call_out.has_ended else Silent(), trace)


def _put_off(context: CallOutContext, event: CallOutPutOff) -> CallOutDecision:
    """Stop the telephone of whoever is rung again later; the others are rung as usual."""
    call_out, hunt, person = context.call_out, context.hunt, event.asked.person
    if call_out.has_ended or not call_out.has_begun:
        return _too_late(context, event.kind)
    theirs = [leg for leg in call_out.ringing if leg.callee.person == person]
    for leg in theirs:
        hunt = hunt.having(replace(leg, outcome=LegOutcome.CANCELLED))
    asks = because(Code.ASKS_FOR_PAUSE, name=event.name)
    trace: Trace = (asks, *(CancelLeg(leg.id, leg.sid) for leg in theirs))
    ticket = replace(call_out.ticket, rings_again=(event.asked,))
    call_out = replace(call_out, ticket=ticket, hunt=hunt)
    if call_out.ringing:
        return CallOutDecision(call_out, Silent(), trace)
    call_out, rings = _ring_next(replace(context, call_out=call_out))
    return CallOutDecision(call_out, Silent(), (*trace, *rings))


def _stopped(context: CallOutContext, event: str, reason: Reason) -> CallOutDecision:
    """Stop ringing: somebody has accepted the ticket elsewhere."""
    if context.call_out.has_ended or not context.call_out.has_begun:
        return _too_late(context, event)
    left, stopped = stop_ringing(context.hunt, LegOutcome.CANCELLED)
    over = replace(context.call_out, hunt=left, ended_at=context.now)
    return CallOutDecision(over, Silent(), (reason, *stopped, *who_missed(context)))


def _at_leg(context: CallOutContext, event: LegEvent) -> CallOutDecision:
    """Answer whoever is rung; ring the next as soon as nobody rings any more."""
    decision = at_leg(context, event, IN_CALL_OUT)
    call_out = replace(context.call_out, hunt=decision.hunt)
    if call_out.has_ended or not call_out.has_begun:
        return CallOutDecision(call_out, decision.instruction, decision.trace)
    if call_out.hunt.taker:
        call_out = replace(call_out, ended_at=context.now)
    if call_out.has_ended or call_out.ringing:
        return CallOutDecision(call_out, decision.instruction, decision.trace)
    call_out, trace = _ring_next(context.hunting(decision.hunt))
    return CallOutDecision(call_out, decision.instruction, (*decision.trace, *trace))


def _ring_next(context: CallOutContext) -> tuple[CallOut, Trace]:
    """Ring the next about the ticket; the call-out is over when nobody is left."""
    call_out, acknowledged_by = context.call_out, context.world.acknowledged_by
    over = replace(call_out, ended_at=context.now)
    if acknowledged_by:
        reason = because(Code.ACKNOWLEDGED_ELSEWHERE, name=acknowledged_by)
        return over, (reason, *who_missed(context))
    refusal = why_no_call_out(context)
    if refusal:
        return over, (refusal, *_unanswered(context))
    begins = because(Code.NOT_ACKNOWLEDGED, call_out_number=call_out.number)
    first = () if call_out.legs else (begins,)
    rang = ring_duty(context)
    if rang.is_ringing:
        return replace(call_out, hunt=rang.hunt), (*first, *rang.trace)
    trace = (*first, *rang.trace, *_unanswered(context))
    return replace(over, hunt=rang.hunt), trace


def _unanswered(context: CallOutContext) -> Trace:
    over = CallOutUnanswered(context.call_out.number, len(context.hunt.legs))
    return (*who_missed(context), over)


def _too_late(context: CallOutContext, event: str) -> CallOutDecision:
    """Change nothing: what happened came after the end."""
    late = because(Code.LATE_EVENT, event=event)
    return CallOutDecision(context.call_out, End(), (late,))
