"""How ringing ends: somebody talked with the caller, or the next one is rung.

The network's one word about it may come late, twice, or for a call that is over.
"""

from dataclasses import replace

from app.domain import legs, ringing
from app.domain.call import Leg, LegOutcome, Place, RingEnded
from app.domain.call_flow import FLOW, Rings
from app.domain.decision import Code, Decision, Silent
from app.domain.sight import Sight, because
from app.domain.way import Way, decided, end_silently, stand, take, too_late, walk_on


def ring_ended(way: Way, event: RingEnded) -> Decision:
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
            end_silently(decided(talked, Silent()), way)
            if gone
            else walk_on(talked, Place.TALK_ENDED)
        )
    is_queue_lost = _is_queue_lost(way.sight, event)
    way = _nobody_talked(way, event)
    if gone:
        return end_silently(decided(way, Silent()), way)
    if is_queue_lost or _none_was_placed(way.sight):
        why = Code.QUEUE_LOST if is_queue_lost else Code.NO_LEG_PLACED
        way, to = take(way, ringing.hunt_in_order(way.sight, why))
        return walk_on(way, to)
    return walk_on(way, stop.unanswered)


def _after_the_end(way: Way, event: RingEnded) -> Decision:
    if way.sight.call.has_ended:
        return too_late(way, "ring_ended")
    return stand(way.told(because(Code.LATE_EVENT, event="ring_ended")))


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
