"""Queries for lists of tickets: read, never written here.

`desks` is which desks the reader may see: None means all.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, exists, func, select, union_all

from app.domain.hunts.staff_view import OpenTicket
from app.domain.roles import Role
from app.domain.tickets.events import FAILED_NOTIFICATIONS, TicketEvent, TicketEventKind
from app.domain.tickets.ticket import Ticket
from app.domain.workflow.status import Status
from app.store.codec import read_facts
from app.store.legs import LEG_COLUMNS, StoredLeg, read_leg
from app.store.pagination import PAGE, of_desks, page_of
from app.store.sms import words_of
from app.store.tables import (
    CallOutRow,
    CallRow,
    CustomerRow,
    LegRow,
    RecordingRow,
    TicketEventRow,
    TicketRow,
)
from app.store.tickets import read_ticket

MOST_WAITING: Final = 20  # that are read aloud
UNACKNOWLEDGED: Final = and_(TicketRow.is_urgent, TicketRow.acknowledged_at.is_(None))

HAS_FAILED_NOTIFICATION: Final = exists().where(
    TicketEventRow.ticket == TicketRow.number, TicketEventRow.kind.in_(FAILED_NOTIFICATIONS)
)


@dataclass(frozen=True, slots=True)
class CallBack:
    """The caller, or whoever took the ticket, rung on the leg of a call that was over."""

    call_sid: str
    leg: StoredLeg


@dataclass(frozen=True, slots=True)
class TicketCallOut:
    """A call-out about a ticket, with everybody who was rung in it."""

    sid: str
    number: int
    started_at: datetime
    legs: tuple[StoredLeg, ...]


@dataclass(frozen=True, slots=True)
class RungAbout:
    """Who was rung about a ticket after its calls."""

    call_outs: tuple[TicketCallOut, ...] = ()
    call_backs: tuple[CallBack, ...] = ()


NOBODY_RUNG: Final = RungAbout()


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets are asked for; None in a field leaves it open.

    `call_sid` is a call that opened the ticket, or was about it later. `unacknowledged` asks for
    urgent ones that nobody has acknowledged, `not_notified` for those about which somebody was
    not notified;
    False asks for all the others. Those `below` a number are the next page.
    """

    desks: Collection[str] | None = None
    call_sid: str | None = None
    statuses: tuple[Status, ...] | None = None
    closed: bool | None = None
    unacknowledged: bool | None = None
    urgent: bool | None = None
    not_notified: bool | None = None
    below: int | None = None
    limit: int = PAGE


EVERY_TICKET: Final = TicketFilter()


def list_tickets(connection: Connection, asked: TicketFilter = EVERY_TICKET) -> tuple[Ticket, ...]:
    """List tickets, the newest first; the next page is `below` the last number."""
    wanted = _matching(select(TicketRow), asked)
    rows = connection.execute(wanted.order_by(TicketRow.number.desc()).limit(page_of(asked.limit)))
    return tuple(read_ticket(row) for row in rows)


def count_tickets(connection: Connection, asked: TicketFilter) -> int:
    """Count all the tickets that are asked for, whatever the limit."""
    wanted = _matching(select(func.count()).select_from(TicketRow), asked)
    return int(connection.execute(wanted).scalar_one())


def _matching(wanted: Select[*tuple[Any, ...]], asked: TicketFilter) -> Select[*tuple[Any, ...]]:
    wanted = of_desks(wanted, TicketRow.desk, asked.desks)
    if asked.call_sid is not None:
        about = (
            select(row.ticket).where(row.sid == asked.call_sid) for row in (CallRow, CallOutRow)
        )
        wanted = wanted.where(TicketRow.number.in_(union_all(*about)))
    if asked.statuses is not None:
        wanted = wanted.where(TicketRow.status.in_(asked.statuses))
    if asked.closed is not None:
        is_closed = TicketRow.status == Status.CLOSED
        wanted = wanted.where(is_closed if asked.closed else ~is_closed)
    if asked.unacknowledged is not None:
        wanted = wanted.where(UNACKNOWLEDGED if asked.unacknowledged else ~UNACKNOWLEDGED)
    if asked.urgent is not None:
        wanted = wanted.where(TicketRow.is_urgent.is_(asked.urgent))
    if asked.not_notified is not None:
        wanted = wanted.where(
            HAS_FAILED_NOTIFICATION if asked.not_notified else ~HAS_FAILED_NOTIFICATION
        )
    if asked.below is not None:
        wanted = wanted.where(TicketRow.number < asked.below)
    return wanted


def list_waiting(connection: Connection, desks: Collection[str]) -> tuple[OpenTicket, ...]:
    """List the urgent tickets of these desks that nobody has acknowledged, by number."""
    said = (
        select(RecordingRow.sid)
        .where(RecordingRow.ticket == TicketRow.number)
        .order_by(RecordingRow.fetched_at.desc(), RecordingRow.sid)
        .limit(1)
        .correlate(TicketRow)
        .scalar_subquery()
    )
    waiting = (
        select(TicketRow.number, TicketRow.created_at, CustomerRow.name, said.label("recording"))
        .outerjoin(
            CustomerRow,
            and_(CustomerRow.desk == TicketRow.desk, CustomerRow.number == TicketRow.customer),
        )
        .where(UNACKNOWLEDGED, TicketRow.closed_at.is_(None), TicketRow.desk.in_(desks))
        .order_by(TicketRow.number)
        .limit(MOST_WAITING)
    )
    rows = connection.execute(waiting)
    return tuple(
        OpenTicket(row.number, row.name or "", row.created_at, row.recording or "") for row in rows
    )


def find_ticket(
    connection: Connection, number: int, desks: Collection[str] | None = None
) -> Ticket | None:
    """Return a ticket; None where there is none that the reader may see."""
    wanted = of_desks(select(TicketRow), TicketRow.desk, desks)
    row = connection.execute(wanted.where(TicketRow.number == number)).first()
    return read_ticket(row) if row else None


def find_tickets(connection: Connection, numbers: Collection[int]) -> dict[int, Ticket]:
    """Return these tickets by their numbers."""
    rows = connection.execute(select(TicketRow).where(TicketRow.number.in_(numbers)))
    return {row.number: read_ticket(row) for row in rows}


def rung_about(connection: Connection, tickets: Sequence[int]) -> dict[int, RungAbout]:
    """Return who was rung about these tickets after their calls, in order; two statements."""
    call_outs, call_backs = _call_outs(connection, tickets), _call_backs(connection, tickets)
    return {
        number: RungAbout(tuple(call_outs.get(number, ())), tuple(call_backs.get(number, ())))
        for number in tickets
    }


def _call_outs(connection: Connection, tickets: Sequence[int]) -> dict[int, list[TicketCallOut]]:
    about = (
        select(
            CallOutRow.ticket, CallOutRow.number.label("which"), CallOutRow.started_at, *LEG_COLUMNS
        )
        .add_columns(CallOutRow.sid)
        .outerjoin(LegRow, LegRow.call_sid == CallOutRow.sid)
        .where(CallOutRow.ticket.in_(tickets))
        .order_by(CallOutRow.ticket, CallOutRow.number, LegRow.leg)
    )
    found: dict[int, list[TicketCallOut]] = {}
    for sid, group in groupby(connection.execute(about), key=lambda row: str(row.sid)):
        rows = list(group)
        legs = tuple(read_leg(row) for row in rows if row.leg is not None)
        first = rows[0]
        call_out = TicketCallOut(sid, first.which, first.started_at, legs)
        found.setdefault(first.ticket, []).append(call_out)
    return found


def _call_backs(connection: Connection, tickets: Sequence[int]) -> dict[int, list[CallBack]]:
    about = (
        select(CallRow.ticket, *LEG_COLUMNS)
        .join(LegRow, LegRow.call_sid == CallRow.sid)
        .where(CallRow.ticket.in_(tickets), LegRow.role == Role.CALLER)
        .order_by(CallRow.created_at, CallRow.sid, LegRow.leg)
    )
    found: dict[int, list[CallBack]] = {}
    for row in connection.execute(about):
        found.setdefault(row.ticket, []).append(CallBack(row.call_sid, read_leg(row)))
    return found


def ticket_events(connection: Connection, number: int) -> tuple[TicketEvent, ...]:
    """List what happened to a ticket, in order."""
    of_ticket = select(TicketEventRow).where(TicketEventRow.ticket == number)
    rows = connection.execute(of_ticket.order_by(TicketEventRow.id))
    events = tuple(
        TicketEvent(row.at, TicketEventKind(row.kind), row.who, read_facts(row.facts))
        for row in rows
    )
    if not any(each.kind is TicketEventKind.SMS_RECEIVED for each in events):
        return events
    return _with_words(events, words_of(connection, number))


def _with_words(events: tuple[TicketEvent, ...], words: dict[str, str]) -> tuple[TicketEvent, ...]:
    """Tell the words of an SMS beside its event, as long as they are kept."""
    return tuple(
        replace(each, facts={**each.facts, "words": words[str(each.facts["sms"])]})
        if each.facts.get("sms") in words
        else each
        for each in events
    )
