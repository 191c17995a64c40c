"""Urgent tickets that nobody has acknowledged: when each is looked at again, and the call-outs
about it.

`next_call_out_at` is real time. Nothing stands there once somebody has taken the ticket, or
when no call-out follows. What follows is domain/callouts/policy.py's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, or_, select, update

from app.domain.callouts.policy import UnacknowledgedTicket, delays_call_outs
from app.domain.calls.call import LONGEST_CALL, Call
from app.domain.desks.desk import Priority
from app.store.codec import read_call
from app.store.tables import (
    CALL_OUT_SID_PREFIX,
    CallRow,
    DeskRow,
    LegRow,
    TicketEventRow,
    TicketRow,
    TurnRow,
)
from app.store.tickets import TicketEventKind

AT_ONCE: Final = 20
AN_HOUR: Final = timedelta(hours=1)

PLAN: Final = (
    update(TicketRow)
    .where(
        TicketRow.number == bindparam("this"),
        TicketRow.is_urgent,
        TicketRow.acknowledged_at.is_(None),
    )
    .values(next_call_out_at=bindparam("at"))
)
COUNT: Final = (
    update(TicketRow)
    .where(TicketRow.number == bindparam("this"))
    .values(call_outs_made=bindparam("which"))
)
DUE: Final = (  # of a desk whose call-out rings, none but that call-out's ticket
    select(TicketRow.number)
    .where(
        TicketRow.next_call_out_at <= bindparam("now"),
        or_(
            TicketRow.desk.not_in(bindparam("busy", expanding=True)),
            TicketRow.number.in_(bindparam("rung_about", expanding=True)),
        ),
    )
    .order_by(TicketRow.next_call_out_at)
    .limit(AT_ONCE)
)
LOCKED: Final = (
    select(
        TicketRow.number,
        TicketRow.desk,
        TicketRow.call_sid,
        TicketRow.created_at,
        TicketRow.call_outs_made,
        TicketRow.offset_seconds,
        TicketRow.priority,
        select(func.max(TicketEventRow.at))
        .where(
            TicketEventRow.ticket == TicketRow.number,
            TicketEventRow.kind == TicketEventKind.PRIORITY_CHANGED,
        )
        .correlate(TicketRow)
        .scalar_subquery()
        .label("raised_at"),
    )
    .where(TicketRow.number == bindparam("this"), TicketRow.next_call_out_at <= bindparam("now"))
    .with_for_update(skip_locked=True)
)
LOCKED_DESK: Final = (  # rows that name the desk may be written meanwhile
    select(DeskRow.id).where(DeskRow.id == bindparam("this")).with_for_update(key_share=True)
)
OTHER_STRANGERS: Final = select(func.max(LegRow.placed_at)).where(
    LegRow.desk == bindparam("desk"),
    LegRow.placed_at > bindparam("hour_ago"),
    LegRow.for_stranger.is_(True),
    LegRow.call_sid.like(f"{CALL_OUT_SID_PREFIX}%"),
    LegRow.call_sid.not_like(bindparam("own")),
)
_moved_at = select(func.max(TurnRow.at)).where(TurnRow.call_sid == CallRow.sid).scalar_subquery()
ABOUT: Final = (
    select(
        CallRow.state,
        CallRow.call_out_number,
        CallRow.offset_seconds,
        func.coalesce(_moved_at, CallRow.started_at).label("moved_at"),
    )
    .where(
        CallRow.ticket == bindparam("ticket"),
        or_(CallRow.call_out_number == 0, CallRow.call_out_number == bindparam("last")),
    )
    .order_by(CallRow.sid != bindparam("first"), CallRow.started_at)
)
OPEN_CALL_OUTS: Final = (
    select(CallRow.desk, CallRow.state, TicketRow.acknowledged_by, TicketRow.next_call_out_at)
    .join(TicketRow, TicketRow.number == CallRow.ticket)
    .where(
        CallRow.ended_at.is_(None),
        CallRow.call_out_number > 0,
        CallRow.created_at > bindparam("stale"),
    )
)


@dataclass(frozen=True, slots=True)
class DueTicket:
    """A ticket that is due, locked; `offset` is its moment less real time."""

    number: int
    desk: str
    about: UnacknowledgedTicket
    offset: timedelta


@dataclass(frozen=True, slots=True)
class OpenCallOut:
    """A call-out that is going on, and the name of whoever has taken its ticket."""

    desk: str | None
    call: Call
    acknowledged_by: str | None
    is_watched: bool  # it is looked at whether it still goes on

    @property
    def ticket(self) -> int | None:
        """Return the number of the ticket that it is about."""
        return self.call.ticket.number if self.call.ticket else None

    @property
    def is_ringing(self) -> bool:
        """Tell whether nobody has accepted in it, as far as that is known."""
        return self.call.accepted_leg is None

    @property
    def blocks_others(self) -> bool:
        """Tell whether no other call-out may be begun at its desk meanwhile."""
        return self.is_ringing and self.is_watched


def plan_call_out(connection: Connection, ticket: int, at: datetime | None) -> None:
    """Have an urgent ticket that nobody has acknowledged looked at then; never any more without."""
    connection.execute(PLAN, {"this": ticket, "at": at})


def count_call_out(connection: Connection, ticket: int, which: int) -> None:
    """Note that so many call-outs have been begun about a ticket."""
    connection.execute(COUNT, {"this": ticket, "which": which})


def due_tickets(
    connection: Connection, now: datetime, ringing: Sequence[OpenCallOut]
) -> tuple[int, ...]:
    """Return the numbers of tickets that are due, the longest waiting first; a few at a time.

    Those that wait for another call-out of their desk are left out: they must not keep
    another desk's.
    """
    asked = {
        "now": now,
        "busy": [each.desk for each in ringing if each.desk],
        "rung_about": [each.ticket for each in ringing if each.ticket],
    }
    return tuple(connection.execute(DUE, asked).scalars())


def open_call_outs(connection: Connection, now: datetime) -> tuple[OpenCallOut, ...]:
    """Return the call-outs that are going on, of every desk."""
    rows = connection.execute(OPEN_CALL_OUTS, {"stale": now - LONGEST_CALL})
    return tuple(
        OpenCallOut(
            row.desk, read_call(row.state), row.acknowledged_by, row.next_call_out_at is not None
        )
        for row in rows
    )


def lock_due_ticket(connection: Connection, number: int, now: datetime) -> DueTicket | None:
    """Lock a ticket that is due; None when it is not, or another worker has it.

    Its desk is locked too, so that one call-out at a time is begun there.
    """
    ticket = connection.execute(LOCKED, {"this": number, "now": now}).first()
    if ticket is None:
        return None
    connection.execute(LOCKED_DESK, {"this": ticket.desk})
    asked = {"ticket": number, "last": ticket.call_outs_made or -1, "first": ticket.call_sid}
    rows = connection.execute(ABOUT, asked).all()
    if not any(row.call_out_number == 0 for row in rows):
        plan_call_out(connection, number, None)  # nobody knows any more what it is about
        return None
    due = _due_ticket(ticket, rows)
    return replace(due, about=_spaced_from_strangers(connection, due, now))


def _due_ticket(ticket: Row[*tuple[Any, ...]], rows: Sequence[Row[*tuple[Any, ...]]]) -> DueTicket:
    told = [(row, read_call(row.state)) for row in rows]
    first = next(call.sid for row, call in told if row.call_out_number == 0)
    told = [
        (row, call) for row, call in told if row.call_out_number or delays_call_outs(call, first)
    ]
    calls = tuple(
        _as_urgent_as(call, ticket.priority) for row, call in told if not row.call_out_number
    )
    last = next((call for row, call in told if row.call_out_number), None)
    newest = max((row for row, _ in told), key=lambda row: row.moved_at)
    about = UnacknowledgedTicket(
        opened_at=ticket.created_at,
        calls=calls,
        moved_at=newest.moved_at,
        call_outs=ticket.call_outs_made,
        last_began_at=last.started_at if last else None,
        last=last,
        raised_at=ticket.raised_at,
    )
    return DueTicket(ticket.number, ticket.desk, about, timedelta(seconds=newest.offset_seconds))


def _as_urgent_as(call: Call, priority: Priority) -> Call:
    """Somebody may have changed the ticket's priority since the caller chose one."""
    if call.ticket is None:
        return call
    return replace(call, priority=priority, ticket=replace(call.ticket, priority=priority))


def _spaced_from_strangers(
    connection: Connection, due: DueTicket, now: datetime
) -> UnacknowledgedTicket:
    at = now + due.offset
    asked = {
        "desk": due.desk,
        "hour_ago": at - AN_HOUR,
        "own": f"{CALL_OUT_SID_PREFIX}{due.number}-%",
    }
    rang_at = connection.execute(OTHER_STRANGERS, asked).scalar()
    return replace(due.about, strangers_rang_at=rang_at)
