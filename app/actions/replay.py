"""Brings the journal into the database: tickets, legs and messages, once, as they were decided.

Nothing is decided anew. A job that has lost its use in the meantime is left to the worker,
which drops it by its age: everything keeps the moment at which it happened.
"""

from dataclasses import replace
from functools import partial

import structlog
from sqlalchemy import Connection, bindparam, update

from app.actions.replay_gaps import without_gap
from app.actions.replay_merge import as_one_ticket, merged
from app.domain.call import Call
from app.domain.decision import (
    Decision,
    Effect,
    OpenTicket,
    Reason,
    SendSms,
    numbered,
    numbered_script,
)
from app.standby.journal import Journaled
from app.standby.standby import Standby
from app.store import Database, DatabaseUnavailable
from app.store.apply import apply
from app.store.calls import SecondArrival, Stored, lock_call
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
    )
)


def replay_all(database: Database, standby: Standby) -> int:
    """Bring every waiting call into the database; return how many there were.

    DatabaseUnavailable when it is away again. A call that cannot be stored stays where it
    is, and does not keep the others.
    """
    done = 0
    for sid in standby.waiting_calls():
        try:
            with standby.one_at_a_time(sid):
                done += replay_call(database, standby, sid)
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("journal_stuck", call_sid=sid)
    return done


def replay_call(database: Database, standby: Standby, sid: str) -> bool:
    """Bring one call's turns into the database in one transaction, then forget them here.

    Whoever dies in between has them replayed once more, and a turn that is there is passed
    over: the unique index over (call, leg, key) holds for it as for every other. False where
    there was nothing to bring.
    """
    waiting = standby.turns_of(sid)
    if waiting.turns:
        work = partial(_replay, turns=waiting.turns)
        try:
            database.write(work)
        except SecondArrival:  # another process was first
            database.write(work)
        log.info("journal_replayed", call_sid=sid, turns=len(waiting.turns))
    standby.forget(sid, waiting)
    return bool(waiting.turns)


def _replay(connection: Connection, turns: tuple[Journaled, ...]) -> None:
    for past in turns:
        stored = lock_call(connection, past.decision.call.sid, past.turn.leg, past.turn.key)
        if stored is None or stored.answered is None:
            _replay_turn(connection, past, stored)


def _replay_turn(connection: Connection, past: Journaled, stored: Stored | None) -> None:
    """Carry out what was decided, as of the moment at which it was."""
    call, moment = past.decision.call, past.moment
    before = stored.call if stored else Call(call.sid, call.line, call.caller, call.started_at)
    decision = _with_number(without_gap(before, past.decision), before)
    if stored:  # another process or host may have gone on with the call
        decision = replace(decision, call=_merged(stored.call, decision))
    snapshot = take_snapshot(connection, call, past.turn.event, moment.now, moment.real)
    apply(connection, before, past.turn, decision, snapshot, moment, is_new=stored is None)
    as_journaled = {
        "sid": call.sid,
        "this_leg": past.turn.leg,
        "this_key": past.turn.key,
        "facts": past.facts,
        "desk_version": past.desk_version,
        "roster_version": past.roster_version,
    }
    connection.execute(AS_JOURNALED, as_journaled)


def _merged(stored: Call, decision: Decision) -> Call:
    call = merged(stored, decision.call)
    is_opening = any(isinstance(effect, OpenTicket) for effect in decision.effects)
    return replace(call, ticket=decision.call.ticket) if is_opening else call


def _with_number(decision: Decision, before: Call) -> Decision:
    """Give a later turn the number that the ticket got when its opening was replayed."""
    decision = as_one_ticket(decision, before)
    ticket, known = decision.call.ticket, before.ticket
    if ticket is None or ticket.number is not None or known is None or known.number is None:
        return decision
    if any(isinstance(effect, OpenTicket) for effect in decision.effects):  # another case
        return decision
    number = known.number
    return Decision(
        replace(decision.call, ticket=replace(ticket, number=number)),
        numbered_script(decision.script, number),
        tuple(_numbered(part, number) for part in decision.story),
    )


def _numbered(part: Effect | Reason, number: int) -> Effect | Reason:
    if isinstance(part, SendSms):
        return replace(part, sentence=numbered(part.sentence, number))
    return part
