"""Closes a desk to callers who withhold their number, for a while, and opens it again.

All contacts are told each time: an SMS that asks for it may be forged.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.domain.desks.desk import Desk
from app.domain.health.alarms import AlarmMessage, Channel, messages_to_contacts
from app.domain.message_refs import MessageError, ref
from app.domain.texts.message import Message
from app.store import Database
from app.store.blocked_numbers import WITHHELD, Block, list_blocks, put_block, remove_block
from app.store.desks import find_desk
from app.store.outbox import NewJob, put_jobs
from app.store.tables import JobKind

FOR_AN_HOUR: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=1)
REASON: Final = "closed_to_withheld"  # a code: who lists it writes its text


class NoSuchDesk(MessageError):
    """There is no desk with this id."""


@dataclass(frozen=True, slots=True)
class WithheldRequest:
    """Who asks for it, when, and by what it is known, so that it is told once."""

    who: str
    now: datetime
    mark: str


def close_to_withheld(
    connection: Connection, desk: Desk, request: WithheldRequest, lasts: timedelta = FOR_AN_HOUR
) -> Message:
    """Let nobody who withholds the number through for so long; answer what is told of it."""
    until = request.now + min(lasts, LONGEST)
    put_block(connection, Block(desk.id, WITHHELD, REASON, until, request.who, request.now))
    values = (("desk", desk.name), ("until", until), ("who", request.who))
    message = Message("sms_withheld_closed", desk.lines[0].languages[0], values)
    _notify_contacts(connection, desk, message, request)
    return message


def close_by_sms(connection: Connection, desk: Desk, request: WithheldRequest) -> Message:
    """Close for an hour from now; what is closed for longer stays closed so long."""
    closed = (each.until for each in list_blocks(connection, [desk.id]) if each.digits == WITHHELD)
    left = (until - request.now for until in closed if until)
    return close_to_withheld(connection, desk, request, max((FOR_AN_HOUR, *left)))


def open_to_withheld(connection: Connection, desk: Desk, request: WithheldRequest) -> Message:
    """Let them through again; answer what is told of it."""
    values = (("desk", desk.name), ("who", request.who))
    message = Message("sms_withheld_open", desk.lines[0].languages[0], values)
    if remove_block(connection, desk.id, WITHHELD):
        _notify_contacts(connection, desk, message, request)
    return message


def close_desk(
    database: Database, desk: str, request: WithheldRequest, lasts: timedelta
) -> datetime:
    """Close a desk; return until when. NoSuchDesk where there is none."""
    close = partial(close_to_withheld, request=request, lasts=lasts)
    database.write(lambda connection: close(connection, _found(connection, desk)))
    return request.now + min(lasts, LONGEST)


def open_desk(database: Database, desk: str, request: WithheldRequest) -> None:
    """Open a desk again. NoSuchDesk where there is none."""
    database.write(
        lambda connection: open_to_withheld(connection, _found(connection, desk), request)
    )


def _found(connection: Connection, desk: str) -> Desk:
    live = find_desk(connection, desk)
    if live is None:
        raise NoSuchDesk(ref("block.no_such_desk", desk=desk))
    return live.desk


def _notify_contacts(
    connection: Connection, desk: Desk, message: Message, request: WithheldRequest
) -> None:
    jobs = [
        _job(desk, message, f"alarm:{desk.id}:withheld:{request.mark}:{number}", request.now)
        for number, message in enumerate(messages_to_contacts(desk, message))
    ]
    if jobs:
        put_jobs(connection, jobs, request.now)


def _job(desk: Desk, message: AlarmMessage, dedup: str, now: datetime) -> NewJob:
    payload: dict[str, object] = {
        "to": message.to,
        "message": asdict(message.body),
        "at": now,
        "time_zone": desk.time_zone,
    }
    if message.channel is Channel.MAIL:
        payload["subject"] = asdict(message.body)
        kind = JobKind.MAIL
    else:
        payload["from"] = desk.lines[0].number
        kind = JobKind.SMS
    return NewJob(kind, dedup, payload, desk=desk.id, person=message.contact.role)
