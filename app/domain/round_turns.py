"""The turns of a round of calls: it begins, a leg of it ends, the ticket is taken elsewhere.

Whom it rings is rounds.py's; what whoever is rung hears and presses is legs.py's.
"""

from app.domain import ringing
from app.domain.call import LegOutcome, Place, RoundBegan, TicketTaken
from app.domain.decision import Code, Decision, Silent
from app.domain.rounds import who_missed
from app.domain.sight import because
from app.domain.way import Way, decided, too_late, walk_on


def round_turn(way: Way, event: RoundBegan | TicketTaken) -> Decision:
    """Answer what happens to the round as a whole; a caller's call has no such turns."""
    match event:
        case RoundBegan():
            return _round_began(way)
        case TicketTaken():
            return _ticket_taken(way, event)


def _round_began(way: Way) -> Decision:
    """Ring the first of the duty; a round that has begun already goes on as it is."""
    call = way.sight.call
    if not call.round or call.place is not Place.ROUND:
        return too_late(way, "round_began")
    return walk_on(way, Place.ROUND)


def _ticket_taken(way: Way, event: TicketTaken) -> Decision:
    """Stop ringing: somebody has accepted the ticket elsewhere."""
    call = way.sight.call
    if call.place is not Place.ROUND_RINGS:
        return too_late(way, "ticket_taken")
    legs, stopped = ringing.stop_ringing(way.sight, LegOutcome.CANCELLED)
    way = way.told(because(Code.TAKEN_ELSEWHERE, name=event.name), *stopped, *who_missed(way.sight))
    over = way.changed(legs=legs, place=Place.ROUND_OVER, ended_at=way.sight.now)
    return decided(over, Silent())


def after_leg(way: Way, at_leg: Decision) -> Decision:
    """Ring the next of a round as soon as nobody rings any more; they hear what they heard."""
    call = at_leg.call
    if call.place is not Place.ROUND_RINGS or call.has_ended or call.ringing:
        return at_leg
    after = walk_on(Way(way.sight.of(call)), Place.ROUND)
    return Decision(after.call, at_leg.script, (*at_leg.story, *after.story))
