"""One turn of a call: lock, load, decide, apply, once. The corridor's middle.

Every event of a call comes through here, whichever end it is from. No HTTP, no TwiML.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from app.actions.decide_turn import decide_turn
from app.domain.call import (
    Arrived,
    Call,
    Event,
    HungUp,
    LegAnswered,
    LegChanged,
    LegPressed,
    Recorded,
    RoundBegan,
    TicketTaken,
)
from app.domain.decision import Decision, Script, Silent
from app.domain.desk import Desk
from app.domain.people import Number, parse_number
from app.store import Database
from app.store.apply import Moment, apply
from app.store.calls import CALLERS_LEG, SecondArrival, Stored, Turn, load_answer, lock_call
from app.store.snapshot import Snapshot, take_snapshot

LegEvent = LegAnswered | LegPressed | LegChanged
HUNG_UP = "hung_up"
BY_LIFELINE = "by_lifeline"
BEGAN, TAKEN = "began", "taken"  # of a round


class UnknownCall(Exception):
    """The network speaks of a call that was never stored here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to tell the network, and what is needed to word it.

    `turn` is the turn that the script answers: its action leads to the next one.
    `desk` is None on a line that no desk has.
    """

    call: Call
    script: Script
    turn: int
    now: datetime
    desk: Desk | None = None
    is_repeated: bool = False


class Keep(Protocol):
    """Who keeps a turn: `apply` in the database, the standby's journal while that is away."""

    def __call__(
        self,
        connection: Connection,
        before: Call,
        turn: Turn,
        decision: Decision,
        snapshot: Snapshot,
        moment: Moment,
        *,
        is_new: bool = False,
    ) -> Decision:
        """Store what a decision says, and return it as it is said."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One event as the network tells it. Only the local exchange gives a `moment`."""

    call_sid: str
    turn: Turn
    real_now: datetime
    moment: datetime | None = None
    keep: Keep = apply
    is_past: bool = False

    @property
    def may_know_less(self) -> bool:
        """Tell whether the database is not asked: another host may know more of the call."""
        return self.keep is not apply

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
    keep: Keep = apply,
) -> Answer:
    """Take a call that comes in; the same call again gets the same answer.

    One whose earlier turns are not known here begins anew, at the turn that it has come to.
    DatabaseUnavailable and UnreadableVersion leave the caller to the lifeline.
    """
    asked = Asked(call_sid, Turn(Arrived(), CALLERS_LEG, str(turn)), real_now, moment, keep)
    dialled = parse_number(line).digits or line
    return _once(database, partial(_arrive, asked=asked, line=dialled, caller=caller))


def take_turn(
    database: Database,
    call_sid: str,
    turn: int,
    event: Event,
    real_now: datetime,
    moment: datetime | None = None,
    *,
    keep: Keep = apply,
) -> Answer:
    """Answer what the caller did on a turn, once: a repeated turn gets the stored answer.

    A late turn that was never seen gets the current turn's answer. UnknownCall for a
    call that was never stored, and for one of which this host knows less than was asked
    while the database is away; otherwise as `answer_call`.
    """
    asked = Asked(call_sid, Turn(event, CALLERS_LEG, str(turn)), real_now, moment, keep)
    return _once(database, partial(_take, asked=asked))


def take_leg_turn(
    database: Database,
    call_sid: str,
    event: LegEvent,
    real_now: datetime,
    moment: datetime | None = None,
    heard: int | None = None,
    *,
    keep: Keep = apply,
) -> Answer:
    """Answer what happened at somebody whom we rang, once.

    `heard` is how often they had heard the whisper when they pressed a key; without
    it a repeated key is decided anew, which changes nothing but the whisper's count.
    """
    turn = Turn(event, event.leg, _leg_key(event, heard))
    asked = Asked(call_sid, turn, real_now, moment, keep)
    return _once(database, partial(_take, asked=asked))


def hang_up(
    database: Database,
    call_sid: str,
    real_now: datetime,
    moment: datetime | None = None,
    status: str = "completed",
    *,
    keep: Keep = apply,
) -> Answer | None:
    """Note that the caller is gone, once. None for a call that was never stored."""
    asked = Asked(call_sid, Turn(HungUp(status), CALLERS_LEG, HUNG_UP), real_now, moment, keep)
    try:
        return _once(database, partial(_take, asked=asked))
    except UnknownCall:
        return None


def begin_round(connection: Connection, call: Call, moment: Moment) -> Answer:
    """Begin a round of calls about a ticket, in the transaction that has locked the ticket.

    SecondArrival for a round that has begun before.
    """
    asked = Asked(call.sid, Turn(RoundBegan(), CALLERS_LEG, BEGAN), moment.real, moment.now)
    return _decide(connection, asked, call, call, moment, is_new=True)


def tell_taken(database: Database, call_sid: str, name: str, real_now: datetime) -> Answer:
    """Tell a round, once, that somebody has accepted its ticket elsewhere."""
    asked = Asked(call_sid, Turn(TicketTaken(name), CALLERS_LEG, TAKEN), real_now)
    return _once(database, partial(_take, asked=asked))


def _once(database: Database, work: Callable[[Connection], Answer]) -> Answer:
    try:
        return database.write(work)
    except SecondArrival:  # the same request twice at once: the other one was first
        return database.write(work)


def take_message(
    database: Database,
    call_sid: str,
    message: Recorded,
    real_now: datetime,
    moment: datetime | None = None,
    *,
    keep: Keep = apply,
) -> Answer:
    """Keep the message that a caller left with the lifeline, once. UnknownCall as above."""
    turn = Turn(replace(message, by_lifeline=True), CALLERS_LEG, BY_LIFELINE)
    asked = Asked(call_sid, turn, real_now, moment, keep)
    return _once(database, partial(_take, asked=asked))


def take_left_message(
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
    heard = Turn(
        replace(message, by_lifeline=True), CALLERS_LEG, f"{BY_LIFELINE} {message.recording}"
    )
    came = Asked(call_sid, Turn(Arrived(), CALLERS_LEG, "0"), real_now, left_at, is_past=True)

    def work(connection: Connection) -> Answer:
        _arrive(connection, came, line, caller)
        return _take(connection, replace(came, turn=heard))

    _once(database, work)


def find_answer(
    database: Database,
    call_sid: str,
    turn: int,
    real_now: datetime,
    moment: datetime | None = None,
) -> Answer | None:
    """Return what a turn was answered, or None where it never was."""
    asked = Asked(call_sid, Turn(Arrived(), CALLERS_LEG, str(turn)), real_now, moment)
    return database.write(partial(_find_answer, asked=asked))


def _find_answer(connection: Connection, asked: Asked) -> Answer | None:
    stored = _lock(connection, asked)
    return _again(connection, asked, stored) if stored and stored.answered else None


def _leg_key(event: LegEvent, heard: int | None) -> str:
    match event:
        case LegAnswered():
            return "answered"
        case LegChanged(status=status):
            return f"status {status}"
        case LegPressed():
            return "pressed" if heard is None else f"pressed {heard}"


def _arrive(connection: Connection, asked: Asked, line: str, caller: Number) -> Answer:
    stored = _lock(connection, asked)
    number = asked.number or 0
    if stored and (stored.answered or not (asked.may_know_less and number > stored.call.turn)):
        return _again(connection, asked, stored)
    now = asked.moment or asked.real_now
    call = Call(asked.call_sid, line, caller, started_at=now, turn=number)
    before = stored.call if stored else call
    moment = Moment(now, asked.real_now, asked.is_past)
    return _decide(connection, asked, before, call, moment, is_new=stored is None)


def _take(connection: Connection, asked: Asked) -> Answer:
    stored = _lock(connection, asked)
    if stored is None:
        raise UnknownCall(asked.call_sid)
    is_next = asked.number is None or asked.number == stored.call.turn + 1
    if asked.may_know_less and _is_ahead(asked, stored.call):
        raise UnknownCall(asked.call_sid)
    if stored.answered or not is_next:
        return _again(connection, asked, stored)
    call = stored.call if asked.number is None else replace(stored.call, turn=asked.number)
    return _decide(connection, asked, stored.call, call, _moment(asked, stored))


def _is_ahead(asked: Asked, call: Call) -> bool:
    """Tell whether the network speaks of what another host has answered: a later turn, a leg."""
    if asked.number is not None:
        return asked.number > call.turn + 1
    return asked.turn.leg != CALLERS_LEG and call.leg(asked.turn.leg) is None


def _lock(connection: Connection, asked: Asked) -> Stored | None:
    return lock_call(connection, asked.call_sid, asked.turn.leg, asked.turn.key)


def _decide(
    connection: Connection,
    asked: Asked,
    before: Call,
    call: Call,
    moment: Moment,
    *,
    is_new: bool = False,
) -> Answer:
    """Decide on the call as this turn finds it; `before` is what is stored, of the turn before."""
    event = asked.turn.event
    snapshot, decision = decide_turn(connection, call, event, moment)
    decision = asked.keep(connection, before, asked.turn, decision, snapshot, moment, is_new=is_new)
    return Answer(
        decision.call, decision.script, decision.call.turn, moment.now, snapshot.world.desk
    )


def _again(connection: Connection, asked: Asked, stored: Stored) -> Answer:
    """Say what was said: on this turn if it was taken, else on the one the call is at."""
    now = _moment(asked, stored).now
    turn = stored.call.turn if asked.number is None else asked.number
    script = stored.answered
    if script is None:
        turn = stored.call.turn
        known = load_answer(connection, stored.call.sid, turn)
        if known is None and asked.number is not None and asked.may_know_less:
            raise UnknownCall(asked.call_sid)  # silence would be dead air
        script = known or Silent()
    snapshot = take_snapshot(connection, stored.call, asked.turn.event, now, asked.real_now)
    return Answer(stored.call, script, turn, now, snapshot.world.desk, is_repeated=True)


def _moment(asked: Asked, stored: Stored) -> Moment:
    now = asked.moment or asked.real_now + stored.offset
    return Moment(now, asked.real_now, asked.is_past)
