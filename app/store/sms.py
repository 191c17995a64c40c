"""SMS as rows: those that came in, and how those that we sent have fared."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from app.domain.texts.message import Message
from app.domain.tickets.events import TicketEventKind
from app.store.codec import read_messages, write_messages
from app.store.tables import DeliveryRow, IncomingSmsRow, JobRow, LineRow
from app.store.tickets import add_event
from app.store.upsert import insert_once

# What is told later must not take back what is final: callbacks come in any order.
FINAL: Final = frozenset({"delivered", "undelivered", "failed", "read"})
NOT_DELIVERED: Final = frozenset({"undelivered", "failed"})

UPDATE_DELIVERY: Final = (
    update(DeliveryRow)
    .where(DeliveryRow.sid == bindparam("this"), DeliveryRow.status.not_in(FINAL))
    .values(
        status=bindparam("status"),
        error_code=bindparam("error_code"),
        reported_at=bindparam("reported_at"),
    )
)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How an SMS fares, in the network's words."""

    sid: str
    status: str
    error_code: str | None = None


@dataclass(frozen=True, slots=True)
class ReceivedSms:
    """An SMS that came in on one of our lines."""

    sid: str
    line: str
    sender: str
    body: str


@dataclass(frozen=True, slots=True)
class StoredSms:
    """An SMS as it is stored: the desk whose line it came to, and what it was answered before.

    None in `replies`: what its sender gets once an hour, if anything; empty: nothing.
    """

    desk: str | None
    is_new: bool
    replies: tuple[Message, ...] | None = None


def save_incoming(connection: Connection, sms: ReceivedSms, now: datetime) -> StoredSms:
    """Store an SMS that came in, once; one that is posted again has been answered before."""
    desk = connection.execute(select(LineRow.desk).where(LineRow.number == sms.line)).scalar()
    row = {
        "sid": sms.sid,
        "desk": desk,
        "line": sms.line,
        "sender": sms.sender,
        "body": sms.body,
        "at": now,
    }
    if insert_once(connection, IncomingSmsRow, row):
        return StoredSms(desk, is_new=True)
    told = connection.execute(
        select(IncomingSmsRow.reply).where(IncomingSmsRow.sid == sms.sid)
    ).scalar()
    return StoredSms(desk, is_new=False, replies=None if told is None else read_messages(told))


def save_replies(connection: Connection, sid: str, replies: tuple[Message, ...]) -> None:
    """Note what an SMS was answered: the same once more, when it is posted again."""
    this = update(IncomingSmsRow).where(IncomingSmsRow.sid == sid)
    connection.execute(this.values(reply=write_messages(replies)))


def note_about(connection: Connection, sid: str, ticket: int) -> None:
    """Note of which ticket an SMS is."""
    this = update(IncomingSmsRow).where(IncomingSmsRow.sid == sid)
    connection.execute(this.values(ticket=ticket))


def written_about(connection: Connection, ticket: int) -> tuple[str, ...]:
    """Return what was written about a ticket by SMS, as far as it is still kept."""
    about = select(IncomingSmsRow.body).where(IncomingSmsRow.ticket == ticket)
    return tuple(connection.execute(about.order_by(IncomingSmsRow.at)).scalars())


def words_of(connection: Connection, ticket: int) -> dict[str, str]:
    """Return the same by the sids of the SMS."""
    about = select(IncomingSmsRow.sid, IncomingSmsRow.body).where(IncomingSmsRow.ticket == ticket)
    return {row.sid: row.body for row in connection.execute(about)}


def note_sent(connection: Connection, sid: str, now: datetime) -> None:
    """Note that an SMS has this sid now, and act on what was told of it before."""
    is_first = insert_once(connection, DeliveryRow, _row(DeliveryReport(sid, ""), now))
    if not is_first:
        # Locked: what is told from now on waits until it can find the job by its sid.
        known = select(DeliveryRow.status, DeliveryRow.error_code).where(DeliveryRow.sid == sid)
        row = connection.execute(known.with_for_update()).one()
        _show_on_ticket(connection, DeliveryReport(sid, row.status, row.error_code), now)


def note_delivery(connection: Connection, report: DeliveryReport, now: datetime) -> None:
    """Note how an SMS fares; what was not delivered shows on its ticket, once."""
    if insert_once(connection, DeliveryRow, _row(report, now)) or _update_delivery(
        connection, report, now
    ):
        _show_on_ticket(connection, report, now)


def _update_delivery(connection: Connection, report: DeliveryReport, now: datetime) -> bool:
    row = _row(report, now)
    return connection.execute(UPDATE_DELIVERY, row | {"this": row.pop("sid")}).rowcount > 0


def _show_on_ticket(connection: Connection, report: DeliveryReport, now: datetime) -> None:
    if report.status not in NOT_DELIVERED:
        return
    sent = select(JobRow.ticket, JobRow.person).where(JobRow.provider_sid == report.sid)
    job = connection.execute(sent).first()
    if job is None or job.ticket is None:
        return
    add_event(
        connection,
        job.ticket,
        TicketEventKind.NOTIFICATION_UNDELIVERED,
        now,
        who=job.person or "",
        status=report.status,
        error_code=report.error_code,
    )


def _row(report: DeliveryReport, now: datetime) -> dict[str, object]:
    return {
        "sid": report.sid,
        "status": report.status,
        "error_code": report.error_code,
        "reported_at": now,
    }
