"""One turn of a call: lock, load, decide, apply, once. Called by turn_service.py.

Every event of a call, from the caller or a callee, is handled here. No HTTP, no TwiML.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from app.actions.calls.decide_turn import decide_turn
from app.domain.calls.call import (
    Arrived,
    Call,
    CallOutBegan,
    Event,
    HungUp,
    LegAnswered,
    LegChanged,
    LegPressed,
    Recorded,
    TicketAcknowledged,
)
from app.domain.calls.decision import Decision
from app.domain.calls.instructions import Instruction, Silent
from app.domain.desks.desk import Desk
from app.domain.numbers import Number, parse_number
from app.store import Database
from app.store.apply import Moment, apply
from app.store.calls import CALLERS_LEG, LockedCall, TurnEvent, load_answer, lock_call
from app.store.snapshot import Snapshot, take_snapshot

LegEvent = LegAnswered | LegPressed | LegChanged
HUNG_UP = "hung_up"
BY_LIFELINE = "by_lifeline"
BEGAN, ACKNOWLEDGED = "began", "taken"  # of a call-out


class UnknownCall(Exception):
    """The network speaks of a call that was never stored here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to tell the network, and what is needed to word it.

    `turn` is the turn that the instruction answers: its action leads to the next one.
    `desk` is None on a line that no desk has.
    """

    call: Call
    instruction: Instruction
    turn: int
    now: datetime
    desk: Desk | None = None
    is_repeated: bool = False


class TurnWriter(Protocol):
    """Writes a turn: `apply` in the database, the offline journal while that is away."""

    def __call__(
        self,
        connection: Connection,
        before: Call,
        turn: TurnEvent,
        decision: Decision,
        snapshot: Snapshot,
        moment: Moment,
        *,
        is_new: bool = False,
    ) -> Decision:
        """Store what a decision says, and return it as it is said."""
        ...


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One event as the network tells it. Only the local exchange gives a `moment`."""

    call_sid: str
    turn: TurnEvent
    real_now: datetime
    moment: datetime | None = None
    write_turn: TurnWriter = apply
    is_past: bool = False

    @property
    def may_know_less(self) -> bool:
        """Tell whether the database is not asked: another host may know more of the call."""
        return self.write_turn is not apply

    @property
    def number(self) -> int | None:
        """Return the number of the caller's turn; None for every other event."""
        is_callers = self.turn.leg == CALLERS_LEG and self.turn.key.isdecimal()
        return int(self.turn.key) if is_callers else None


def answer_call(
    database: Database,
    call_sid: str,
    line: str,
    caller: Number,
    real_now: datetime,
    moment: datetime | None = None,
    *,
    turn: int = 0,
    write_turn: TurnWriter = apply,
) -> Answer:
    """Take a call that comes in; the same call again gets the same answer.

    One whose earlier turns are not known here begins anew, at the turn that it has come to.
    DatabaseUnavailable and UnreadableVersion leave the caller to the lifeline.
    """
    request = TurnRequest(
        call_sid, TurnEvent(Arrived(), CALLERS_LEG, str(turn)), real_now, moment, write_turn
    )
    dialled = parse_number(line).digits or line
    return database.write(partial(_arrive, request=request, line=dialled, caller=caller))


def take_turn(
    database: Database,
    call_sid: str,
    turn: int,
    event: Event,
    real_now: datetime,
    moment: datetime | None = None,
    *,
    write_turn: TurnWriter = apply,
) -> Answer:
    """Answer what the caller did on a turn, once: a repeated turn gets the stored answer.

    A late turn that was never seen gets the current turn's answer. UnknownCall for a
    call that was never stored, and for one of which this host knows less than was asked
    while the database is away; otherwise as `answer_call`.
    """
    request = TurnRequest(
        call_sid, TurnEvent(event, CALLERS_LEG, str(turn)), real_now, moment, write_turn
    )
    return database.write(partial(_take, request=request))


def take_leg_turn(
    database: Database,
    call_sid: str,
    event: LegEvent,
    real_now: datetime,
    moment: datetime | None = None,
    heard: int | None = None,
    *,
    write_turn: TurnWriter = apply,
) -> Answer:
    """Answer what happened at somebody whom we rang, once.

    `heard` is how often they had heard the whisper when they pressed a key; without
    it a repeated key is decided anew, which changes nothing but the whisper's count.
    """
    turn = TurnEvent(event, event.leg, _leg_key(event, heard))
    request = TurnRequest(call_sid, turn, real_now, moment, write_turn)
    return database.write(partial(_take, request=request))


def hang_up(
    database: Database,
    call_sid: str,
    real_now: datetime,
    moment: datetime | None = None,
    status: str = "completed",
    *,
    write_turn: TurnWriter = apply,
) -> Answer | None:
    """Note that the caller is gone, once. None for a call that was never stored."""
    request = TurnRequest(
        call_sid, TurnEvent(HungUp(status), CALLERS_LEG, HUNG_UP), real_now, moment, write_turn
    )
    try:
        return database.write(partial(_take, request=request))
    except UnknownCall:
        return None


def begin_call_out(connection: Connection, call: Call, moment: Moment) -> Answer:
    """Begin a call-out about a ticket, in the transaction that has locked the ticket.

    SecondArrival for a call-out that has begun before.
    """
    request = TurnRequest(
        call.sid, TurnEvent(CallOutBegan(), CALLERS_LEG, BEGAN), moment.real, moment.now
    )
    return _decide(connection, request, call, call, moment, is_new=True)


def notify_acknowledged(database: Database, call_sid: str, name: str, real_now: datetime) -> Answer:
    """Tell a call-out, once, that somebody has accepted its ticket elsewhere."""
    request = TurnRequest(
        call_sid, TurnEvent(TicketAcknowledged(name), CALLERS_LEG, ACKNOWLEDGED), real_now
    )
    return database.write(partial(_take, request=request))


def take_message(
    database: Database,
    call_sid: str,
    message: Recorded,
    real_now: datetime,
    moment: datetime | None = None,
    *,
    write_turn: TurnWriter = apply,
) -> Answer:
    """Keep the message that a caller left with the lifeline, once. UnknownCall as above."""
    turn = TurnEvent(replace(message, by_lifeline=True), CALLERS_LEG, BY_LIFELINE)
    request = TurnRequest(call_sid, turn, real_now, moment, write_turn)
    return database.write(partial(_take, request=request))


def take_recovered_message(
    database: Database,
    call_sid: str,
    line: str,
    caller: Number,
    message: Recorded,
    real_now: datetime,
    left_at: datetime,
) -> None:
    """Keep a message that the network alone knew of, once, as of the moment at which it was left.

    The call may be unknown too. In one transaction: no call stays without its message.
    """
    heard = TurnEvent(
        replace(message, by_lifeline=True), CALLERS_LEG, f"{BY_LIFELINE} {message.recording}"
    )
    came = TurnRequest(
        call_sid, TurnEvent(Arrived(), CALLERS_LEG, "0"), real_now, left_at, is_past=True
    )

    def work(connection: Connection) -> Answer:
        _arrive(connection, came, line, caller)
        return _take(connection, replace(came, turn=heard))

    database.write(work)


def find_answer(
    database: Database,
    call_sid: str,
    turn: int,
    real_now: datetime,
    moment: datetime | None = None,
) -> Answer | None:
    """Return what a turn was answered, or None where it never was."""
    request = TurnRequest(call_sid, TurnEvent(Arrived(), CALLERS_LEG, str(turn)), real_now, moment)
    return database.write(partial(_find_answer, request=request))


def _find_answer(connection: Connection, request: TurnRequest) -> Answer | None:
    stored = _lock(connection, request)
    return _again(connection, request, stored) if stored and stored.answered else None


def _leg_key(event: LegEvent, heard: int | None) -> str:
    match event:
        case LegAnswered():
            return "answered"
        case LegChanged(status=status):
            return f"status {status}"
        case LegPressed():
            return "pressed" if heard is None else f"pressed {heard}"


def _arrive(connection: Connection, request: TurnRequest, line: str, caller: Number) -> Answer:
    stored = _lock(connection, request)
    number = request.number or 0
    if stored and (stored.answered or not (request.may_know_less and number > stored.call.turn)):
        return _again(connection, request, stored)
    now = request.moment or request.real_now
    call = Call(request.call_sid, line, caller, started_at=now, turn=number)
    before = stored.call if stored else call
    moment = Moment(now, request.real_now, request.is_past)
    return _decide(connection, request, before, call, moment, is_new=stored is None)


def _take(connection: Connection, request: TurnRequest) -> Answer:
    stored = _lock(connection, request)
    if stored is None:
        raise UnknownCall(request.call_sid)
    is_next = request.number is None or request.number == stored.call.turn + 1
    if request.may_know_less and _is_unseen(request, stored.call):
        raise UnknownCall(request.call_sid)
    if stored.answered or not is_next:
        return _again(connection, request, stored)
    call = stored.call if request.number is None else replace(stored.call, turn=request.number)
    return _decide(connection, request, stored.call, call, _moment(request, stored))


def _is_unseen(request: TurnRequest, call: Call) -> bool:
    """Tell whether the network speaks of what another host has answered: a later turn, a leg."""
    if request.number is not None:
        return request.number > call.turn + 1
    return request.turn.leg != CALLERS_LEG and call.leg(request.turn.leg) is None


def _lock(connection: Connection, request: TurnRequest) -> LockedCall | None:
    return lock_call(connection, request.call_sid, request.turn.leg, request.turn.key)


def _decide(
    connection: Connection,
    request: TurnRequest,
    before: Call,
    call: Call,
    moment: Moment,
    *,
    is_new: bool = False,
) -> Answer:
    """Decide on the call as this turn finds it; `before` is what is stored, of the turn before."""
    event = request.turn.event
    snapshot, decision = decide_turn(connection, call, event, moment)
    decision = request.write_turn(
        connection, before, request.turn, decision, snapshot, moment, is_new=is_new
    )
    return Answer(
        decision.call, decision.instruction, decision.call.turn, moment.now, snapshot.world.desk
    )


def _again(connection: Connection, request: TurnRequest, stored: LockedCall) -> Answer:
    """Say what was said: on this turn if it was taken, else on the one the call is at."""
    now = _moment(request, stored).now
    turn = stored.call.turn if request.number is None else request.number
    instruction = stored.answered
    if instruction is None:
        turn = stored.call.turn
        known = load_answer(connection, stored.call.sid, turn)
        if known is None and request.number is not None and request.may_know_less:
            raise UnknownCall(request.call_sid)  # silence would be dead air
        instruction = known or Silent()
    snapshot = take_snapshot(connection, stored.call, request.turn.event, now, request.real_now)
    return Answer(stored.call, instruction, turn, now, snapshot.world.desk, is_repeated=True)


def _moment(request: TurnRequest, stored: LockedCall) -> Moment:
    now = request.moment or request.real_now + stored.offset
    return Moment(now, request.real_now, request.is_past)
