"""Who has missed a call-out: rung after the others until they answer again."""

from typing import Final

from app.domain.callouts.context import CallOutContext
from app.domain.hunts.effects import MissedCallOut
from app.domain.hunts.hunt import Leg, LegOutcome
from app.domain.roles import Role

# Ends of a leg at which nobody gave a key.
SILENT: Final = frozenset(
    {LegOutcome.UNCONFIRMED, LegOutcome.NO_ANSWER, LegOutcome.BUSY, LegOutcome.FAILED}
)


def who_missed(context: CallOutContext) -> tuple[MissedCallOut, ...]:
    """Name those who were rung in vain on every number that was tried, last resorts too.

    Who talks on another of our calls helps somebody else, and has missed nothing; nor has
    whoever was never rung, because the network took none of their calls.
    """
    by_person: dict[str, list[Leg]] = {}
    for leg in context.hunt.legs:
        if leg.callee.role is not Role.CALLER:
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
