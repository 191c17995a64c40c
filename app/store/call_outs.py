"""Urgent tickets that nobody has acknowledged: when each is looked at again, and the call-outs
about it.

`next_call_out_at` is real time. Nothing stands there once somebody has taken the ticket, or
when no call-out follows. What follows is domain/callouts/policy.py's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, update

from app.domain.callouts.policy import CallsAbout, delays_call_outs
from app.domain.calls.call import LONGEST_CALL, Call
from app.domain.tickets.ticket import Ticket
from app.store.codec import read_call
from app.store.prepared import Prepared
from app.store.tables import CALL_OUT_SID_PREFIX, CallRow, DeskRow, LegRow, TicketRow, TurnRow
from app.store.tickets import read_ticket

AT_ONCE: Final = 20
AN_HOUR: Final = timedelta(hours=1)

LOOK_AT: Final = Prepared(
    update(TicketRow)
    .where(TicketRow.number == bindparam("this"))
    .values(
        next_call_out_at=case(
            (
                and_(TicketRow.is_urgent, TicketRow.acknowledged_at.is_(None)),
                bindparam("at", type_=TicketRow.next_call_out_at.type),
            ),
            else_=None,
        )
    )
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
OTHER_STRANGERS: Final = select(func.max(LegRow.placed_at)).where(
    LegRow.desk == bindparam("desk"),
    LegRow.placed_at > bindparam("hour_ago"),
    LegRow.for_stranger.is_(True),
    LegRow.call_sid.like(f"{CALL_OUT_SID_PREFIX}%"),
    LegRow.call_sid.not_like(bindparam("own")),
)
_last_turn_at = (
    select(func.max(TurnRow.at)).where(TurnRow.call_sid == CallRow.sid).scalar_subquery()
)
ABOUT: Final = (
    select(
        CallRow.state,
        CallRow.call_out_number,
        CallRow.offset_seconds,
        func.coalesce(_last_turn_at, CallRow.started_at).label("moved_at"),
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
class CallAbout:
    """A call about a ticket, and when something last happened in it, in its own time."""

    call: Call
    moved_at: datetime
    offset: timedelta


@dataclass(frozen=True, slots=True)
class DueTicket:
    """A ticket that is due, locked, with the calls about it; `offset` is its moment less real."""

    ticket: Ticket
    about: CallsAbout
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
        return self.call.hunt.accepted_leg is None

    @property
    def blocks_others(self) -> bool:
        """Tell whether no other call-out may be begun at its desk meanwhile."""
        return self.is_ringing and self.is_watched


def look_at_ticket(connection: Connection, ticket: int, at: datetime | None) -> None:
    """Have a ticket looked at then, in real time: never where it needs nobody, or at None."""
    LOOK_AT.run(connection, {"this": ticket, "at": at})


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
    row = connection.execute(LOCKED, {"this": number, "now": now}).first()
    if row is None:
        return None
    connection.execute(LOCKED_DESK, {"this": row.desk})
    ticket = read_ticket(row)
    calls = _calls_that_count(connection, ticket)
    newest = max(calls, key=lambda each: each.moved_at, default=None)
    offset = newest.offset if newest else timedelta(seconds=row.offset_seconds)
    about = _about(ticket, calls)
    about = replace(
        about,
        strangers_rang_at=_strangers_rang_at(connection, ticket, now + offset),
        desk_rings=_desk_rings(connection, ticket, now),
    )
    return DueTicket(ticket, about, offset)


def _calls_that_count(connection: Connection, ticket: Ticket) -> list[CallAbout]:
    """Return the calls that a call-out waits for, and the last call-out."""
    last, first = ticket.call_outs_made or -1, ticket.call_sid or ""
    asked = {"ticket": ticket.number, "last": last, "first": first}
    found = [
        CallAbout(read_call(row.state), row.moved_at, timedelta(seconds=row.offset_seconds))
        for row in connection.execute(ABOUT, asked)
    ]
    return [
        each for each in found if each.call.call_out_number or delays_call_outs(each.call, first)
    ]


def _about(ticket: Ticket, calls: Sequence[CallAbout]) -> CallsAbout:
    last = next((each.call for each in calls if each.call.call_out_number), None)
    return CallsAbout(
        moved_at=max((each.moved_at for each in calls), default=ticket.opened_at),
        calls=tuple(each.call for each in calls if not each.call.call_out_number),
        last_began_at=last.started_at if last else None,
        last=last,
    )


def _desk_rings(connection: Connection, ticket: Ticket, now: datetime) -> bool:
    """Tell whether a call-out about another ticket rings at the desk."""
    return any(
        each.desk == ticket.desk and each.ticket != ticket.number and each.blocks_others
        for each in open_call_outs(connection, now)
    )


def _strangers_rang_at(connection: Connection, ticket: Ticket, at: datetime) -> datetime | None:
    asked = {
        "desk": ticket.desk,
        "hour_ago": at - AN_HOUR,
        "own": f"{CALL_OUT_SID_PREFIX}{ticket.number}-%",
    }
    rang_at: datetime | None = connection.execute(OTHER_STRANGERS, asked).scalar()
    return rang_at
