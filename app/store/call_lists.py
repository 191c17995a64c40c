"""Queries for lists of calls, and for all that is stored of one: read, never written here.

`desks` is which desks the reader may see: None means all, also what belongs to none.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, func, or_, select

from app.domain.callouts.call_out import CallOut, CallOutEvent
from app.domain.calls.call import Call, CallOutcome, Event, Step
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Priority
from app.domain.desks.known_outage import KnownOutage
from app.domain.hunts.effects import Effect
from app.domain.hunts.instructions import Instruction
from app.domain.hunts.world import CallerHistory, Strangers
from app.domain.reasons import Reason
from app.store.codec import (
    read_call,
    read_call_out,
    read_call_out_event,
    read_caller_history,
    read_customers,
    read_event,
    read_facts,
    read_instruction,
    read_outage,
    read_strangers,
    read_trace,
)
from app.store.legs import LEG_COLUMNS, StoredLeg, read_leg
from app.store.pagination import PAGE, of_desks, page_of
from app.store.tables import (
    CallOutRow,
    CallRow,
    DeliveryRow,
    JobKind,
    JobRow,
    JobState,
    LegRow,
    TurnRow,
)

T = TypeVar("T")
E = TypeVar("E", Event, CallOutEvent)

CALL_COLUMNS: Final = (
    CallRow.sid,
    CallRow.desk,
    CallRow.line,
    CallRow.caller,
    CallRow.started_at,
    CallRow.ended_at,
    CallRow.outcome,
    CallRow.step,
    CallRow.priority,
    CallRow.customer,
    CallRow.ticket,
)
_THESE: Final[BindParameter[str]] = bindparam("sids", expanding=True)
STATES: Final = select(CallRow.sid, CallRow.state).where(CallRow.sid.in_(_THESE))
TURNS: Final = select(TurnRow).where(TurnRow.call_sid.in_(_THESE)).order_by(TurnRow.id)
LEGS: Final = (
    select(*LEG_COLUMNS).where(LegRow.call_sid.in_(_THESE)).order_by(LegRow.call_sid, LegRow.leg)
)
NOTICES: Final = (
    select(JobRow, func.coalesce(DeliveryRow.status, "").label("delivery"))
    .outerjoin(DeliveryRow, DeliveryRow.sid == JobRow.provider_sid)
    .where(JobRow.call_sid.in_(_THESE), JobRow.kind == JobKind.SMS)
    .order_by(JobRow.id)
)


@dataclass(frozen=True, slots=True)
class CallSummary:
    """A call in a list."""

    sid: str
    desk: str | None
    line: str
    caller: str
    started_at: datetime
    ended_at: datetime | None
    outcome: CallOutcome | None
    step: Step
    priority: Priority | None
    customer: str | None
    ticket: int | None


@dataclass(frozen=True, slots=True)
class StoredTurn(Generic[E]):
    """One event of a call or a call-out with its answer; leg 0 is the caller's own."""

    leg: int
    key: str
    at: datetime
    event: E
    instruction: Instruction
    trace: tuple[Effect | Reason, ...]
    customers: tuple[Customer, ...]
    talking: frozenset[str]
    rings_this_hour: int
    earlier: CallerHistory
    strangers: Strangers
    missed: frozenset[str]
    acknowledged_by: str | None
    caller_is_line: bool
    caller_opted_out: bool
    message_is_stored: bool
    outage: KnownOutage | None
    desk_version: int | None
    roster_version: int | None
    roster_revision: int | None


@dataclass(frozen=True, slots=True)
class CallNotification:
    """An SMS of a call, and how far it has come; `delivery` is the network's word."""

    to_caller: bool
    person: str | None
    state: JobState
    attempts: int
    sid: str | None
    delivery: str
    error_code: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call with all that is stored of it, in the order in which it happened."""

    line: CallSummary
    call: Call
    turns: tuple[StoredTurn[Event], ...]
    legs: tuple[StoredLeg, ...]
    notifications: tuple[CallNotification, ...]


@dataclass(frozen=True, slots=True)
class StoredCallOut:
    """A call-out with all that is stored of it, in the order in which it happened."""

    call_out: CallOut
    turns: tuple[StoredTurn[CallOutEvent], ...]
    legs: tuple[StoredLeg, ...]


def list_calls(
    connection: Connection,
    desks: Collection[str] | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = PAGE,
    outcome: CallOutcome | None = None,
    is_open: bool | None = None,
) -> tuple[CallSummary, ...]:
    """List calls, the newest first; the next page is `before` the last start and sid.

    `is_open` asks for those whose end was not told, or for all the others.
    """
    wanted = of_desks(select(*CALL_COLUMNS), CallRow.desk, desks)
    if outcome is not None:
        wanted = wanted.where(CallRow.outcome == outcome)
    if is_open is not None:
        has_no_end = CallRow.ended_at.is_(None)
        wanted = wanted.where(has_no_end if is_open else ~has_no_end)
    if before is not None:
        started_at, sid = before
        earlier = and_(CallRow.started_at == started_at, CallRow.sid < sid)
        wanted = wanted.where(or_(CallRow.started_at < started_at, earlier))
    newest = wanted.order_by(CallRow.started_at.desc(), CallRow.sid.desc()).limit(page_of(limit))
    return tuple(_call_line(row) for row in connection.execute(newest))


def list_calls_in_full(
    connection: Connection, lines: Sequence[CallSummary]
) -> tuple[StoredCall, ...]:
    """Return these calls with all that is stored of each, in this order.

    As many statements for a page of calls as for one.
    """
    sids = [line.sid for line in lines]
    states = connection.execute(STATES, {"sids": sids})
    state_of = {row.sid: row.state for row in states}
    turns, legs = (
        connection.execute(TURNS, {"sids": sids}),
        connection.execute(LEGS, {"sids": sids}),
    )
    turns_of, legs_of = _by_call(turns, partial(_turn, read=read_event)), _by_call(legs, read_leg)
    notices_of = _by_call(connection.execute(NOTICES, {"sids": sids}), _notice)
    return tuple(
        StoredCall(
            line=line,
            call=read_call(state_of[line.sid]),
            turns=turns_of.get(line.sid, ()),
            legs=legs_of.get(line.sid, ()),
            notifications=notices_of.get(line.sid, ()),
        )
        for line in lines
        if line.sid in state_of  # it may have been deleted since its line was read
    )


def find_call(
    connection: Connection, sid: str, desks: Collection[str] | None = None
) -> StoredCall | None:
    """Return a call with all that is stored of it; None where the reader may see none such."""
    wanted = of_desks(select(*CALL_COLUMNS), CallRow.desk, desks).where(CallRow.sid == sid)
    lines = [_call_line(row) for row in connection.execute(wanted)]
    return next(iter(list_calls_in_full(connection, lines)), None) if lines else None


def calls_about(connection: Connection, ticket: int, limit: int = PAGE) -> tuple[CallSummary, ...]:
    """Return the last calls about a ticket, in the order in which they came."""
    about = select(*CALL_COLUMNS).where(CallRow.ticket == ticket)
    last = about.order_by(CallRow.started_at.desc(), CallRow.sid.desc()).limit(limit)
    return tuple(_call_line(row) for row in connection.execute(last))[::-1]


def find_call_out(
    connection: Connection, sid: str, desks: Collection[str] | None = None
) -> StoredCallOut | None:
    """Return a call-out with all that is stored of it; None where the reader may see none such."""
    wanted = of_desks(select(CallOutRow.state), CallOutRow.desk, desks)
    state = connection.execute(wanted.where(CallOutRow.sid == sid)).scalar()
    if state is None:
        return None
    turns, legs = (connection.execute(rows, {"sids": [sid]}) for rows in (TURNS, LEGS))
    return StoredCallOut(
        read_call_out(state),
        tuple(_turn(row, read_call_out_event) for row in turns),
        tuple(read_leg(row) for row in legs),
    )


def _by_call(
    rows: Iterable[Row[*tuple[Any, ...]]], read: Callable[[Row[*tuple[Any, ...]]], T]
) -> dict[str, tuple[T, ...]]:
    """Read the rows of several calls, each call's in the order in which they came."""
    found: dict[str, list[T]] = {}
    for row in rows:
        found.setdefault(row.call_sid, []).append(read(row))
    return {sid: tuple(each) for sid, each in found.items()}


def _notice(row: Row[*tuple[Any, ...]]) -> CallNotification:
    return CallNotification(
        to_caller=row.person is None,
        person=row.person,
        state=row.state,
        attempts=row.attempts,
        sid=row.provider_sid,
        delivery=row.delivery,
        error_code=row.error_code,
        error=row.error,
    )


def _call_line(row: Row[*tuple[Any, ...]]) -> CallSummary:
    return CallSummary(
        sid=row.sid,
        desk=row.desk,
        line=row.line,
        caller=row.caller,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        step=row.step,
        priority=row.priority,
        customer=row.customer,
        ticket=row.ticket,
    )


def _turn(row: Row[*tuple[Any, ...]], read: Callable[[str], E]) -> StoredTurn[E]:
    facts = read_facts(row.facts)
    talking, rings, missed = facts["talking"], facts["rings"], facts.get("missed", [])
    acknowledged_by = facts.get("acknowledged_by")
    assert isinstance(talking, list)
    assert isinstance(missed, list)
    assert isinstance(rings, int)
    return StoredTurn(
        leg=row.leg,
        key=row.key,
        at=row.at,
        event=read(row.event),
        instruction=read_instruction(row.instruction),
        trace=read_trace(row.trace),
        customers=read_customers(str(facts["customers"])),
        talking=frozenset(talking),
        rings_this_hour=rings,
        earlier=read_caller_history(facts),
        strangers=read_strangers(facts),
        missed=frozenset(missed),
        acknowledged_by=None if acknowledged_by is None else str(acknowledged_by),
        caller_is_line=bool(facts.get("caller_is_line", False)),
        caller_opted_out=bool(facts.get("caller_opted_out", False)),
        message_is_stored=bool(facts.get("message_is_stored", False)),
        outage=read_outage(facts),
        desk_version=row.desk_version,
        roster_version=row.roster_version,
        roster_revision=row.roster_revision,
    )
