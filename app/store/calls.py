"""Calls and their turns as rows: locked, loaded, and saved once per turn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection, and_, bindparam, select, update

from app.domain.callouts.call_out import CallOut, CallOutDecision
from app.domain.calls.call import Call, outcome_of, talking_with
from app.domain.calls.decision import Decision
from app.domain.calls.turn_request import CALLERS_LEG, Moment, TurnKey, TurnRequest
from app.domain.hunts.hunt import Leg
from app.domain.hunts.instructions import Instruction
from app.store.codec import (
    read_call,
    read_instruction,
    write_call,
    write_caller_history,
    write_customers,
    write_event,
    write_facts,
    write_instruction,
    write_outage,
    write_strangers,
    write_trace,
)
from app.store.prepared import Prepared
from app.store.snapshot import Snapshot
from app.store.tables import CallOutRow, CallRow, LegRow, TurnRow
from app.store.upsert import insert_row, upsert_all
from app.store.written_calls import WrittenCalls


def lock_with_turn(holder: type[CallRow] | type[CallOutRow]) -> Prepared:
    """Lock a call or a call-out, and read its state and what a turn of it was answered before."""
    this_turn = and_(
        TurnRow.call_sid == holder.sid,
        TurnRow.leg == bindparam("leg"),
        TurnRow.key == bindparam("key"),
    )
    return Prepared(
        select(holder.state, holder.offset_seconds, TurnRow.instruction)
        .outerjoin(TurnRow, this_turn)
        .where(holder.sid == bindparam("sid"))
        .with_for_update(of=holder)
    )


LOCKED: Final = lock_with_turn(CallRow)
ANSWER: Final = Prepared(
    select(TurnRow.instruction).where(
        TurnRow.call_sid == bindparam("sid"),
        TurnRow.leg == bindparam("leg"),
        TurnRow.key == bindparam("key"),
    )
)
END_TALK: Final = Prepared(
    update(LegRow)
    .where(LegRow.call_sid == bindparam("sid"), LegRow.leg == bindparam("this"))
    .values(ended_at=bindparam("now"))
)
CALLS_WRITTEN: Final = WrittenCalls()
ALWAYS_WRITTEN: Final = frozenset({"step", "turn", "state", "offset_seconds"})


@dataclass(frozen=True, slots=True)
class LockedCall:
    """A call as it is stored, and what the same turn was answered before, if it was."""

    call: Call
    offset: timedelta
    answered: Instruction | None


H = TypeVar("H", Call, CallOut)
D = TypeVar("D", Decision, CallOutDecision)


@dataclass(frozen=True, slots=True)
class TurnOf(Generic[H, D]):
    """What one event has come to, with all that is needed to store it and to replay it.

    `before` is the call, or the call-out, as it is stored, None where it is new; `found` as this
    event found it.
    """

    request: TurnRequest
    before: H | None
    found: H
    decision: D
    snapshot: Snapshot
    moment: Moment

    @property
    def known(self) -> H:
        """Return what was known of it before: what differs from it is news."""
        return self.before or self.found


class Turn(TurnOf[Call, Decision]):
    """What one event of a call has come to."""

    __slots__ = ()

    def deciding(self, decision: Decision) -> "Turn":
        """Return the turn with another decision."""
        return Turn(self.request, self.before, self.found, decision, self.snapshot, self.moment)


class CallOutTurn(TurnOf[CallOut, CallOutDecision]):
    """What one event of a call-out has come to."""

    __slots__ = ()


def lock_call(connection: Connection, sid: str, key: TurnKey) -> LockedCall | None:
    """Take the call's row lock and load it, with the answer this turn got before.

    None for a call that was never stored. Others wait until the transaction ends; an answer
    that was stored while this one waited is not seen here, but by `add_turn`.
    """
    found = LOCKED.first(connection, {"sid": sid, "leg": key.leg, "key": key.name})
    if found is None:
        return None
    offset, instruction = timedelta(seconds=found.offset_seconds), found.instruction
    call = CALLS_WRITTEN.find(sid, found.state) or _read(found.state)
    return LockedCall(call, offset, read_instruction(instruction) if instruction else None)


def load_answer(connection: Connection, sid: str, turn: int) -> Instruction | None:
    """Return what the caller heard on a turn."""
    instruction = _answer(connection, sid, CALLERS_LEG, str(turn))
    return read_instruction(instruction) if instruction else None


def load_call(connection: Connection, sid: str) -> Call | None:
    """Return a call as it is now, without locking it."""
    state = connection.execute(select(CallRow.state).where(CallRow.sid == sid)).scalar()
    return read_call(state) if state else None


def first_call_at(connection: Connection, desk: str) -> datetime | None:
    """Return when the desk's first call came in, as it is remembered; None before there was any."""
    first = select(CallRow.started_at).where(CallRow.desk == desk).order_by(CallRow.started_at)
    return connection.execute(first.limit(1)).scalar()


def add_call(connection: Connection, call: Call, offset: timedelta, real_now: datetime) -> None:
    """Store a new call; one that another request has stored meanwhile is an error."""
    row = _columns(call, offset) | {
        "sid": call.sid,
        "desk": call.desk,
        "line": call.line,
        "caller": call.caller.digits,
        "started_at": call.started_at,
        "created_at": real_now,
    }
    insert_row(connection, CallRow, row)


def change_call(connection: Connection, before: Call, call: Call, offset: timedelta) -> None:
    """Store the call as it is now: each column that is named costs SQLite its indexes."""
    was = _listed(before)
    changed = {
        name: value
        for name, value in _columns(call, offset).items()
        if name in ALWAYS_WRITTEN or value != was[name]
    }
    _change(tuple(changed)).queue(connection, changed | {"this": call.sid})


@cache
def _change(names: tuple[str, ...]) -> Prepared:
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return Prepared(update(CallRow).where(CallRow.sid == bindparam("this")).values(values))


def add_turn(connection: Connection, turn: Turn | CallOutTurn) -> None:
    """Store the event, the answer, and all that the decision knew, so it can be replayed.

    A turn that another request has stored meanwhile is an error: all is done once more.
    """
    request, decision, world = turn.request, turn.decision, turn.snapshot.world
    insert_row(
        connection,
        TurnRow,
        {
            "call_sid": decision.holder.sid,
            "leg": request.key.leg,
            "key": request.key.name,
            "event": write_event(request.event),
            "instruction": write_instruction(decision.instruction),
            "trace": write_trace(decision.trace),
            "facts": write_facts(
                customers=write_customers(world.customers),
                talking=sorted(world.talking),
                rings=world.rings_this_hour,
                **write_caller_history(world.earlier),
                **write_strangers(world.strangers),
                **write_outage(world.outage),
                **({"missed": sorted(world.missed)} if world.missed else {}),
                **({"acknowledged_by": world.acknowledged_by} if world.acknowledged_by else {}),
                **({"caller_is_line": True} if world.caller_is_line else {}),
                **({"caller_opted_out": True} if world.caller_opted_out else {}),
                **({"message_is_stored": True} if world.message_is_stored else {}),
            ),
            "desk_version": turn.snapshot.desk_version,
            "roster_version": turn.snapshot.roster_version,
            "roster_revision": turn.snapshot.roster_revision,
            "at": turn.moment.now,
        },
    )


def write_texts(turn: Turn) -> None:
    """Write the turn as text now: whoever stores it in this thread finds it written.

    A ticket that is new gets its number only when it is stored; call, answer and trace say it.
    """
    write_event(turn.request.event)
    write_customers(turn.snapshot.world.customers)
    ticket = turn.decision.call.ticket
    if ticket is None or ticket.number:
        write_call(turn.decision.call)
        write_instruction(turn.decision.instruction)
        write_trace(turn.decision.trace)


def save_legs(connection: Connection, before: H, after: H, now: datetime) -> None:
    """Make the rows of the legs what the call, or the call-out, knows of them."""
    known = {leg.id: leg for leg in before.legs}
    differ = [leg for leg in after.legs if leg != known.get(leg.id)]
    rows = [_leg_columns(after, leg, now) for leg in differ]
    if rows:
        upsert_all(connection, LegRow, ("call_sid", "leg"), ("outcome", "sid", "changed_at"), rows)


def end_talks(connection: Connection, sid: str, legs: Iterable[int], now: datetime) -> None:
    """Note at these legs that the talk is over."""
    for leg in legs:
        END_TALK.queue(connection, {"sid": sid, "this": leg, "now": now})


def _read(state: str) -> Call:
    call = read_call(state)
    CALLS_WRITTEN.note(call, state)
    return call


def _answer(connection: Connection, sid: str, leg: int, key: str) -> str | None:
    found: str | None = ANSWER.scalar(connection, {"sid": sid, "leg": leg, "key": key})
    return found


def _columns(call: Call, offset: timedelta) -> dict[str, Any]:
    state = write_call(call)
    CALLS_WRITTEN.note(call, state)
    return _listed(call) | {
        "state": state,
        "offset_seconds": offset.total_seconds(),
    }


def _listed(call: Call) -> dict[str, Any]:
    """What lists and counts need beside the state."""
    return {
        "ended_at": call.ended_at,
        "outcome": outcome_of(call) if call.has_ended else None,
        "step": call.step,
        "turn": call.turn,
        "priority": call.priority,
        "customer": call.customer,
        "ticket": call.ticket.number if call.ticket else None,
        "talking": talking_with(call),
        "rate_limited": call.hunt.rate_limited,
    }


def _leg_columns(held: Call | CallOut, leg: Leg, now: datetime) -> dict[str, Any]:
    return {
        "call_sid": held.sid,
        "leg": leg.id,
        "desk": held.desk,
        "person": leg.callee.person,
        "name": leg.callee.name,
        "number": leg.callee.number,
        "role": leg.callee.role,
        "outcome": leg.outcome,
        "sid": leg.sid,
        "placed_at": now,
        "changed_at": now,
        "for_stranger": leg.for_stranger,
        "counts_hourly": isinstance(held, Call),
    }
