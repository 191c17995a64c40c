"""Imports the journal into the database: tickets, legs and messages, once, as they were decided.

Nothing is decided anew. A job that has lost its use in the meantime is left to the worker,
which drops it by its age: everything keeps the moment at which it happened.
"""

from dataclasses import replace
from functools import partial
from typing import cast

import structlog
from sqlalchemy import Connection, bindparam, update

from app.actions.callouts.journal_import import import_call_out_turn
from app.actions.calls.journal_import_gaps import without_gap
from app.actions.calls.journal_import_merge import as_one_ticket, merged
from app.domain.calls.call import Call, Event
from app.domain.calls.decision import Decision
from app.domain.calls.turn_request import ClockReading, TurnRequest
from app.domain.hunts.effects import Effect, OpenTicket, SendSms
from app.domain.hunts.instructions import numbered, numbered_instruction
from app.domain.reasons import Reason
from app.offline.journal import JournaledTurn
from app.offline.offline_store import OfflineStore
from app.offline.pending_turns import PendingTurns
from app.store import Database, DatabaseUnavailable
from app.store.apply import apply
from app.store.calls import Turn, lock_call
from app.store.snapshot import take_snapshot
from app.store.tables import TurnRow

log = structlog.get_logger(__name__)

AS_JOURNALED = (
    update(TurnRow)
    .where(
        TurnRow.call_sid == bindparam("sid"),
        TurnRow.leg == bindparam("this_leg"),
        TurnRow.key == bindparam("this_key"),
    )
    .values(
        facts=bindparam("facts"),
        desk_version=bindparam("desk_version"),
        roster_version=bindparam("roster_version"),
        roster_revision=bindparam("roster_revision"),
    )
)


def import_journal(database: Database, offline: OfflineStore) -> int:
    """Bring every waiting call into the database; return how many there were.

    DatabaseUnavailable when it is away again. A call that cannot be stored stays where it
    is, and does not keep the others.
    """
    done = 0
    for sid in offline.waiting_calls():
        try:
            with offline.call_lock(sid):
                done += import_call(database, offline, sid)
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("journal_stuck", call_sid=sid)
    return done


def import_call(database: Database, offline: OfflineStore, sid: str) -> bool:
    """Bring one call's turns into the database in one transaction, then forget them here.

    After a crash in between they are imported once more, and a turn that is there is passed
    over: the unique index over (call, leg, key) holds for it as for every other. False where
    there was nothing to bring.
    """
    waiting = offline.turns_of(sid)
    if not waiting.turns:
        offline.delete_turns(sid, waiting)  # what could not be read is noted
        return False
    waiting = database.write(partial(_import, offline=offline, sid=sid))
    log.info("journal_imported", call_sid=sid, turns=len(waiting.turns))
    offline.delete_turns(sid, waiting)
    return True


def _import(connection: Connection, offline: OfflineStore, sid: str) -> PendingTurns:
    """Import what waits at this moment, and return it.

    Read only here: a transaction may wait seconds to begin, and a key pressed meanwhile belongs
    in it. Without that key, whoever acknowledged the ticket would be told that nobody has.
    """
    waiting = offline.turns_of(sid)
    for past in waiting.turns:
        if isinstance(past.decision, Decision):
            is_new = _import_turn(connection, past, past.decision)
        else:
            is_new = import_call_out_turn(connection, past, past.decision)
        if is_new:
            connection.execute(AS_JOURNALED, _as_journaled(past))
    return waiting


def _import_turn(connection: Connection, past: JournaledTurn, asked: Decision) -> bool:
    """Carry out what was decided, as of the moment at which it was; False where it has been."""
    call, moment = asked.call, past.moment
    stored = lock_call(connection, call.sid, past.key)
    if stored is not None and stored.answered is not None:
        return False
    before = stored.call if stored else Call(call.sid, call.line, call.caller, call.started_at)
    decision = _with_number(without_gap(before, asked), before)
    if stored:  # another process or host may have gone on with the call
        decision = replace(decision, call=_merged(stored.call, decision))
    event = cast(Event, past.event)
    snapshot = take_snapshot(connection, call, event, moment.now, moment.real)
    request = TurnRequest(call.sid, event, past.key, ClockReading(moment.real, moment.now))
    known = stored.call if stored else None
    apply(connection, Turn(request, known, before, decision, snapshot, moment))
    return True


def _as_journaled(past: JournaledTurn) -> dict[str, object]:
    return {
        "sid": past.decision.holder.sid,
        "this_leg": past.key.leg,
        "this_key": past.key.name,
        "facts": past.facts,
        "desk_version": past.desk_version,
        "roster_version": past.roster_version,
        "roster_revision": past.roster_revision,
    }


def _merged(stored: Call, decision: Decision) -> Call:
    call = merged(stored, decision.call)
    is_opening = any(isinstance(effect, OpenTicket) for effect in decision.effects)
    return replace(call, ticket=decision.call.ticket, joined=0) if is_opening else call


def _with_number(decision: Decision, before: Call) -> Decision:
    """Give a later turn the number that the ticket got when its opening was imported."""
    decision = as_one_ticket(decision, before)
    ticket, known = decision.call.ticket, before.ticket
    if ticket is None or ticket.number or known is None or not known.number:
        return decision
    if any(isinstance(effect, OpenTicket) for effect in decision.effects):  # another case
        return decision
    number = known.number
    return Decision(
        replace(decision.call, ticket=replace(ticket, number=number)),
        numbered_instruction(decision.instruction, number),
        tuple(_numbered(part, number) for part in decision.trace),
    )


def _numbered(part: Effect | Reason, number: int) -> Effect | Reason:
    if isinstance(part, SendSms):
        return replace(part, message=numbered(part.message, number))
    return part
