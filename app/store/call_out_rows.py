"""Call-outs as rows: locked, loaded, and saved once per turn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from app.domain.callouts.call_out import CallOut
from app.domain.calls.turn_request import TurnKey
from app.domain.hunts.instructions import Instruction
from app.store.calls import lock_with_turn
from app.store.codec import read_call_out, read_instruction, write_call_out
from app.store.prepared import Prepared
from app.store.tables import CallOutRow
from app.store.upsert import insert_row

LOCKED: Final = lock_with_turn(CallOutRow)
CHANGE: Final = Prepared(
    update(CallOutRow)
    .where(CallOutRow.sid == bindparam("this"))
    .values({name: bindparam(name) for name in ("ended_at", "talking", "state", "offset_seconds")})
)


@dataclass(frozen=True, slots=True)
class LockedCallOut:
    """A call-out as it is stored, and what the same turn was answered before, if it was."""

    call_out: CallOut
    offset: timedelta
    answered: Instruction | None


def lock_call_out(connection: Connection, sid: str, key: TurnKey) -> LockedCallOut | None:
    """Take the call-out's row lock and load it, with the answer this turn got before.

    None for one that was never stored. Others wait until the transaction ends.
    """
    found = LOCKED.first(connection, {"sid": sid, "leg": key.leg, "key": key.name})
    if found is None:
        return None
    answered = read_instruction(found.instruction) if found.instruction else None
    offset = timedelta(seconds=found.offset_seconds)
    return LockedCallOut(read_call_out(found.state), offset, answered)


def load_call_out(connection: Connection, sid: str) -> CallOut | None:
    """Return a call-out as it is now, without locking it."""
    state = connection.execute(select(CallOutRow.state).where(CallOutRow.sid == sid)).scalar()
    return read_call_out(state) if state else None


def add_call_out(
    connection: Connection, call_out: CallOut, offset: timedelta, real_now: datetime
) -> None:
    """Store a new call-out; one that has begun before is an error."""
    row = _columns(call_out, offset) | {
        "sid": call_out.sid,
        "desk": call_out.desk,
        "ticket": call_out.ticket.number,
        "number": call_out.number,
        "started_at": call_out.started_at,
        "created_at": real_now,
    }
    insert_row(connection, CallOutRow, row)


def change_call_out(connection: Connection, call_out: CallOut, offset: timedelta) -> None:
    """Store the call-out as it is now."""
    CHANGE.queue(connection, _columns(call_out, offset) | {"this": call_out.sid})


def _columns(call_out: CallOut, offset: timedelta) -> dict[str, Any]:
    return {
        "ended_at": call_out.ended_at,
        "talking": call_out.hunt.talking_back,
        "state": write_call_out(call_out),
        "offset_seconds": offset.total_seconds(),
    }
