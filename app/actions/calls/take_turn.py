"""One turn of a call: lock, load, decide, write, once. Called by turn_service.py.

Every event of a call, from the caller or a callee, is handled here; a call-out's in
callouts/call_out_turn.py. No HTTP, no TwiML.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import NamedTuple

from sqlalchemy import Connection

from app.actions.callouts.call_out_turn import take_call_out_turn
from app.actions.calls.answer import Answer, TurnWriter, UnknownCall
from app.actions.calls.decide_turn import decide_turn, uses_strangers_limits
from app.actions.calls.staff_turn import is_staff_turn
from app.domain.callouts.call_out import is_call_out
from app.domain.calls.call import Arrived, Call, Event, Recorded
from app.domain.calls.decide import decide
from app.domain.calls.decision import Decision
from app.domain.calls.turn_request import (
    CALLERS_LEG,
    ClockReading,
    Dialled,
    Moment,
    TurnRequest,
    arrival,
    message_left,
)
from app.domain.hunts.instructions import Silent
from app.store import Database
from app.store.apply import apply
from app.store.calls import LockedCall, Turn, load_answer, lock_call, write_texts
from app.store.snapshot import take_snapshot

NO_OFFSET = timedelta(0)
# What was read longer ago is read again before it is acted on: somebody may have taken over since.
AHEAD_SECONDS = 0.25


class Ahead(NamedTuple):
    """A turn that was decided before it may be written, and when: seconds of a monotonic clock."""

    turn: Turn
    looked_at: float


def take_turn(
    connection: Connection,
    request: TurnRequest,
    write_turn: TurnWriter = apply,
    ahead: Ahead | None = None,
) -> Answer:
    """Answer one event of a call or a call-out, once: a repeated turn gets the stored answer.

    A turn that was decided `ahead` is written as it was, unless its call has changed since.

    A late turn that was never seen gets the current turn's answer; a call that comes in and whose
    earlier turns are not known here begins at the turn that it has come to. UnknownCall for a
    call that was never stored, and for one of which this host knows less than was asked while the
    database is away. DatabaseUnavailable and UnreadableVersion leave the caller to the lifeline.
    """
    if is_call_out(request.call):
        return take_call_out_turn(connection, request, write_turn)
    event = _of_call(request)
    stored = lock_call(connection, request.call, request.key)
    knows_less = write_turn is not apply  # another host may know more of the call
    moment = request.clock.at(stored.offset if stored else NO_OFFSET)
    if ahead and _still_holds(ahead, stored, moment):
        return _answer(ahead.turn, write_turn(connection, ahead.turn))
    found = _found(request, stored, moment.now, knows_less=knows_less)
    if found is None:
        return _again(connection, request, stored, knows_less=knows_less)
    snapshot, decision = decide_turn(connection, found, event, moment, knows_less=knows_less)
    turn = Turn(request, _call_of(stored), found, decision, snapshot, moment)
    return _answer(turn, write_turn(connection, turn))


def prepare_turn(database: Database, request: TurnRequest) -> Callable[[Connection], Answer]:
    """Return what answers one event there in a write transaction, once.

    Where one writer at a time is let in, it is decided on at once, before that one waits.
    PostgreSQL keeps only those of the same call waiting. DatabaseUnavailable.
    """
    if not database.is_sqlite:
        return partial(take_turn, request=request)
    looked_at = monotonic()
    turn = database.look(partial(decide_ahead, request=request))
    return partial(take_turn, request=request, ahead=Ahead(turn, looked_at) if turn else None)


def decide_ahead(connection: Connection, request: TurnRequest) -> Turn | None:
    """Decide on one event of a call without keeping anybody waiting, for `take_turn` to write.

    None where that must decide: a call-out, a repeated turn, a stranger whose limits are used,
    the staff's menu, and a call that is not stored yet: its first turn may be waiting to be.
    """
    if is_call_out(request.call):
        return None
    stored = lock_call(connection, request.call, request.key)
    moment = request.clock.at(stored.offset if stored else NO_OFFSET)
    try:
        event = _of_call(request)
        found = _found(request, stored, moment.now, knows_less=False)
    except UnknownCall:
        return None
    if found is None or is_staff_turn(found, event):
        return None
    snapshot = take_snapshot(connection, found, event, moment.now, moment.real)
    decision = decide(found, event, snapshot.world, moment.now)
    if uses_strangers_limits(found, decision, snapshot.world, moment.now):
        return None
    turn = Turn(request, _call_of(stored), found, decision, snapshot, moment)
    write_texts(turn)
    return turn


def take_recovered_message(
    database: Database, call_sid: str, dialled: Dialled, message: Recorded, clock: ClockReading
) -> None:
    """Keep a message that the network alone knew of, once, as of the moment at which it was left.

    The call may be unknown too. In one transaction: no call stays without its message.
    """
    spoken = message_left(call_sid, message, clock)
    key = replace(spoken.key, name=f"{spoken.key.name} {message.recording}")

    def both(connection: Connection) -> None:
        take_turn(connection, arrival(call_sid, dialled, clock))
        take_turn(connection, replace(spoken, key=key))

    database.write(both)


def find_answer(connection: Connection, request: TurnRequest) -> Answer | None:
    """Return what a turn was answered, or None where it never was."""
    stored = lock_call(connection, request.call, request.key)
    if stored is None or stored.answered is None:
        return None
    return _again(connection, request, stored, knows_less=False)


def _call_of(stored: LockedCall | None) -> Call | None:
    return stored.call if stored else None


def _still_holds(ahead: Ahead, stored: LockedCall | None, moment: Moment) -> bool:
    """Tell whether the call is as it was decided on, and the turn has not been taken since."""
    is_same = (ahead.turn.before, ahead.turn.moment) == (_call_of(stored), moment)
    is_fresh = monotonic() - ahead.looked_at <= AHEAD_SECONDS
    return is_same and is_fresh and not (stored and stored.answered)


def _of_call(request: TurnRequest) -> Event:
    if not isinstance(request.event, Event):
        raise UnknownCall(request.call)  # whatever else can happen belongs to a call-out
    return request.event


def _found(
    request: TurnRequest, stored: LockedCall | None, now: datetime, *, knows_less: bool
) -> Call | None:
    """Return the call as this event finds it; None where it has been answered before."""
    number, dialled = request.number, request.dialled
    if isinstance(request.event, Arrived) and dialled:
        begins_anew = stored and knows_less and (number or 0) > stored.call.turn
        if stored and (stored.answered or not begins_anew):
            return None
        line, caller = dialled.digits, dialled.caller
        return Call(request.call, line, caller, started_at=now, turn=number or 0)
    if stored is None or (knows_less and _is_unseen(request, stored.call)):
        raise UnknownCall(request.call)
    if stored.answered or number not in (None, stored.call.turn + 1):
        return None
    return stored.call if number is None else replace(stored.call, turn=number)


def _is_unseen(request: TurnRequest, call: Call) -> bool:
    """Tell whether the network speaks of what another host has answered: a later turn, a leg."""
    if request.number is not None:
        return request.number > call.turn + 1
    return request.key.leg != CALLERS_LEG and call.leg(request.key.leg) is None


def _is_listening(request: TurnRequest, call: Call) -> bool:
    """Tell whether somebody hears what this turn is answered: it is no echo of an earlier one."""
    return request.number is not None and request.number >= call.turn and not call.has_ended


def _answer(turn: Turn, written: Decision) -> Answer:
    call, desk = written.call, turn.snapshot.world.desk
    return Answer(call, written.instruction, call.turn, turn.moment.now, desk)


def _again(
    connection: Connection, request: TurnRequest, stored: LockedCall | None, *, knows_less: bool
) -> Answer:
    """Say what was said: on this turn if it was taken, else on the one the call is at."""
    assert stored is not None
    moment = request.clock.at(stored.offset)
    turn = stored.call.turn if request.number is None else request.number
    instruction = stored.answered
    if instruction is None:
        turn = stored.call.turn
        known = load_answer(connection, stored.call.sid, turn)
        if known is None and knows_less and _is_listening(request, stored.call):
            raise UnknownCall(request.call)  # silence would be dead air
        instruction = known or Silent()
    snapshot = take_snapshot(connection, stored.call, _of_call(request), moment.now, moment.real)
    return Answer(stored.call, instruction, turn, moment.now, snapshot.world.desk, is_repeated=True)
