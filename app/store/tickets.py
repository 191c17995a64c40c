"""Tickets as rows: read and written as the domain's Ticket, and what happened to each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select, update

from app.domain.hunts.effects import AttachMessage, JoinTicket
from app.domain.numbers import Number, NumberKind
from app.domain.tickets.events import TicketEvent, TicketEventKind
from app.domain.tickets.next_deadline import next_deadline
from app.domain.tickets.targets import Deadlines
from app.domain.tickets.ticket import Acknowledged, Assignee, Closed, Contact, Ticket, Work
from app.domain.tickets.undo import Undoable
from app.store.codec import (
    read_pauses,
    read_rings_again,
    read_texts,
    read_undoable,
    write_facts,
    write_pauses,
    write_rings_again,
    write_texts,
    write_undoable,
)
from app.store.pagination import of_desks
from app.store.prepared import Prepared
from app.store.tables import CallRow, CounterRow, RecordingRow, TicketEventRow, TicketRow
from app.store.ticket_words import add_words
from app.store.upsert import insert_new, insert_once, insert_row

AT_ONCE: Final = datetime(2000, 1, 1, tzinfo=UTC)  # past: due for whoever looks next
TICKETS: Final = "ticket"  # the counter's name; its first number is 1001

DRAW: Final = Prepared(
    update(CounterRow)
    .where(CounterRow.name == TICKETS)
    .values(value=CounterRow.value + 1)
    .returning(CounterRow.value)
)
COUNT_CALL: Final = Prepared(
    update(TicketRow).where(TicketRow.number == bindparam("this")).values(calls=TicketRow.calls + 1)
)
ATTACH: Final = Prepared(
    update(RecordingRow)
    .where(RecordingRow.sid == bindparam("recording"), RecordingRow.ticket.is_(None))
    .values(ticket=bindparam("to"))
)
OPENED_BY: Final = select(TicketRow.number, TicketRow.opening_hash).where(
    TicketRow.opening_key == bindparam("key")
)
LOCKED: Final = Prepared(
    select(TicketRow.__table__).where(TicketRow.number == bindparam("number")).with_for_update()
)
CHANGE: Final = Prepared(
    update(TicketRow)
    .where(TicketRow.number == bindparam("this"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "priority", "priority_set_at", "is_urgent", "respond_by", "solve_by", "status",
                "pauses", "paused_since", "responded_at", "workaround_at", "agreed_solve_by",
                "workaround_stops", "escalation_held_at", "escalation_held_until", "next_due_at",
                "target_review_at",
                "acknowledged_by", "acknowledged_person", "acknowledged_at", "released_at",
                "passed_on_by", "rings_again", "closed_by", "closed_at", "state", "state_since",
                "moved_by", "assignee_name", "assignee_id", "group_id", "version", "changed_by",
                "changed_at", "undoable",
            )
        }
    )
)  # fmt: skip
CHANGE_OPENER: Final = Prepared(
    update(TicketRow)
    .where(TicketRow.number == bindparam("this"))
    .values(language=bindparam("language"), wakes_duty=bindparam("wakes_duty"))
)


@dataclass(frozen=True, slots=True)
class StoredTicket:
    """A ticket that nobody else changes meanwhile; `offset` is its moment less real time."""

    ticket: Ticket
    offset: timedelta
    undoable: Undoable | None = None  # what was done last, where that can be undone


@dataclass(frozen=True, slots=True)
class OpeningKey:
    """What makes a request to open a ticket open one ticket only: who asks, and what for."""

    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is stored beside a new ticket: the desk's version, its offset, what makes it one.

    `look_at` is when an urgent one is first looked at for a call-out, in real time.
    """

    desk_version: int | None = None
    offset: timedelta = timedelta(0)
    look_at: datetime | None = None
    key: OpeningKey | None = None


def draw_ticket_number(connection: Connection) -> int:
    """Take the next ticket number. A number taken and not used is lost, never given twice."""
    return int(DRAW.scalar(connection, {}))


def add_ticket(connection: Connection, ticket: Ticket, provenance: Provenance) -> bool:
    """Store a new ticket; False when its call or its opening key has one already."""
    is_new = insert_once(connection, TicketRow, _columns(ticket, provenance))
    if is_new and ticket.subject:
        add_words(connection, ticket.number, ticket.subject)
    return is_new


def add_ticket_of_call(connection: Connection, ticket: Ticket, provenance: Provenance) -> None:
    """Store the new ticket of a call, which has no subject; it stays the only one of its call."""
    insert_new(connection, TicketRow, [_columns(ticket, provenance)])


def change_ticket(connection: Connection, ticket: Ticket, undoable: Undoable | None = None) -> None:
    """Store what can change of a ticket, and how the change can be undone."""
    written = write_undoable(undoable) if undoable else None
    CHANGE.queue(connection, _changing(ticket) | {"this": ticket.number, "undoable": written})


def change_opener(connection: Connection, ticket: Ticket) -> None:
    """Store what the call that opened the ticket has changed since."""
    changed = {"language": ticket.language, "wakes_duty": ticket.wakes_duty}
    CHANGE_OPENER.queue(connection, changed | {"this": ticket.number})


def find_opened(connection: Connection, key: str) -> tuple[int, str] | None:
    """Return the number of the ticket that was opened with a key, and the hash of its request."""
    row = connection.execute(OPENED_BY, {"key": key}).first()
    return (row.number, row.opening_hash or "") if row else None


def lock_ticket(
    connection: Connection, number: int, desks: Collection[str] | None = None
) -> StoredTicket | None:
    """Lock a ticket until the transaction ends; None where there is none of these desks."""
    if desks is None:
        row = LOCKED.first(connection, {"number": number})
    else:
        wanted = of_desks(select(TicketRow), TicketRow.desk, desks)
        row = connection.execute(wanted.where(TicketRow.number == number).with_for_update()).first()
    if row is None:
        return None
    return _stored(row)


def load_stored_tickets(
    connection: Connection, numbers: Collection[int], desks: Collection[str]
) -> dict[int, StoredTicket]:
    """Return those of these tickets that these desks have, by number; none is locked."""
    wanted = of_desks(select(TicketRow), TicketRow.desk, desks)
    rows = connection.execute(wanted.where(TicketRow.number.in_(numbers)))
    return {row.number: _stored(row) for row in rows}


def last_undoable(connection: Connection, number: int) -> Undoable | None:
    """Return how the last change of a ticket can be undone, or None."""
    stored = select(TicketRow.undoable).where(TicketRow.number == number)
    text = connection.execute(stored).scalar()
    return read_undoable(text) if text else None


def read_ticket(row: Row[*tuple[Any, ...]], on_number: str = "") -> Ticket:
    """Read a ticket; `on_number` is the telephone on which it was acknowledged, where known."""
    return Ticket(
        number=row.number,
        desk=row.desk,
        source=row.source,
        priority=row.priority,
        opened_at=row.created_at,
        status=row.status,
        contact=Contact(_number(row), row.contact_name, row.contact_email),
        subject=row.subject,
        customer=row.customer,
        agreement=row.agreement,
        due=Deadlines(row.respond_by, row.solve_by, row.workaround_stops),
        pauses=read_pauses(row.pauses) if row.pauses else (),
        paused_since=row.paused_since,
        responded_at=row.responded_at,
        workaround_at=row.workaround_at,
        agreed_solve_by=row.agreed_solve_by,
        escalation_held_at=row.escalation_held_at,
        escalation_held_until=row.escalation_held_until,
        is_urgent=row.is_urgent,
        wakes_duty=row.wakes_duty,
        priority_set_at=row.priority_set_at,
        acknowledged=_acknowledged(row, on_number),
        released_at=row.released_at,
        passed_on_by=read_texts(row.passed_on_by) if row.passed_on_by else (),
        rings_again=read_rings_again(row.rings_again) if row.rings_again else (),
        closed=Closed(row.closed_by or "", row.closed_at) if row.closed_at else None,
        work=_work(row),
        line=row.line,
        language=row.language,
        no_keys=row.no_keys,
        call_sid=row.call_sid,
        calls=row.calls,
        call_outs_made=row.call_outs_made,
        next_call_out_at=row.next_call_out_at,
    )


def join_ticket(connection: Connection, joined: JoinTicket, call_sid: str, now: datetime) -> None:
    """Note that another call is about the ticket; that call's row names it."""
    COUNT_CALL.queue(connection, {"this": joined.number})
    add_event(connection, joined.number, TicketEventKind.CALLED_AGAIN, now, call=call_sid)


def attach_message(
    connection: Connection, number: int, message: AttachMessage, now: datetime
) -> bool:
    """Note that the caller left a spoken message; True when it is here already.

    What was spoken before there was a ticket may have been fetched by now.
    """
    sid, left = message.recording, TicketEventKind.MESSAGE_LEFT
    add_event(connection, number, left, now, recording=sid, seconds=message.seconds)
    is_here = bool(ATTACH.run(connection, {"recording": sid, "to": number}))
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
    row = {"ticket": number, "at": now, "kind": kind, "who": who, "facts": write_facts(**facts)}
    insert_row(connection, TicketEventRow, row)


def add_events(connection: Connection, number: int, events: Iterable[TicketEvent]) -> None:
    """Add what a decision says has happened to a ticket."""
    for event in events:
        add_event(connection, number, event.kind, event.at, who=event.who, **event.facts)


def is_acknowledged(connection: Connection, number: int) -> bool:
    """Tell whether somebody has acknowledged the ticket."""
    taken = select(TicketRow.acknowledged_at).where(TicketRow.number == number)
    return connection.execute(taken).scalar() is not None


def ticket_of_call(connection: Connection, call_sid: str) -> int | None:
    """Return the number of the ticket that the call opened or joined, or None."""
    of_call = select(CallRow.ticket).where(CallRow.sid == call_sid)
    return connection.execute(of_call).scalar()


def _stored(row: Row[*tuple[Any, ...]]) -> StoredTicket:
    undoable = read_undoable(row.undoable) if row.undoable else None
    return StoredTicket(read_ticket(row), timedelta(seconds=row.offset_seconds), undoable)


def _number(row: Row[*tuple[Any, ...]]) -> Number:
    """Return the contact's number; one that was erased is withheld."""
    has_none = row.caller_kind in (NumberKind.WITHHELD, NumberKind.MALFORMED)
    return Number(row.caller, row.caller_kind if row.caller or has_none else NumberKind.WITHHELD)


def _acknowledged(row: Row[*tuple[Any, ...]], on_number: str) -> Acknowledged | None:
    if row.acknowledged_at is None:
        return None
    by, person = row.acknowledged_by or "", row.acknowledged_person or ""
    return Acknowledged(by, row.acknowledged_at, person, on_number)


def _work(row: Row[*tuple[Any, ...]]) -> Work:
    has_one = row.assignee_name is not None
    return Work(
        state=row.state,
        since=row.state_since,
        moved_by=row.moved_by,
        assignee=Assignee(row.assignee_name, row.assignee_id or "") if has_one else None,
        group=row.group_id,
        version=row.version,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def _columns(ticket: Ticket, provenance: Provenance) -> dict[str, Any]:
    key = provenance.key
    return _changing(ticket) | {
        "number": ticket.number,
        "desk": ticket.desk,
        "source": ticket.source,
        "call_sid": ticket.call_sid,
        "opening_key": key.key if key else None,
        "opening_hash": key.request_hash if key else None,
        "subject": ticket.subject,
        "customer": ticket.customer,
        "agreement": ticket.agreement,
        "caller": ticket.contact.number.digits,
        "caller_kind": ticket.contact.number.kind,
        "contact_name": ticket.contact.name,
        "contact_email": ticket.contact.email,
        "line": ticket.line,
        "language": ticket.language,
        "wakes_duty": ticket.wakes_duty,
        "no_keys": ticket.no_keys,
        "created_at": ticket.opened_at,
        "calls": ticket.calls,
        "desk_version": provenance.desk_version,
        "target_version": provenance.desk_version or 0,
        "offset_seconds": provenance.offset.total_seconds(),
        "next_call_out_at": provenance.look_at if ticket.is_urgent else None,
    }


def _changing(ticket: Ticket) -> dict[str, Any]:
    taken, closed, work = ticket.acknowledged, ticket.closed, ticket.work
    return {
        "priority": ticket.priority,
        "priority_set_at": ticket.priority_set_at,
        "is_urgent": ticket.is_urgent,
        "respond_by": ticket.due.respond_by,
        "solve_by": ticket.due.solve_by,
        "pauses": write_pauses(ticket.pauses) if ticket.pauses else None,
        "paused_since": ticket.paused_since,
        "responded_at": ticket.responded_at,
        "workaround_at": ticket.workaround_at,
        "workaround_stops": ticket.due.workaround_stops,
        "agreed_solve_by": ticket.agreed_solve_by,
        "escalation_held_at": ticket.escalation_held_at,
        "escalation_held_until": ticket.escalation_held_until,
        "next_due_at": next_deadline(ticket).due_at,
        "target_review_at": AT_ONCE,
        "status": ticket.status,
        "acknowledged_by": taken.by if taken else None,
        "acknowledged_person": (taken.person or None) if taken else None,
        "acknowledged_at": taken.at if taken else None,
        "released_at": ticket.released_at,
        "passed_on_by": write_texts(ticket.passed_on_by) if ticket.passed_on_by else None,
        "rings_again": write_rings_again(ticket.rings_again) if ticket.rings_again else None,
        "closed_by": closed.by if closed else None,
        "closed_at": closed.at if closed else None,
        "state": work.state,
        "state_since": work.since,
        "moved_by": work.moved_by,
        "assignee_name": work.assignee.name if work.assignee else None,
        "assignee_id": (work.assignee.id or None) if work.assignee else None,
        "group_id": work.group,
        "version": work.version,
        "changed_by": work.changed_by,
        "changed_at": work.changed_at,
        "undoable": None,
    }
