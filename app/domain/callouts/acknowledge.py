"""What 1 and 3 do for somebody who is rung in a call-out: the ticket is theirs, or its message.

Forks of the table in callouts/callee.py; what they hear is whisper.py.
"""

from app.domain.callouts.missed import who_missed
from app.domain.callouts.whisper import InCallOut, recording
from app.domain.copies import replace
from app.domain.hunts.acknowledged_menu import acknowledges, is_acknowledged
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.press_one import CalleeStep, LegBranch
from app.domain.hunts.who_is_rung import stop_ringing
from app.domain.reasons import Code, because


def may_acknowledge(at: InCallOut) -> LegBranch:
    """Ask whether the ticket may still be theirs: also late, as long as nobody has it."""
    return LegBranch(_instead(at) or CalleeStep.OFFER, at.context.hunt)


def may_hear_message(at: InCallOut) -> LegBranch:
    """3 plays what the caller said, where they said something and it can be played now."""
    return LegBranch(_instead(at) or _message(at), at.context.hunt)


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


def _message(at: InCallOut) -> CalleeStep:
    if not recording(at):
        return CalleeStep.OFFER
    is_stored = at.context.world.message_is_stored
    return CalleeStep.MESSAGE_PLAYS if is_stored else CalleeStep.MESSAGE_AWAY


def _instead(at: InCallOut) -> CalleeStep | None:
    """Return where it leads when the ticket has been taken, by them or somebody else."""
    if at.context.hunt.owns_ticket(at.leg):
        return CalleeStep.TICKET_IS_THEIRS
    return CalleeStep.SOMEBODY_ELSE_HAS_IT if is_acknowledged(at) else None
