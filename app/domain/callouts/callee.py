"""Whoever is rung in a call-out: what they hear, and what follows when they accept.

Forks and messages of the table in callouts/flow.py.
"""

from dataclasses import replace

from app.domain.callouts.context import CallOutContext
from app.domain.callouts.missed import who_missed
from app.domain.flow import Says
from app.domain.hunts import callee_prompts
from app.domain.hunts.callee_flow import AtLeg, CalleeStep, LegBranch
from app.domain.hunts.callee_prompts import words
from app.domain.hunts.has_ticket import acknowledges, is_acknowledged
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.who_is_rung import stop_ringing
from app.domain.reasons import Code, because

InCallOut = AtLeg[CallOutContext]


def may_acknowledge(at: InCallOut) -> LegBranch:
    """Ask whether the ticket may still be theirs: also late, as long as nobody has it."""
    return LegBranch(_instead(at) or CalleeStep.OFFER, at.context.hunt)


def may_hear_message(at: InCallOut) -> LegBranch:
    """3 plays what the caller said, where they said something."""
    plays = CalleeStep.MESSAGE_PLAYS if recording(at) else CalleeStep.OFFER
    return LegBranch(_instead(at) or plays, at.context.hunt)


def acknowledge(at: InCallOut) -> LegBranch:
    """The ticket is theirs: nobody else is rung."""
    if is_acknowledged(at):
        return LegBranch(CalleeStep.SOMEBODY_ELSE_HAS_IT, at.context.hunt)
    call_out, ringing = at.context.call_out, at.context.hunt
    accepted = ringing.having(replace(at.leg, outcome=LegOutcome.ACCEPTED))
    missed = () if call_out.has_ended else who_missed(at.context.hunting(accepted))
    left, stopped = stop_ringing(accepted, LegOutcome.CANCELLED)
    hunt = replace(left, accepted_leg=at.leg_id, acknowledged_leg=at.leg_id)
    taken = (because(Code.ACCEPTED, name=at.callee.name), acknowledges(at))
    return LegBranch(CalleeStep.TICKET_IS_THEIRS, hunt, (*taken, *stopped, *missed))


def _instead(at: InCallOut) -> CalleeStep | None:
    """Return where it leads when the ticket has been taken, by them or somebody else."""
    if at.context.hunt.owns_ticket(at.leg):
        return CalleeStep.TICKET_IS_THEIRS
    return CalleeStep.SOMEBODY_ELSE_HAS_IT if is_acknowledged(at) else None


def recording(at: InCallOut) -> str:
    """Return what the caller said; empty where they left no message."""
    return at.context.call_out.recording


def offer(at: InCallOut) -> Says:
    """Nobody has taken the ticket: whoever is woken hears in one breath that it waits for them."""
    context, language = at.context, at.callee.language
    number = callee_prompts.ticket_number(context)
    return (
        callee_prompts.which_desk(context, language, "whisper_call_out", "whisper_call_out_other"),
        *words(language, "whisper_unacknowledged", ticket=number),
        *_about(context, language),
        *callee_prompts.which_language(context, language),
        *callee_prompts.note(context, language),
        *keys(at),
    )


def keys(at: InCallOut) -> Says:
    """The keys of a call-out: 3 plays what the caller said, where they said something."""
    key = "whisper_call_out_keys_message" if recording(at) else "whisper_call_out_keys"
    return words(at.callee.language, key)


def _about(context: CallOutContext, language: str) -> Says:
    """Of a call: customer and number. Of any other ticket: its subject, and what is known."""
    ticket, number = context.call_out.ticket, context.callers_number
    customer = callee_prompts.which_customer(context, language)
    if ticket.is_from_call:
        return (
            customer,
            callee_prompts.which_number(context, language, "whisper_called_from"),
        )
    return (
        *words(language, "whisper_subject", subject=ticket.subject),
        *((customer,) if context.customer else ()),
        *(words(language, "whisper_contact", number=number) if number else ()),
    )
