"""The journal: turns that were taken without the database, on their way into it.

A small SQLite database with the product's own tables, so that the same actions run
on it; the facts are attached from their own file. What must reach the database stands in
one table more, whose shape no release may change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final, overload

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.pool import NullPool

from app.domain.callouts.call_out import CallOutDecision, CallOutEvent, is_call_out
from app.domain.calls.call import Call, Event
from app.domain.calls.decision import Decision
from app.domain.calls.turn_request import Moment, TurnKey
from app.domain.calls.without_ticket_number import without_ticket_number
from app.offline.checkpoints import CallCheckpoint
from app.offline.entries import Content
from app.offline.facts import FACT_TABLES
from app.offline.storage_dirs import schema_hash
from app.store import Database
from app.store.call_out_rows import add_call_out, change_call_out
from app.store.calls import CallOutTurn, Turn, add_call, add_turn, change_call, save_legs
from app.store.codec import (
    read_call_out_event,
    read_event,
    read_instruction,
    read_state,
    read_trace,
    write_instruction,
    write_state,
)
from app.store.database import begin_sqlite, prepare_sqlite
from app.store.sqlite_tables import make_tables
from app.store.tables import Base, CallOutRow, CallRow, LegRow, TurnRow
from app.store.tables.base import UtcDateTime
from app.store.upsert import insert_once

METADATA: Final = MetaData()
JOURNAL: Final = Table(
    "journal",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("call_sid", String(64), index=True, nullable=False),
    Column("leg", Integer, nullable=False),
    Column("key", String(64), nullable=False),
    Column("event", Text, nullable=False),
    Column("instruction", Text, nullable=False),  # as it was said, without a ticket's number
    Column("trace", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("desk_version", Integer),
    Column("roster_version", Integer),
    Column("roster_revision", Integer),
    Column("state", Text, nullable=False),  # the call, or the call-out, after the turn
    Column("at", UtcDateTime, nullable=False),  # the call's moment
    Column("real_at", UtcDateTime, nullable=False),
)
AS_STORED: Final = (
    "call_sid", "leg", "key", "event", "instruction", "trace", "facts",
    "desk_version", "roster_version", "roster_revision",
)  # fmt: skip
Also = Callable[[Content], object]
ALL: Final = (*AS_STORED, "state", "at", "real_at")
OURS: Final = [table for table in Base.metadata.sorted_tables if table.name not in FACT_TABLES]
NEEDED: Final = {table.name for table in (*OURS, JOURNAL)}


@dataclass(frozen=True, slots=True)
class JournaledTurn:
    """One turn as the journal keeps it."""

    event: Event | CallOutEvent
    key: TurnKey
    decision: Decision | CallOutDecision  # its instruction as it was said
    facts: str  # as stored: what the decision knew
    desk_version: int | None
    roster_version: int | None
    roster_revision: int | None
    moment: Moment
    row: Content  # as a turn is stored

    @property
    def number(self) -> int:
        """Return the caller's turn that the call was at; a call-out has none."""
        return self.decision.call.turn if isinstance(self.decision, Decision) else 0


def open_journal(file: Path, facts: Callable[[], Path | None]) -> Database:
    """Open the journal in this file; it is made with the first turn that is written.

    `facts` is asked at each transaction; without facts none can be had.
    """
    engine = create_engine(f"sqlite:///file:{file}?uri=true", poolclass=NullPool)

    def prepare(connection: SqliteConnection, record: Any) -> None:
        prepare_sqlite(connection, record)
        connection.execute("PRAGMA foreign_keys=OFF").close()  # they would lead into the facts
        found = facts()
        if found:
            connection.execute("ATTACH ? AS facts", (f"file:{found}?immutable=1",)).close()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin_sqlite)
    return Database(engine, most_kept=0)


def name_of_journal() -> str:
    """Name the journal's file: one for each shape of the tables."""
    return f"journal-{schema_hash()}.db"


def set_up(connection: Connection) -> None:
    """Make the tables where they are not there yet."""
    found = connection.execute(text("SELECT name FROM main.sqlite_master")).scalars()
    if NEEDED.issubset(found):  # at every turn but the first
        return
    make_tables(connection, (*OURS, *METADATA.sorted_tables))  # callbacks too, beside the journal


@overload
def write_turn(connection: Connection, turn: Turn, also: Also = ...) -> Decision: ...
@overload
def write_turn(connection: Connection, turn: CallOutTurn, also: Also = ...) -> CallOutDecision: ...
def write_turn(
    connection: Connection, turn: Turn | CallOutTurn, also: Also = lambda _row: None
) -> Decision | CallOutDecision:
    """Write a turn in the journal, in place of `apply`; what it asks for happens when replayed.

    `also` is given what was written, before it is committed. Returns the decision as it is
    said: nobody can know the ticket's number yet.
    """
    if isinstance(turn, Turn):
        turn = _write_call(connection, turn)
    else:
        _write_call_out(connection, turn)
    add_turn(connection, turn)
    also(_copy_turn(connection, turn))
    return turn.decision


def _write_call(connection: Connection, turn: Turn) -> Turn:
    call, moment = turn.decision.call, turn.moment
    said = without_ticket_number(turn.decision.instruction, sent=call.number_sent)
    if turn.before is None:
        add_call(connection, call, moment.offset, moment.real)
    elif call != turn.before:
        change_call(connection, turn.before, call, moment.offset)
    save_legs(connection, turn.known, call, moment.now)
    return turn.deciding(replace(turn.decision, instruction=said))


def _write_call_out(connection: Connection, turn: CallOutTurn) -> None:
    """No call-out begins offline: the worker needs the database for that."""
    call_out, moment = turn.decision.call_out, turn.moment
    change_call_out(connection, call_out, moment.offset)
    save_legs(connection, turn.known, call_out, moment.now)


def take_over(
    connection: Connection, checkpoint: CallCheckpoint, turns: tuple[JournaledTurn, ...] = ()
) -> None:
    """Let a call, or a call-out, go on here that began elsewhere, with the turns of it that wait.

    One that is journaled here stays as it is.
    """
    held, offset = checkpoint.held, checkpoint.offset
    if is_waiting(connection, held.sid):
        return
    _delete_call(connection, held.sid)
    if isinstance(held, Call):
        add_call(connection, held, offset, held.started_at - offset)
    else:
        add_call_out(connection, held, offset, held.started_at - offset)
    for past in turns:
        insert_once(connection, TurnRow, past.row)
    if checkpoint.said is not None:
        row = {
            "call_sid": held.sid,
            "leg": 0,
            "key": str(checkpoint.turn),
            "event": "{}",
            "instruction": write_instruction(checkpoint.said),
            "trace": "[]",
            "facts": "{}",
            "at": held.started_at,
        }
        insert_once(connection, TurnRow, row)


def is_set_up(connection: Connection) -> bool:
    """Tell whether the tables are there: who makes a journal may be killed before it has any."""
    tables = text("SELECT 1 FROM main.sqlite_master WHERE name = :name")
    return connection.execute(tables, {"name": JOURNAL.name}).first() is not None


def is_waiting(connection: Connection, sid: str) -> bool:
    """Tell whether turns of this call wait for the database."""
    waits = select(JOURNAL.c.id).where(JOURNAL.c.call_sid == sid).limit(1)
    return connection.execute(waits).first() is not None


def waiting_calls(connection: Connection) -> tuple[str, ...]:
    """Return the calls whose turns wait for the database, in the order in which they began."""
    ids = select(JOURNAL.c.call_sid).order_by(JOURNAL.c.id)
    return tuple(dict.fromkeys(connection.execute(ids).scalars()))


def waiting_since(connection: Connection) -> datetime | None:
    """Return when the first of the turns that wait for the database was taken; None without any."""
    return connection.execute(select(func.min(JOURNAL.c.real_at))).scalar()


def ids_of(connection: Connection, sid: str) -> tuple[int, ...]:
    """Return the journal's own numbers of a call's turns, in order."""
    ids = select(JOURNAL.c.id).where(JOURNAL.c.call_sid == sid).order_by(JOURNAL.c.id)
    return tuple(connection.execute(ids).scalars())


def tag_of(connection: Connection, number: int) -> tuple[int, str]:
    """Return which turn of its call this is: leg and key."""
    found = select(JOURNAL.c.leg, JOURNAL.c.key).where(JOURNAL.c.id == number)
    leg, key = connection.execute(found).one()
    return leg, key


def row_of(connection: Connection, number: int) -> Content:
    """Return what is written of a turn."""
    row = connection.execute(select(JOURNAL).where(JOURNAL.c.id == number)).mappings().one()
    return {name: row[name] for name in ALL}


def read_turn(row: Content) -> JournaledTurn:
    """Read what was written of a turn; ValueError where another release has written it."""
    sid, event = str(row["call_sid"]), str(row["event"])
    return JournaledTurn(
        event=read_call_out_event(event) if is_call_out(sid) else read_event(event),
        key=TurnKey(int(str(row["leg"])), str(row["key"])),
        decision=_read_decision(sid, row),
        facts=str(row["facts"]),
        desk_version=_number(row["desk_version"]),
        roster_version=_number(row["roster_version"]),
        roster_revision=_number(row["roster_revision"]),
        moment=Moment(_instant(row["at"]), _instant(row["real_at"])),
        row={name: row[name] for name in (*AS_STORED, "at")},
    )


def _read_decision(sid: str, row: Content) -> Decision | CallOutDecision:
    held = read_state(sid, str(row["state"]))
    instruction, trace = read_instruction(str(row["instruction"])), read_trace(str(row["trace"]))
    if isinstance(held, Call):
        return Decision(held, instruction, trace)
    return CallOutDecision(held, instruction, trace)


def delete_turns(connection: Connection, sid: str, until: int) -> None:
    """Delete a call's turns up to this one: the database has them."""
    connection.execute(delete(JOURNAL).where(JOURNAL.c.call_sid == sid, JOURNAL.c.id <= until))
    if not is_waiting(connection, sid):
        _delete_call(connection, sid)


def _copy_turn(connection: Connection, turn: Turn | CallOutTurn) -> Content:
    key, held, moment = turn.request.key, turn.decision.holder, turn.moment
    stored = select(*(TurnRow.__table__.c[name] for name in AS_STORED)).where(
        TurnRow.call_sid == held.sid, TurnRow.leg == key.leg, TurnRow.key == key.name
    )
    row: Content = dict(connection.execute(stored).mappings().one())
    row |= {"state": write_state(held), "at": moment.now, "real_at": moment.real}
    connection.execute(insert(JOURNAL), row)
    return row


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise ValueError(f"{value!r} is no instant")
    return value


def _delete_call(connection: Connection, sid: str) -> None:
    connection.execute(delete(LegRow).where(LegRow.call_sid == sid))
    connection.execute(delete(TurnRow).where(TurnRow.call_sid == sid))
    connection.execute(delete(CallRow).where(CallRow.sid == sid))
    connection.execute(delete(CallOutRow).where(CallOutRow.sid == sid))
