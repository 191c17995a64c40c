"""One call of which two processes or two hosts kept turns while the database was away.

Neither knew of the other's. What either did stays: the ticket, who was rung, the message.
"""

from dataclasses import replace

from app.domain.calls.call import Call
from app.domain.calls.decision import Decision
from app.domain.hunts.effects import OpenTicket


def merged(stored: Call, past: Call) -> Call:
    """Return the state that came further, with what only the other one has."""
    is_behind = _how_far(stored) > _how_far(past)
    one, other = (stored, past) if is_behind else (past, stored)
    return replace(
        one,
        ticket=one.ticket or other.ticket,
        joined=one.joined if one.ticket else other.joined,
        hunt=one.hunt.merged_with(other.hunt),
        recording=one.recording or other.recording,
        message_seconds=one.message_seconds or other.message_seconds,
        talked=one.talked or other.talked,
        turn=max(one.turn, other.turn),
    )


def as_one_ticket(decision: Decision, known: Call) -> Decision:
    """Leave out the opening of a ticket that the same caller has in the same call already.

    One that is more or less urgent is another case.
    """
    ticket, first = decision.call.ticket, known.ticket
    if ticket is None or first is None or first.priority is not ticket.priority:
        return decision
    trace = tuple(part for part in decision.trace if not isinstance(part, OpenTicket))
    return replace(decision, trace=trace)


def _how_far(call: Call) -> tuple[bool, bool, int]:
    """Tell how far a call has come: ended, talked, its turn."""
    return (call.has_ended, call.talked, call.turn)
