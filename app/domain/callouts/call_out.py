"""A call-out about a ticket that nobody has accepted: one after another, until one presses 1.

Primary, backup and last resort as they stand at that instant. When a call-out is due is
callouts/policy.py; what those who are rung do is legs.py.
"""

from app.domain.calls import forks, hunt
from app.domain.calls.call import Step
from app.domain.calls.context import Branch, CallContext
from app.domain.hunts.effects import CallOutUnanswered, MissedCallOut
from app.domain.hunts.hunt import Leg, LegOutcome, RungAs
from app.domain.reasons import Code, because

# Ends of a leg at which nobody gave a key.
SILENT: frozenset[LegOutcome] = frozenset(
    {LegOutcome.UNCONFIRMED, LegOutcome.NO_ANSWER, LegOutcome.BUSY, LegOutcome.FAILED}
)


def ring_call_out(context: CallContext) -> Branch:
    """Choose whom to ring next about the ticket; the call-out is over when nobody is left."""
    call, acknowledged_by = context.call, context.world.acknowledged_by
    if acknowledged_by:
        reason = because(Code.ACKNOWLEDGED_ELSEWHERE, name=acknowledged_by)
        return Branch(Step.CALL_OUT_OVER, call, (reason, *who_missed(context)))
    refusal = forks.why_no_call_out(context)
    if refusal:
        return Branch(Step.CALL_OUT_OVER, call, (refusal, *_unanswered(context)))
    begins = (
        () if call.legs else (because(Code.NOT_ACKNOWLEDGED, call_out_number=call.call_out_number),)
    )
    go = hunt.next_of_duty(context, Step.CALL_OUT_RINGS, Step.CALL_OUT_OVER)
    over = _unanswered(context.of(go.call)) if go.to is Step.CALL_OUT_OVER else ()
    return Branch(go.to, go.call, (*begins, *go.trace, *over))


def who_missed(context: CallContext) -> tuple[MissedCallOut, ...]:
    """Name those who were rung in vain on every number that was tried, last resorts too.

    Who talks on another of our calls helps somebody else, and has missed nothing; nor has
    whoever was never rung, because the network took none of their calls.
    """
    by_person: dict[str, list[Leg]] = {}
    for leg in context.call.legs:
        if leg.callee.role is not RungAs.CALLER:
            by_person.setdefault(leg.callee.person, []).append(leg)
    return tuple(
        MissedCallOut(person, legs[0].callee.name)
        for person, legs in by_person.items()
        if all(leg.outcome in SILENT for leg in legs)
        and any(_was_rung(leg) for leg in legs)
        and not any(leg.callee.number in context.world.talking for leg in legs)
    )


def _was_rung(leg: Leg) -> bool:
    return leg.placed or leg.outcome is not LegOutcome.FAILED


def _unanswered(context: CallContext) -> tuple[MissedCallOut | CallOutUnanswered, ...]:
    call = context.call
    return (*who_missed(context), CallOutUnanswered(call.call_out_number, len(call.legs)))
