"""Imports the turns of a call-out that the journal kept, once, as they were decided."""

from dataclasses import replace

from sqlalchemy import Connection

from app.actions.callouts.call_out_turn import call_out_event, gather
from app.domain.callouts.call_out import CallOut, CallOutDecision
from app.domain.calls.turn_request import ClockReading, TurnRequest
from app.domain.hunts.effects import AcknowledgeTicket
from app.domain.hunts.hunt import NO_HUNT
from app.offline.journal import JournaledTurn
from app.store.apply import apply
from app.store.call_out_rows import lock_call_out
from app.store.call_outs import count_call_out, look_at_ticket
from app.store.calls import CallOutTurn


def import_call_out_turn(
    connection: Connection, past: JournaledTurn, asked: CallOutDecision
) -> bool:
    """Carry out what was decided, as of the moment at which it was; False where it has been."""
    call_out, moment = asked.call_out, past.moment
    stored = lock_call_out(connection, call_out.sid, past.key)
    if stored is not None and stored.answered is not None:
        return False
    known = stored.call_out if stored else None
    before = known or replace(call_out, hunt=NO_HUNT, ended_at=None)
    decision = _without_gap(before, asked)
    if known:  # the worker, or another host, may have gone on with it
        decision = replace(decision, call_out=_merged(known, call_out))
    clock = ClockReading(moment.real, moment.now)
    request = TurnRequest(call_out.sid, past.event, past.key, clock)
    _, snapshot = gather(connection, call_out, call_out_event(request), moment)
    apply(connection, CallOutTurn(request, known, before, decision, snapshot, moment))
    if known is None:  # the database has lost its beginning: no other one may get its number
        count_call_out(connection, call_out.ticket.number, call_out.number)
        look_at_ticket(connection, call_out.ticket.number, moment.real)
    return True


def _without_gap(before: CallOut, decision: CallOutDecision) -> CallOutDecision:
    """Return the decision with who took the ticket, where the turn that told it was lost."""
    taker = decision.call_out.hunt.taker
    is_told = any(isinstance(effect, AcknowledgeTicket) for effect in decision.effects)
    if taker is None or is_told or before.hunt.taker is not None:
        return decision
    missing = AcknowledgeTicket(taker.callee.person, taker.callee.name)
    return replace(decision, trace=(missing, *decision.trace))


def _merged(stored: CallOut, past: CallOut) -> CallOut:
    """Return the state that came further, with what only the other one knows."""
    is_behind = _how_far(stored) > _how_far(past)
    one, other = (stored, past) if is_behind else (past, stored)
    return replace(one, hunt=one.hunt.merged_with(other.hunt))


def _how_far(call_out: CallOut) -> tuple[bool, bool, int, int]:
    """Tell how far a call-out has come: ended, taken, how many were rung, and are over."""
    hunt = call_out.hunt
    rung = len(hunt.legs)
    return (call_out.has_ended, hunt.taker is not None, rung, rung - len(hunt.ringing))
