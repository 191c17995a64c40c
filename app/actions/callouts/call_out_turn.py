"""One turn of a call-out: lock, load, decide, write, once; as take_turn.py does with a call's."""

from sqlalchemy import Connection

from app.actions.calls.answer import Answer, TurnWriter, UnknownCall
from app.domain.callouts.call_out import CallOut, CallOutBegan, CallOutDecision, CallOutEvent
from app.domain.callouts.decide import decide_call_out
from app.domain.calls.turn_request import (
    CALLERS_LEG,
    ClockReading,
    Moment,
    TurnKey,
    TurnRequest,
)
from app.domain.hunts.instructions import Silent
from app.store.apply import apply
from app.store.call_out_rows import LockedCallOut, lock_call_out
from app.store.calls import CallOutTurn
from app.store.desks import find_desk
from app.store.snapshot import Snapshot, take_call_out_snapshot


def take_call_out_turn(
    connection: Connection, request: TurnRequest, write_turn: TurnWriter = apply
) -> Answer:
    """Answer one event of a call-out, once: a repeated turn gets the stored answer.

    UnknownCall for one that was never stored, and for one of which this host knows less than was
    asked while the database is away.
    """
    stored = lock_call_out(connection, request.call, request.key)
    knows_less = write_turn is not apply  # another host may know more of the call-out
    if stored is None or (knows_less and _is_unseen(request, stored.call_out)):
        raise UnknownCall(request.call)
    moment = request.clock.at(stored.offset)
    if stored.answered:
        return _again(connection, stored, request, moment)
    call_out, snapshot, decision = _decide(connection, stored.call_out, request, moment)
    turn = CallOutTurn(request, stored.call_out, call_out, decision, snapshot, moment)
    return _answer(turn, write_turn(connection, turn))


def begin_call_out(connection: Connection, call_out: CallOut, moment: Moment) -> CallOut:
    """Begin a call-out about a ticket, in the transaction that has locked the ticket.

    One that has begun before is an error.
    """
    clock, key = ClockReading(moment.real, moment.now), TurnKey(CALLERS_LEG, "began")
    request = TurnRequest(call_out.sid, CallOutBegan(), key, clock)
    call_out, snapshot, decision = _decide(connection, call_out, request, moment)
    turn = CallOutTurn(request, None, call_out, decision, snapshot, moment)
    return apply(connection, turn).call_out


def gather(
    connection: Connection, call_out: CallOut, event: CallOutEvent, moment: Moment
) -> tuple[CallOut, Snapshot]:
    """Return the call-out as it goes on, and the World for one event of it.

    That of its desk, also when its line has left the desk, or leads to another one.
    """
    snapshot = take_call_out_snapshot(connection, call_out, event, moment.now, moment.real)
    if snapshot.world.desk and snapshot.world.desk.id == call_out.desk:
        return call_out, snapshot
    live = find_desk(connection, call_out.desk)
    if live is None:
        return call_out, snapshot
    moved = call_out.on_line_of(live.desk)
    return moved, take_call_out_snapshot(connection, moved, event, moment.now, moment.real)


def _decide(
    connection: Connection, call_out: CallOut, request: TurnRequest, moment: Moment
) -> tuple[CallOut, Snapshot, CallOutDecision]:
    event = call_out_event(request)
    found, snapshot = gather(connection, call_out, event, moment)
    return found, snapshot, decide_call_out(found, event, snapshot.world, moment.now)


def call_out_event(request: TurnRequest) -> CallOutEvent:
    """Return the event; UnknownCall where it is one of a call."""
    if not isinstance(request.event, CallOutEvent):
        raise UnknownCall(request.call)  # a call-out has no caller who could do anything
    return request.event


def _is_unseen(request: TurnRequest, call_out: CallOut) -> bool:
    """Tell whether the network speaks of a leg that another host has rung."""
    return request.key.leg != CALLERS_LEG and call_out.leg(request.key.leg) is None


def _answer(turn: CallOutTurn, written: CallOutDecision) -> Answer:
    desk, now = turn.snapshot.world.desk, turn.moment.now
    return Answer(written.call_out, written.instruction, CALLERS_LEG, now, desk)


def _again(
    connection: Connection, stored: LockedCallOut, request: TurnRequest, moment: Moment
) -> Answer:
    """Say what was said."""
    call_out, snapshot = gather(connection, stored.call_out, call_out_event(request), moment)
    instruction = stored.answered or Silent()
    desk = snapshot.world.desk
    return Answer(call_out, instruction, 0, moment.now, desk, is_repeated=True)
