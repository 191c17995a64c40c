"""Whoever has taken a ticket without its caller: in a call-out, or because the caller has hung up.

The steps of the tables that both have: 3 calls the caller, 2 is goodbye.
"""

from collections.abc import Callable, Mapping
from typing import Final

from app.domain.copies import replace
from app.domain.flow import HangUp, Says
from app.domain.hunts import whisper_parts
from app.domain.hunts.call_back import why_not_called_back
from app.domain.hunts.context import HuntContext
from app.domain.hunts.effects import AcknowledgeTicket, PlaceLeg
from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome
from app.domain.hunts.press_one import (
    AtLeg,
    CalleeMenu,
    CalleePoint,
    CalleeStep,
    LegBranch,
    RingCaller,
    fork,
)
from app.domain.hunts.who_is_rung import duty_seconds
from app.domain.reasons import Code, because
from app.domain.roles import Role

HAS_TICKET_SECONDS: Final = 10  # of silence after it: somebody who was asleep is thinking
HEARD_AT_MOST: Final = 12  # how often one leg hears it, its offers included
CALLER_RINGS_SECONDS: Final = 40

AtAny = AtLeg[HuntContext]


def is_acknowledged(at: AtAny) -> bool:
    """Tell whether somebody else has the ticket; one who was never connected has not."""
    hunt, acknowledged_by = at.context.hunt, at.context.world.acknowledged_by
    if hunt.acknowledged_leg is not None and not hunt.owns_ticket(at.leg):
        return True
    return acknowledged_by not in (None, at.callee.name) and not hunt.unbridged


def acknowledges(at: AtAny) -> AcknowledgeTicket:
    """Make the ticket theirs."""
    return AcknowledgeTicket(at.callee.person, at.callee.name, at.context.hunt.unbridged)


def has_ticket_steps(says: Callable[[AtAny], Says]) -> Mapping[CalleeStep, CalleePoint[AtAny]]:
    """Return the steps of whoever has the ticket; `says` tells them that they have it."""
    return {
        CalleeStep.TICKET_IS_THEIRS: fork(
            _may_call_caller, CalleeStep.HAS_TICKET, CalleeStep.GOODBYE
        ),
        CalleeStep.HAS_TICKET: CalleeMenu(
            says,
            {"3": CalleeStep.CALL_CALLER, "2": CalleeStep.GOODBYE},
            silence=CalleeStep.GOODBYE,
            prompts=1,
            other=CalleeStep.TICKET_IS_THEIRS,
            heard_at_most=HEARD_AT_MOST,
            seconds=HAS_TICKET_SECONDS,
        ),
        CalleeStep.CALL_CALLER: fork(
            _call_caller,
            CalleeStep.TICKET_IS_THEIRS,
            CalleeStep.RUNG_AGAIN,
            CalleeStep.CALLER_RINGS,
        ),
        CalleeStep.CALLER_RINGS: RingCaller(),
        CalleeStep.RUNG_AGAIN: HangUp(_we_call_you),
        CalleeStep.GOODBYE: HangUp(_goodbye),
    }


def you_have_it(at: AtAny) -> Says:
    """The ticket is theirs, and what 3 does."""
    keys = (
        whisper_parts.cannot_call_caller
        if why_not_called_back(at.context)
        else whisper_parts.may_call_caller
    )
    return (
        *whisper_parts.you_have_it(at.context, at.callee),
        *keys(at.context, at.callee),
    )


def _may_call_caller(at: AtAny) -> LegBranch:
    """Say why 3 does not call the caller, where it does not."""
    if at.leg.heard >= HEARD_AT_MOST:
        return LegBranch(CalleeStep.GOODBYE, at.context.hunt)
    why_not = why_not_called_back(at.context)
    reasons = (because(Code.NOT_CALLED_BACK, why=why_not),) if why_not else ()
    return LegBranch(CalleeStep.HAS_TICKET, at.context.hunt, reasons)


def _call_caller(at: AtAny) -> LegBranch:
    """Connect them with the caller, whom we ring; never without their key."""
    context, leg = at.context, at.leg
    if why_not_called_back(context) or leg.heard >= HEARD_AT_MOST:
        return LegBranch(CalleeStep.TICKET_IS_THEIRS, context.hunt)
    reason = because(Code.CALLS_CALLER, name=leg.callee.name)
    if not leg.own_call:  # it was rung for a caller and can ring nobody: call them on one that can
        theirs = Leg(context.hunt.next_id, leg.callee, own_call=True)
        placed = PlaceLeg(theirs.id, theirs.callee, duty_seconds(context))
        return LegBranch(CalleeStep.RUNG_AGAIN, context.hunt.adding(theirs), (reason, placed))
    number, language = context.holder.caller.digits, context.holder.language
    caller = Callee(Role.CALLER, "", number, Role.CALLER, language)
    hunt = _end_calls_to_caller(context.hunt.having(replace(leg, heard=leg.heard + 1)))
    rung = hunt.adding(Leg(hunt.next_id, caller))
    return LegBranch(CalleeStep.CALLER_RINGS, rung, (reason,))


def _end_calls_to_caller(hunt: Hunt) -> Hunt:
    """Whoever presses 3 again is not talking: an earlier call to the caller is over."""
    over = (LegOutcome.RINGING, Role.CALLER)
    legs = tuple(
        replace(leg, outcome=LegOutcome.CANCELLED)
        if (leg.outcome, leg.callee.role) == over
        else leg
        for leg in hunt.legs
    )
    return replace(hunt, legs=legs, talks_back=False)


def _we_call_you(at: AtAny) -> Says:
    """They are rung themselves in a moment: this leg cannot connect them with anybody else."""
    return whisper_parts.words(at.callee.language, "whisper_we_call_you")


def _goodbye(at: AtAny) -> Says:
    """The ticket is theirs, and that is all."""
    return whisper_parts.words(at.callee.language, "whisper_you_have_it_goodbye")
