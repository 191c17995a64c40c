"""What 1 does for somebody who is rung for a caller: they get the call, the ticket, or neither.

Forks of the table in calls/flows/callee.py; what they hear is whisper.py.
"""

from app.domain.calls.call import RINGING_STEPS, Call
from app.domain.calls.whisper import InCall
from app.domain.copies import replace
from app.domain.hunts.acknowledged_menu import acknowledges, is_acknowledged
from app.domain.hunts.effects import AcknowledgeTicket, Effect
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.press_one import CalleeStep, LegBranch
from app.domain.hunts.who_is_rung import stop_ringing
from app.domain.reasons import Code, because


def may_accept(at: InCall) -> LegBranch:
    """Ask whether there is still a caller to be accepted."""
    hunt = at.context.hunt
    if hunt.owns_ticket(at.leg):
        return LegBranch(CalleeStep.TICKET_IS_THEIRS, hunt)
    if at.context.call.has_ended:
        return _too_late(at)
    return LegBranch(CalleeStep.SOMEBODY_ELSE_TALKS if _is_lost(at) else CalleeStep.OFFER, hunt)


def accept(at: InCall) -> LegBranch:
    """The first acceptance wins, acknowledges the ticket and bridges; a second loses politely."""
    call, hunt = at.context.call, at.context.hunt
    if hunt.accepted_leg == at.leg_id:
        return LegBranch(CalleeStep.CONNECTED, hunt)
    if _is_lost(at):
        return LegBranch(CalleeStep.SOMEBODY_ELSE_TALKS, hunt)
    if _is_overtaken(at):
        return LegBranch(CalleeStep.PASSED_ON, hunt)
    if call.has_ended or call.step not in RINGING_STEPS:
        return _accept_too_late(at)
    left, stopped = stop_ringing(
        hunt.having(replace(at.leg, outcome=LegOutcome.ACCEPTED)), LegOutcome.CANCELLED
    )
    accepted = replace(left, accepted_leg=at.leg_id, first_choice=None)
    taken = (because(Code.ACCEPTED, name=at.callee.name), acknowledges(at))
    return LegBranch(CalleeStep.CONNECTED, accepted, (*taken, *stopped))


def _accept_too_late(at: InCall) -> LegBranch:
    """Who pressed 1 too late has taken the ticket all the same, where nobody else had the call."""
    call, hunt = at.context.call, at.context.hunt
    if call.ticket is None or call.talked:
        return _too_late(at)
    if is_acknowledged(at):
        return LegBranch(CalleeStep.SOMEBODY_ELSE_HAS_IT, hunt)
    if not call.has_ended:
        return _too_late(at, AcknowledgeTicket(at.callee.person, at.callee.name))
    late = hunt.having(replace(at.leg, outcome=LegOutcome.LATE))
    trace = (because(_why_too_late(call)), acknowledges(at))
    return LegBranch(CalleeStep.TICKET_IS_THEIRS, replace(late, acknowledged_leg=at.leg_id), trace)


def _is_lost(at: InCall) -> bool:
    """Whether somebody else was first with the caller."""
    return at.context.hunt.accepted_leg not in (None, at.leg_id)


def _is_overtaken(at: InCall) -> bool:
    """Whether the leg is over and another rings for the caller, who must not be taken from it."""
    return at.leg.outcome is not LegOutcome.RINGING and any(
        other.id > at.leg_id and not other.own_call for other in at.context.hunt.ringing
    )


def _too_late(at: InCall, *effects: Effect) -> LegBranch:
    """Nobody is left to talk to: the caller has hung up, or leaves a message, or has left one."""
    late = at.context.hunt.having(replace(at.leg, outcome=LegOutcome.LATE))
    trace = (because(_why_too_late(at.context.call)), *effects)
    return LegBranch(CalleeStep.TOO_LATE, late, trace)


def _why_too_late(call: Call) -> Code:
    return Code.CALLER_GONE if call.hung_up else Code.RINGING_OVER
