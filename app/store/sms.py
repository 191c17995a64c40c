"""SMS as rows: those that came in, and how those that we sent have fared."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from app.store.tables import DeliveryRow, IncomingSmsRow, JobRow, LineRow
from app.store.tickets import Happened, add_event
from app.store.upsert import insert_once

# What is told later must not take back what is final: callbacks come in any order.
FINAL: Final = frozenset({"delivered", "undelivered", "failed", "read"})
NOT_DELIVERED: Final = frozenset({"undelivered", "failed"})

TELL: Final = (
    update(DeliveryRow)
    .where(DeliveryRow.sid == bindparam("this"), DeliveryRow.status.not_in(FINAL))
    .values(
        status=bindparam("status"), error_code=bindparam("error_code"), told_at=bindparam("told_at")
    )
)


@dataclass(frozen=True, slots=True)
class Told:
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


def save_incoming(connection: Connection, sms: ReceivedSms, now: datetime) -> str | None:
    """Store an SMS that came in, once, and return the desk whose line it came to, or None."""
    desk = connection.execute(select(LineRow.desk).where(LineRow.number == sms.line)).scalar()
    row = {
        "sid": sms.sid,
        "desk": desk,
        "line": sms.line,
        "sender": sms.sender,
        "body": sms.body,
        "at": now,
    }
    insert_once(connection, IncomingSmsRow, row)
    return desk


def note_sent(connection: Connection, sid: str, now: datetime) -> None:
    """Note that an SMS has this sid now, and act on what was told of it before."""
    is_first = insert_once(connection, DeliveryRow, _row(Told(sid, ""), now))
    if not is_first:
        known = select(DeliveryRow.status, DeliveryRow.error_code).where(DeliveryRow.sid == sid)
        row = connection.execute(known).one()
        _show_on_ticket(connection, Told(sid, row.status, row.error_code), now)


def note_delivery(connection: Connection, told: Told, now: datetime) -> None:
    """Note how an SMS fares; what was not delivered shows on its ticket, once."""
    if insert_once(connection, DeliveryRow, _row(told, now)) or _tell(connection, told, now):
        _show_on_ticket(connection, told, now)


def delivery_of(connection: Connection, sid: str) -> str:
    """Return the network's last word on an SMS; empty while it has told nothing."""
    known = select(DeliveryRow.status).where(DeliveryRow.sid == sid)
    return connection.execute(known).scalar() or ""


def _tell(connection: Connection, told: Told, now: datetime) -> bool:
    row = _row(told, now)
    return connection.execute(TELL, row | {"this": row.pop("sid")}).rowcount > 0


def _show_on_ticket(connection: Connection, told: Told, now: datetime) -> None:
    if told.status not in NOT_DELIVERED:
        return
    sent = select(JobRow.ticket, JobRow.person).where(JobRow.provider_sid == told.sid)
    job = connection.execute(sent).first()
    if job is None or job.ticket is None:
        return
    add_event(
        connection,
        job.ticket,
        Happened.NOTICE_UNDELIVERED,
        now,
        who=job.person or "",
        status=told.status,
        error_code=told.error_code,
    )


def _row(told: Told, now: datetime) -> dict[str, object]:
    return {
        "sid": told.sid,
        "status": told.status,
        "error_code": told.error_code,
        "told_at": now,
    }
