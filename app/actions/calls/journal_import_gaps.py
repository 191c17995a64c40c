"""What a turn that was lost from the journal has left in the state of its call.

The next turn that could be read tells how far the call had come. What the lost one asked for
and what must not be missing is asked for once more: the ticket, who took it, and the message.
"""

from collections.abc import Iterator
from dataclasses import replace

from app.domain.calls.call import Call
from app.domain.calls.call_ticket import attach
from app.domain.calls.decision import Decision
from app.domain.hunts.effects import AcknowledgeTicket, AttachMessage, Effect, OpenTicket
from app.domain.hunts.hunt import Leg, LegOutcome
from app.domain.tickets.opening import asked_for


def without_gap(before: Call, decision: Decision) -> Decision:
    """Return the decision with what turns between `before` and it must have asked for."""
    missing = tuple(_missing(before, decision.call, decision.effects))
    return replace(decision, trace=(*missing, *decision.trace)) if missing else decision


def _missing(before: Call, call: Call, asked: tuple[Effect, ...]) -> Iterator[Effect]:
    kinds = {type(effect) for effect in asked}
    ticket = call.ticket
    is_new = ticket is not None and not ticket.number and before.ticket is None
    if ticket is not None and is_new and OpenTicket not in kinds:
        yield OpenTicket(asked_for(ticket))
    taker = _taker(call)
    is_taken_since = call.hunt.accepted_leg != before.hunt.accepted_leg
    if ticket and taker and is_taken_since and AcknowledgeTicket not in kinds:
        yield AcknowledgeTicket(taker.callee.person, taker.callee.name)
    has_message = call.recording and call.recording != before.recording
    if has_message and AttachMessage not in kinds:
        yield from attach(call, call.recording, call.message_seconds)


def _taker(call: Call) -> Leg | None:
    """Return the leg at which somebody has accepted, or None."""
    leg = call.hunt.accepted
    return leg if leg and leg.outcome is LegOutcome.ACCEPTED else None
