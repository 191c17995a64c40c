"""Whoever takes a ticket without its caller: in a round, or because the caller has hung up.

They have the case, and 3 calls the caller. What else happens on a leg is legs.py's.
"""

from dataclasses import replace
from typing import Final

from app.domain import ringing, whispers
from app.domain.call import Call, Callee, Leg, LegOutcome, Place, RungAs
from app.domain.callback import why_not_called_back
from app.domain.decision import (
    AcknowledgeTicket,
    CallCaller,
    Code,
    Decision,
    Effect,
    End,
    PlaceLeg,
    Reason,
    Whisper,
)
from app.domain.rounds import who_missed
from app.domain.sight import Sight, because

OFFER_SECONDS: Final = 10  # of silence after the offer: somebody who was asleep is thinking
OFFERS_ALLOWED: Final = 12  # how often one leg hears it, its whispers included
CALLER_RINGS_SECONDS: Final = 40

Story = tuple[Effect | Reason, ...]


def has_case(call: Call, leg: Leg) -> bool:
    """Tell whether the one at this leg took the ticket in this call, without its caller."""
    took = call.leg(call.took_case or 0)
    return took is not None and took.callee.person == leg.callee.person


def is_taken(sight: Sight, leg: Leg) -> bool:
    """Tell whether somebody else has the ticket; one who was never connected has not."""
    call, taken_by = sight.call, sight.world.taken_by
    if call.took_case is not None and not has_case(call, leg):
        return True
    return taken_by not in (None, leg.callee.name) and not call.unbridged


def take_in_round(sight: Sight, leg: Leg) -> Decision:
    """The ticket is theirs: nobody else is rung. Also late, as long as nobody has it."""
    accepted = replace(leg, outcome=LegOutcome.ACCEPTED)
    call = with_leg(sight.call, accepted)
    missed = () if call.has_ended else who_missed(sight.of(call))
    legs, stopped = ringing.stop_ringing(sight.of(call), LegOutcome.CANCELLED)
    call = replace(
        call,
        legs=legs,
        accepted_leg=leg.id,
        took_case=leg.id,
        place=Place.ROUND_OVER,
        ended_at=call.ended_at or sight.now,
    )
    taken = (because(Code.ACCEPTED, name=leg.callee.name), _acknowledged(sight, leg))
    return _offered(sight.of(call), accepted, (*taken, *stopped, *missed))


def take_from_caller_gone(sight: Sight, leg: Leg, code: Code) -> Decision:
    """The ticket is theirs although they came too late for its caller."""
    late = replace(leg, outcome=LegOutcome.LATE)
    call = replace(with_leg(sight.call, late), took_case=leg.id)
    return _offered(sight.of(call), late, (because(code), _acknowledged(sight, leg)))


def pressed(sight: Sight, leg: Leg, key: str) -> Decision:
    """Do what they ask who have the case: 3 calls the caller, 2 is goodbye, others repeat."""
    match key:
        case "3":
            return _call_caller(sight, leg)
        case "" | "2":
            return Decision(with_leg(sight.call, leg), _goodbye(leg))
        case _:
            return offer(sight, leg)


def offer(sight: Sight, leg: Leg) -> Decision:
    """Say once more that the case is theirs, and what 3 does."""
    return _offered(sight, leg, ())


def with_leg(call: Call, leg: Leg) -> Call:
    """Put a leg in the place of the one with its id."""
    return replace(call, legs=tuple(leg if each.id == leg.id else each for each in call.legs))


def _acknowledged(sight: Sight, leg: Leg) -> AcknowledgeTicket:
    return AcknowledgeTicket(leg.callee.person, leg.callee.name, sight.call.unbridged)


def _goodbye(leg: Leg) -> End:
    return End(whispers.you_have_it_goodbye(leg.callee))


def _offered(sight: Sight, leg: Leg, story: Story) -> Decision:
    why_not = why_not_called_back(sight)
    keys = (
        whispers.cannot_call_caller(sight, leg.callee)
        if why_not
        else whispers.may_call_caller(leg.callee)
    )
    if leg.heard >= OFFERS_ALLOWED:
        return Decision(with_leg(sight.call, leg), _goodbye(leg), story)
    heard = with_leg(sight.call, replace(leg, heard=leg.heard + 1))
    says = (*whispers.you_have_it(sight, leg.callee), *keys)
    reasons = (because(Code.NOT_CALLED_BACK, why=why_not),) if why_not else ()
    return Decision(heard, Whisper(leg.id, says, OFFER_SECONDS), (*story, *reasons))


def _call_caller(sight: Sight, leg: Leg) -> Decision:
    """Connect them with the caller, whom we ring; never without their key."""
    if why_not_called_back(sight) or leg.heard >= OFFERS_ALLOWED:
        return offer(sight, leg)
    reason = because(Code.CALLS_CALLER, name=leg.callee.name)
    if not leg.own_call:
        return _call_them_first(sight, leg, reason)
    caller, desk = sight.call.caller, sight.desk
    callee = Callee(RungAs.CALLER, "", caller.digits, RungAs.CALLER, sight.call.language)
    call = _end_calls_to_caller(with_leg(sight.call, replace(leg, heard=leg.heard + 1)))
    called = Leg(len(call.legs) + 1, callee)
    script = CallCaller(
        leg=leg.id,
        called=called.id,
        number=caller.digits,
        caller_id=sight.line.number,
        ring_seconds=CALLER_RINGS_SECONDS,
        talk_minutes=desk.ceilings.talk_minutes,
        says=whispers.we_call_caller(leg.callee),
        then=whispers.caller_away(leg.callee),
        seconds=OFFER_SECONDS,
    )
    return Decision(replace(call, legs=(*call.legs, called)), script, (reason,))


def _call_them_first(sight: Sight, leg: Leg, reason: Reason) -> Decision:
    """A leg that was rung for a caller can ring nobody itself: call them on one that can."""
    call = with_leg(sight.call, leg)
    theirs = Leg(len(call.legs) + 1, leg.callee, own_call=True)
    placed = PlaceLeg(theirs.id, theirs.callee, ringing.duty_seconds(sight))
    call = replace(call, legs=(*call.legs, theirs))
    return Decision(call, End(whispers.we_call_you(leg.callee)), (reason, placed))


def _end_calls_to_caller(call: Call) -> Call:
    """Whoever presses 3 again is not talking: an earlier call to the caller is over."""
    over = (LegOutcome.RINGING, RungAs.CALLER)
    legs = tuple(
        replace(leg, outcome=LegOutcome.CANCELLED)
        if (leg.outcome, leg.callee.role) == over
        else leg
        for leg in call.legs
    )
    return replace(call, legs=legs, talks_back=False)
