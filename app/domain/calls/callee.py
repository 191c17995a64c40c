"""Whoever is rung for a caller: what they hear, and what follows when they accept.

Forks and messages of the table in calls/flows/callee.py.
"""

from dataclasses import replace
from typing import Final

from app.domain.calls.call import Call, Step
from app.domain.calls.context import CallContext
from app.domain.calls.ordinals import nth
from app.domain.flow import Says
from app.domain.hunts import callee_prompts
from app.domain.hunts.callee_flow import AtLeg, CalleeStep, LegBranch
from app.domain.hunts.callee_prompts import words
from app.domain.hunts.effects import AcknowledgeTicket, Effect
from app.domain.hunts.has_ticket import AtAny, acknowledges, is_acknowledged, you_have_it
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.who_is_rung import stop_ringing
from app.domain.reasons import Code, because
from app.domain.tickets.ticket import Ticket

RINGING_STEPS: Final = (Step.FIRST_LINE_RINGS, Step.DUTY_RINGS, Step.TICKET_OWNER_RINGS)

InCall = AtLeg[CallContext]


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


def offer(at: InCall) -> Says:
    """Desk, level and "press 1" first; then customer, ticket, the caller's number, and the keys."""
    context, language = at.context, at.callee.language
    is_again = context.hunt.first_choice == at.callee.number
    return (
        callee_prompts.which_desk(context, language, "whisper_critical", "whisper_call"),
        *(words(language, "whisper_same_caller") if is_again else ()),
        *_which_call(context.call, language),
        callee_prompts.which_customer(context, language),
        *_which_ticket(context, language),
        callee_prompts.which_number(context, language, "whisper_caller"),
        *callee_prompts.which_language(context, language),
        *_no_keys(context.ticket, language),
        *callee_prompts.note(context, language),
        *words(language, "whisper_keys"),
    )


def too_late(at: InCall) -> Says:
    """The caller has hung up; or is past the ringing, with the ticket that it is about."""
    language, context = at.callee.language, at.context
    if context.call.hung_up:
        return words(language, "whisper_caller_gone")
    if context.ticket is None:
        return words(language, "whisper_passed")
    number = callee_prompts.ticket_number(context)
    return words(language, "whisper_too_late", ticket=number)


def caller_left(at: AtAny) -> Says:
    """The caller had just hung up, and the ticket is theirs."""
    return (*words(at.callee.language, "whisper_caller_left"), *you_have_it(at))


def _which_call(call: Call, language: str) -> Says:
    return words(language, "whisper_which_call", calls=nth(call.joined)) if call.joined else ()


def _which_ticket(context: CallContext, language: str) -> Says:
    number = callee_prompts.ticket_number(context)
    return words(language, "whisper_ticket", ticket=number) if context.ticket else ()


def _no_keys(ticket: Ticket | None, language: str) -> Says:
    return words(language, "whisper_no_keys") if ticket and ticket.no_keys else ()
