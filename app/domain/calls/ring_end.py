"""How ringing ends: somebody talked with the caller, or the next one is rung.

The network's one word about it may come late, twice, or for a call that is over.
"""

from app.domain.calls import turn_builder
from app.domain.calls.call import RingEnded, Step
from app.domain.calls.context import CallContext
from app.domain.calls.decision import Decision
from app.domain.calls.flows.caller import FLOW, Rings
from app.domain.calls.ringing import hunt_in_order
from app.domain.calls.turn_builder import TurnBuilder
from app.domain.copies import replace
from app.domain.hunts.hunt import Leg, LegOutcome
from app.domain.hunts.instructions import Silent
from app.domain.hunts.legs import ENDS
from app.domain.hunts.who_is_rung import stop_ringing
from app.domain.reasons import Code, because


def ring_ended(builder: TurnBuilder, event: RingEnded) -> Decision:
    """Somebody talked with the caller, or the next one is rung."""
    call = builder.context.call
    stop = FLOW[call.step]
    if not isinstance(stop, Rings):
        return _after_the_end(builder, event)
    connected = call.hunt.accepted_leg is not None and event.bridged is not False
    gone = event.caller_gone or call.has_ended
    if connected:
        talked = builder.changed(talked=True)
        return (
            turn_builder.ended_silently(turn_builder.decided(talked, Silent()), builder)
            if gone
            else turn_builder.walk_on(talked, Step.TALK_ENDED)
        )
    is_queue_lost = _is_queue_lost(builder.context, event)
    builder = _nobody_talked(builder, event)
    if gone:
        return turn_builder.ended_silently(turn_builder.decided(builder, Silent()), builder)
    if is_queue_lost or _none_was_placed(builder.context):
        why = Code.QUEUE_LOST if is_queue_lost else Code.NO_LEG_PLACED
        builder, to = turn_builder.follow(builder, hunt_in_order(builder.context, why))
        return turn_builder.walk_on(builder, to)
    return turn_builder.walk_on(builder, stop.unanswered)


def _after_the_end(builder: TurnBuilder, event: RingEnded) -> Decision:
    if builder.context.call.has_ended:
        return turn_builder.too_late(builder, "ring_ended")
    return turn_builder.wait_here(builder.traced(because(Code.LATE_EVENT, event="ring_ended")))


def _nobody_talked(builder: TurnBuilder, event: RingEnded) -> TurnBuilder:
    """Give every leg that still rang its outcome, and take back an acceptance without a talk."""
    call = builder.context.call
    accepted = call.hunt.accepted
    if accepted:
        lost = replace(accepted, outcome=LegOutcome.FAILED)
        left = call.hunt.having(lost)
        left = replace(left, accepted_leg=None, unbridged=accepted.callee.person)
        builder = builder.changed(hunt=left, talked=False)
        builder = builder.traced(because(Code.NOT_BRIDGED, name=accepted.callee.name))
    outcome = ENDS.get(event.status, LegOutcome.CANCELLED)
    ended, stopped = stop_ringing(builder.context.hunt, outcome)
    return builder.changed(hunt=ended).traced(*stopped)


def _is_queue_lost(context: CallContext, event: RingEnded) -> bool:
    """Whether the network lost the queue while one who was rung from it could still answer."""
    call = context.call
    waited_for = (*call.ringing, call.hunt.accepted)
    return event.status == "failed" and any(leg and leg.own_call for leg in waited_for)


def _none_was_placed(context: CallContext) -> bool:
    """Whether ringing all at once came to nothing: the network took none of the calls."""
    together: list[Leg] = [leg for leg in context.call.hunt.own_legs if leg.own_call]
    return (
        bool(together)
        and not any(leg.placed for leg in together)
        and not context.call.hunt.in_order
    )
