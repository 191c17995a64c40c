"""Urgent tickets that nobody has acknowledged: when each is looked at again, and the call-outs
about it.

`next_call_out_at` is real time. Nothing stands there once somebody has taken the ticket, or
when no call-out follows. What follows is domain/callouts/next_call_out.py's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import (
    Connection,
    Label,
    Row,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from app.domain.callouts.call_out import CallOut
from app.domain.callouts.calls_about import CallsAbout
from app.domain.callouts.open_call_outs import OpenCallOut, desk_rings
from app.domain.calls.call import LONGEST_CALL, Call
from app.domain.calls.follow_up import call_about, delays_call_outs
from app.domain.tickets.ticket import Ticket
from app.domain.workflow.status import Status
from app.store.codec import read_call, read_call_out
from app.store.prepared import Prepared
from app.store.tables import CallOutRow, CallRow, DeskRow, LegRow, TicketRow, TurnRow
from app.store.tickets import read_ticket

H = TypeVar("H", Call, CallOut)

AT_ONCE: Final = 20
AN_HOUR: Final = timedelta(hours=1)

# Nobody has it, and nobody is rung about it: its customer has frozen, solved or closed it.
NOT_RUNG: Final = (Status.WAITING, Status.SOLVED, Status.CLOSED)
_look_at = case(
    (
        and_(
            TicketRow.is_urgent,
            TicketRow.acknowledged_at.is_(None),
            TicketRow.status.not_in(NOT_RUNG),
        ),
        bindparam("at", type_=TicketRow.next_call_out_at.type),
    ),
    else_=None,
)
LOOK_AT: Final = Prepared(
    update(TicketRow)
    .where(
        TicketRow.number == bindparam("this"),
        TicketRow.next_call_out_at.is_distinct_from(_look_at),  # most need nobody, now as before
    )
    .values(next_call_out_at=_look_at)
)
COUNT: Final = (
    update(TicketRow)
    .where(TicketRow.number == bindparam("this"))
    .values(
        call_outs_made=case(
            (TicketRow.call_outs_made < bindparam("which"), bindparam("which")),
            else_=TicketRow.call_outs_made,
        )
    )
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
    .order_by(TicketRow.next_call_out_at, TicketRow.number)
    .limit(AT_ONCE)
)
LOCKED: Final = (
    select(TicketRow)
    .where(TicketRow.number == bindparam("this"), TicketRow.next_call_out_at <= bindparam("now"))
    .with_for_update(skip_locked=True)
)
LOCKED_DESK: Final = (  # rows that name the desk may be written meanwhile
    select(DeskRow.id).where(DeskRow.id == bindparam("this")).with_for_update(key_share=True)
)
OTHER_STRANGERS: Final = (
    select(func.max(LegRow.placed_at))
    .join(CallOutRow, CallOutRow.sid == LegRow.call_sid)
    .where(
        LegRow.desk == bindparam("desk"),
        LegRow.placed_at > bindparam("hour_ago"),
        LegRow.for_stranger.is_(True),
        CallOutRow.ticket != bindparam("ticket"),
    )
)


def _moved_at(row: type[CallRow] | type[CallOutRow]) -> Label[datetime]:
    """When something last happened in a call, or in a call-out."""
    last = select(func.max(TurnRow.at)).where(TurnRow.call_sid == row.sid).scalar_subquery()
    return func.coalesce(last, row.started_at).label("moved_at")


CALLS_ABOUT: Final = (
    select(CallRow.state, CallRow.offset_seconds, _moved_at(CallRow))
    .where(CallRow.ticket == bindparam("ticket"))
    .order_by(CallRow.sid != bindparam("first"), CallRow.started_at)
)
LAST_CALL_OUT: Final = select(
    CallOutRow.state, CallOutRow.offset_seconds, _moved_at(CallOutRow)
).where(CallOutRow.ticket == bindparam("ticket"), CallOutRow.number == bindparam("last"))
OPEN_CALL_OUTS: Final = (
    select(CallOutRow.desk, CallOutRow.state, TicketRow.acknowledged_by, TicketRow.next_call_out_at)
    .join(TicketRow, TicketRow.number == CallOutRow.ticket)
    .where(CallOutRow.ended_at.is_(None), CallOutRow.created_at > bindparam("stale"))
)


@dataclass(frozen=True, slots=True)
class _Happened(Generic[H]):
    """A call, or a call-out, about a ticket, and when something last happened in it."""

    held: H
    moved_at: datetime
    offset: timedelta


@dataclass(frozen=True, slots=True)
class DueTicket:
    """A ticket that is due, locked, with the calls about it; `offset` is its moment less real."""

    ticket: Ticket
    about: CallsAbout
    offset: timedelta


def look_at_ticket(connection: Connection, ticket: int, at: datetime | None) -> None:
    """Have a ticket looked at then, in real time: never where it needs nobody, or at None."""
    LOOK_AT.queue(connection, {"this": ticket, "at": at})


def count_call_out(connection: Connection, ticket: int, which: int) -> None:
    """Note that so many call-outs, at least, have been begun about a ticket."""
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
        "busy": [each.desk for each in ringing],
        "rung_about": [each.ticket for each in ringing],
    }
    return tuple(connection.execute(DUE, asked).scalars())


def open_call_outs(connection: Connection, now: datetime) -> tuple[OpenCallOut, ...]:
    """Return the call-outs that are going on, of every desk."""
    rows = connection.execute(OPEN_CALL_OUTS, {"stale": now - LONGEST_CALL})
    return tuple(
        OpenCallOut(
            row.desk,
            read_call_out(row.state),
            row.acknowledged_by,
            row.next_call_out_at is not None,
        )
        for row in rows
    )


def lock_due_ticket(connection: Connection, number: int, now: datetime) -> DueTicket | None:
    """Lock a ticket that is due; None when it is not, or another worker has it.

    Its desk is locked too, so that one call-out at a time is begun there.
    """
    row = connection.execute(LOCKED, {"this": number, "now": now}).first()
    if row is None:
        return None
    connection.execute(LOCKED_DESK, {"this": row.desk})
    return ticket_with_calls(connection, read_ticket(row), row.offset_seconds, now)


def ticket_with_calls(
    connection: Connection, ticket: Ticket, offset_seconds: float, now: datetime
) -> DueTicket:
    """Return a ticket with what has happened about it."""
    calls, last = _calls_that_count(connection, ticket), _last_call_out(connection, ticket)
    happened: list[_Happened[Call] | _Happened[CallOut]] = [*calls, *last]
    newest = max(happened, key=lambda each: each.moved_at, default=None)
    offset = newest.offset if newest else timedelta(seconds=offset_seconds)
    about = CallsAbout(
        moved_at=newest.moved_at if newest else ticket.opened_at,
        calls=tuple(call_about(each.held) for each in calls),
        last_began_at=next((each.held.started_at for each in last), None),
        last=next((each.held for each in last), None),
    )
    about = replace(
        about,
        strangers_rang_at=_strangers_rang_at(connection, ticket, now + offset),
        desk_rings=desk_rings(ticket, open_call_outs(connection, now)),
    )
    return DueTicket(ticket, about, offset)


def _calls_that_count(connection: Connection, ticket: Ticket) -> list[_Happened[Call]]:
    """Return the calls that a call-out waits for, the one that opened the ticket first."""
    first = ticket.call_sid or ""
    rows = connection.execute(CALLS_ABOUT, {"ticket": ticket.number, "first": first})
    found = [_happened(read_call(row.state), row) for row in rows]
    return [each for each in found if delays_call_outs(each.held, first)]


def _last_call_out(connection: Connection, ticket: Ticket) -> list[_Happened[CallOut]]:
    """Return the last call-out about the ticket, where there has been one."""
    asked = {"ticket": ticket.number, "last": ticket.call_outs_made}
    rows = connection.execute(LAST_CALL_OUT, asked)
    return [_happened(read_call_out(row.state), row) for row in rows]


def _happened(held: H, row: Row[*tuple[Any, ...]]) -> _Happened[H]:
    return _Happened(held, row.moved_at, timedelta(seconds=row.offset_seconds))


def _strangers_rang_at(connection: Connection, ticket: Ticket, at: datetime) -> datetime | None:
    asked = {
        "desk": ticket.desk,
        "hour_ago": at - AN_HOUR,
        "ticket": ticket.number,
    }
    rang_at: datetime | None = connection.execute(OTHER_STRANGERS, asked).scalar()
    return rang_at
