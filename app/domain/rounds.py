"""A round of calls about a ticket that nobody has accepted: one after another, until one presses 1.

Primary, backup and last resort as they stand at that instant. When a round is due is
rounds_due.py; what those who are rung do is legs.py.
"""

from app.domain import forks, ringing
from app.domain.call import Leg, LegOutcome, Place, RungAs
from app.domain.decision import Code, MissedRound, RoundUnanswered
from app.domain.sight import Go, Sight, because

# Ends of a leg at which nobody gave a key.
SILENT: frozenset[LegOutcome] = frozenset(
    {LegOutcome.UNCONFIRMED, LegOutcome.NO_ANSWER, LegOutcome.BUSY, LegOutcome.FAILED}
)


def ring_round(sight: Sight) -> Go:
    """Choose whom to ring next about the ticket; the round is over when nobody is left."""
    call, taken_by = sight.call, sight.world.taken_by
    if taken_by:
        reason = because(Code.TAKEN_ELSEWHERE, name=taken_by)
        return Go(Place.ROUND_OVER, call, (reason, *who_missed(sight)))
    refusal = forks.why_no_round(sight)
    if refusal:
        return Go(Place.ROUND_OVER, call, (refusal, *_unanswered(sight)))
    begins = () if call.legs else (because(Code.NOT_TAKEN, round=call.round),)
    go = ringing.next_of_duty(sight, Place.ROUND_RINGS, Place.ROUND_OVER)
    over = _unanswered(sight.of(go.call)) if go.to is Place.ROUND_OVER else ()
    return Go(go.to, go.call, (*begins, *go.story, *over))


def who_missed(sight: Sight) -> tuple[MissedRound, ...]:
    """Name those who were rung in vain on every number that was tried, last resorts too.

    Who talks on another of our calls helps somebody else, and has missed nothing; nor has
    whoever was never rung, because the network took none of their calls.
    """
    by_person: dict[str, list[Leg]] = {}
    for leg in sight.call.legs:
        if leg.callee.role is not RungAs.CALLER:
            by_person.setdefault(leg.callee.person, []).append(leg)
    return tuple(
        MissedRound(person, legs[0].callee.name)
        for person, legs in by_person.items()
        if all(leg.outcome in SILENT for leg in legs)
        and any(_was_rung(leg) for leg in legs)
        and not any(leg.callee.number in sight.world.talking for leg in legs)
    )


def _was_rung(leg: Leg) -> bool:
    return leg.placed or leg.outcome is not LegOutcome.FAILED


def _unanswered(sight: Sight) -> tuple[MissedRound | RoundUnanswered, ...]:
    call = sight.call
    return (*who_missed(sight), RoundUnanswered(call.round, len(call.legs)))
