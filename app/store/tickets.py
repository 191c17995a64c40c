"""Tickets as rows: opened by a call, acknowledged once, and what happened to them since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from app.domain.calls.call import Call
from app.domain.calls.effects import (
    AcknowledgeTicket,
    AttachMessage,
    JoinTicket,
    OpenTicket,
)
from app.domain.desks.desk import Priority
from app.domain.tickets.moves import TicketState, TicketStatus
from app.domain.tickets.targets import Deadlines
from app.store.codec import write_facts
from app.store.paging import of_desks
from app.store.tables import CallRow, CounterRow, RecordingRow, TicketEventRow, TicketRow

TICKETS: Final = "ticket"  # the counter's name; its first number is 1001 (contract.md)

DRAW: Final = (
    update(CounterRow)
    .where(CounterRow.name == TICKETS)
    .values(value=CounterRow.value + 1)
    .returning(CounterRow.value)
)
ADD_TICKET: Final = insert(TicketRow)
COUNT_CALL: Final = (
    update(TicketRow).where(TicketRow.number == bindparam("this")).values(calls=TicketRow.calls + 1)
)
ATTACH: Final = (
    update(RecordingRow)
    .where(RecordingRow.sid == bindparam("recording"), RecordingRow.ticket.is_(None))
    .values(ticket=bindparam("to"))
)
ADD_EVENT: Final = insert(TicketEventRow)
ACKNOWLEDGE: Final = (
    update(TicketRow)
    .where(
        TicketRow.number == bindparam("this"),
        TicketRow.closed_at.is_(None),
        TicketRow.acknowledged_at.is_(None)
        | (TicketRow.acknowledged_person == bindparam("instead_of")),
    )
    .values(
        acknowledged_by=bindparam("by"),
        acknowledged_person=bindparam("person"),
        acknowledged_at=bindparam("at"),
        status=bindparam("now_is"),
        next_call_out_at=None,
    )
)


# What a caller may call about again, and what keeps a critical caller from being held off.
UNSOLVED: Final = (TicketStatus.OPEN, TicketStatus.ACKNOWLEDGED)


class TicketEventKind(StrEnum):
    """What can happen to a ticket; who and what are told beside it."""

    OPENED = "opened"
    CALLED_AGAIN = "called_again"  # another call was about it
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    PRIORITY_CHANGED = "priority_changed"
    MESSAGE_LEFT = "message_left"
    RECORDING_STORED = "recording_stored"
    RECORDING_LOST = "recording_lost"  # could not be fetched
    RECORDING_DELETED = "recording_deleted"  # it was kept as long as it may be
    CALL_OUT_UNANSWERED = "call_out_unanswered"  # a call-out about it was not answered
    NOTIFICATION_FAILED = "notification_failed"  # could not be sent
    NOTIFICATION_DROPPED = "notification_dropped"  # had lost its use before it could be sent
    NOTIFICATION_UNDELIVERED = "notification_undelivered"  # was sent, and did not arrive
    ALARMED = "alarmed"  # the desk's contacts are told
    NOBODY_TO_ALARM = "nobody_to_alarm"  # the desk names no contacts


# What says that somebody was not notified: lists of tickets can be asked for these alone.
FAILED_NOTIFICATIONS: Final = (
    TicketEventKind.NOTIFICATION_FAILED,
    TicketEventKind.NOTIFICATION_DROPPED,
    TicketEventKind.NOTIFICATION_UNDELIVERED,
)


@dataclass(frozen=True, slots=True)
class LockedTicket:
    """A ticket that nobody else changes meanwhile; `offset` is its moment less real time."""

    state: TicketState
    agreement: str | None
    created_at: datetime
    offset: timedelta


@dataclass(frozen=True, slots=True)
class NewPriority:
    """A priority, and what follows from it under the ticket's agreement."""

    priority: Priority
    due: Deadlines
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """Who at the desk says so, why, and by which way in: a token's name, or the command line."""

    by: str
    note: str = ""
    via: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """Return what the event keeps beside the name."""
        told = {"note": self.note, "via": self.via}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a ticket is opened with, beside what the decision says."""

    number: int
    call: Call
    desk: str
    desk_version: int | None
    offset: timedelta
    now: datetime


def draw_ticket_number(connection: Connection) -> int:
    """Take the next ticket number. A number taken and not used is lost, never given twice."""
    return connection.execute(DRAW).scalar_one()


def open_ticket(connection: Connection, opened: OpenTicket, opening: NewTicket) -> None:
    """Store the call's ticket."""
    connection.execute(ADD_TICKET, _columns(opened, opening))
    add_event(connection, opening.number, TicketEventKind.OPENED, opening.now)


def join_ticket(connection: Connection, joined: JoinTicket, call_sid: str, now: datetime) -> None:
    """Note that another call is about the ticket; that call's row names it."""
    connection.execute(COUNT_CALL, {"this": joined.number})
    add_event(connection, joined.number, TicketEventKind.CALLED_AGAIN, now, call=call_sid)


def acknowledge_ticket(
    connection: Connection,
    number: int,
    taken: AcknowledgeTicket,
    now: datetime,
    said: ChangedBy | None = None,
) -> None:
    """Note who has taken the ticket; who was first stays so, unless they were never connected."""
    done = connection.execute(
        ACKNOWLEDGE,
        {
            "this": number,
            "by": taken.name,
            "person": taken.person,
            "instead_of": taken.instead_of,
            "at": now,
            "now_is": TicketStatus.ACKNOWLEDGED,
        },
    )
    if done.rowcount:
        facts = said.facts if said else {}
        add_event(connection, number, TicketEventKind.ACKNOWLEDGED, now, who=taken.name, **facts)


def lock_ticket(
    connection: Connection, number: int, desks: Collection[str] | None = None
) -> LockedTicket | None:
    """Lock a ticket until the transaction ends; None where there is none of these desks."""
    wanted = of_desks(select(TicketRow), TicketRow.desk, desks)
    row = connection.execute(wanted.where(TicketRow.number == number).with_for_update()).first()
    if row is None:
        return None
    state = TicketState(
        number=row.number,
        desk=row.desk,
        status=TicketStatus(row.status),
        priority=row.priority,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=row.acknowledged_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
    )
    offset = timedelta(seconds=row.offset_seconds)
    return LockedTicket(state, row.agreement, row.created_at, offset)


def close_ticket(connection: Connection, number: int, said: ChangedBy, now: datetime) -> None:
    """Note that nothing is left to do, and who says so."""
    closed = {"status": TicketStatus.CLOSED, "closed_by": said.by, "closed_at": now}
    connection.execute(update(TicketRow).where(TicketRow.number == number).values(closed))
    add_event(connection, number, TicketEventKind.CLOSED, now, who=said.by, **said.facts)


def change_priority(
    connection: Connection,
    ticket: TicketState,
    changed: NewPriority,
    said: ChangedBy,
    now: datetime,
) -> None:
    """Give the ticket another priority with what follows from it, and note who says so."""
    priority = changed.priority
    columns = {
        "priority": priority,
        "is_urgent": changed.is_urgent,
        "respond_by": changed.due.respond_by,
        "solve_by": changed.due.solve_by,
        "next_call_out_at": None,
    }
    connection.execute(update(TicketRow).where(TicketRow.number == ticket.number).values(columns))
    facts = {"was": str(ticket.priority), "priority": str(priority), **said.facts}
    happened = TicketEventKind.PRIORITY_CHANGED
    add_event(connection, ticket.number, happened, now, who=said.by, **facts)


def attach_message(
    connection: Connection, number: int, message: AttachMessage, now: datetime
) -> bool:
    """Note that the caller left a spoken message; True when it is here already.

    What was spoken before there was a ticket may have been fetched by now.
    """
    sid, left = message.recording, TicketEventKind.MESSAGE_LEFT
    add_event(connection, number, left, now, recording=sid, seconds=message.seconds)
    is_here = bool(connection.execute(ATTACH, {"recording": sid, "to": number}).rowcount)
    if is_here:
        add_event(connection, number, TicketEventKind.RECORDING_STORED, now, recording=sid)
    return is_here


def add_event(
    connection: Connection,
    number: int,
    kind: TicketEventKind,
    now: datetime,
    *,
    who: str = "",
    **facts: object,
) -> None:
    """Add what happened to a ticket."""
    connection.execute(
        ADD_EVENT,
        {"ticket": number, "at": now, "kind": kind, "who": who, "facts": write_facts(**facts)},
    )


def is_acknowledged(connection: Connection, number: int) -> bool:
    """Tell whether somebody has taken the ticket."""
    taken = select(TicketRow.acknowledged_at).where(TicketRow.number == number)
    return connection.execute(taken).scalar() is not None


def ticket_of_call(connection: Connection, call_sid: str) -> int | None:
    """Return the number of the ticket that the call opened or joined, or None."""
    of_call = select(CallRow.ticket).where(CallRow.sid == call_sid)
    return connection.execute(of_call).scalar()


def _columns(opened: OpenTicket, opening: NewTicket) -> dict[str, Any]:
    return {
        "number": opening.number,
        "desk": opening.desk,
        "call_sid": opening.call.sid,
        "customer": opened.customer,
        "agreement": opened.agreement,
        "caller": opening.call.caller.digits,
        "priority": opened.priority,
        "status": TicketStatus.OPEN,
        "no_keys": opened.no_keys,
        "is_urgent": opened.is_urgent,
        "created_at": opening.now,
        "respond_by": opened.respond_by,
        "solve_by": opened.solve_by,
        "acknowledged_by": None,
        "acknowledged_person": None,
        "acknowledged_at": None,
        "desk_version": opening.desk_version,
        "offset_seconds": opening.offset.total_seconds(),
    }
