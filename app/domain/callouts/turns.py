"""The turns of a call-out: it begins, a leg of it ends, the ticket is taken elsewhere.

Whom it rings is callouts/call_out.py's; what whoever is rung hears and presses is legs.py's.
"""

from app.domain.callouts.call_out import who_missed
from app.domain.calls import hunt
from app.domain.calls.call import CallOutBegan, Step, TicketAcknowledged
from app.domain.calls.decision import Decision
from app.domain.calls.turn_builder import TurnBuilder, decided, too_late, walk_on
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import Silent
from app.domain.reasons import Code, because


def call_out_turn(builder: TurnBuilder, event: CallOutBegan | TicketAcknowledged) -> Decision:
    """Answer what happens to the call-out as a whole; a caller's call has no such turns."""
    match event:
        case CallOutBegan():
            return _call_out_began(builder)
        case TicketAcknowledged():
            return _ticket_acknowledged(builder, event)


def _call_out_began(builder: TurnBuilder) -> Decision:
    """Ring the first of the duty; a call-out that has begun already goes on as it is."""
    call = builder.context.call
    if not call.call_out_number or call.step is not Step.CALL_OUT:
        return too_late(builder, "call_out_began")
    return walk_on(builder, Step.CALL_OUT)


def _ticket_acknowledged(builder: TurnBuilder, event: TicketAcknowledged) -> Decision:
    """Stop ringing: somebody has accepted the ticket elsewhere."""
    call = builder.context.call
    if call.step is not Step.CALL_OUT_RINGS:
        return too_late(builder, "ticket_acknowledged")
    left, stopped = hunt.stop_ringing(builder.context, LegOutcome.CANCELLED)
    builder = builder.traced(
        because(Code.ACKNOWLEDGED_ELSEWHERE, name=event.name),
        *stopped,
        *who_missed(builder.context),
    )
    over = builder.changed(hunt=left, step=Step.CALL_OUT_OVER, ended_at=builder.context.now)
    return decided(over, Silent())


def after_leg(builder: TurnBuilder, at_leg: Decision) -> Decision:
    """Ring the next of a call-out as soon as nobody rings any more; they hear what they heard."""
    call = at_leg.call
    if call.step is not Step.CALL_OUT_RINGS or call.has_ended or call.ringing:
        return at_leg
    after = walk_on(TurnBuilder(builder.context.of(call)), Step.CALL_OUT)
    return Decision(after.call, at_leg.instruction, (*at_leg.trace, *after.trace))
