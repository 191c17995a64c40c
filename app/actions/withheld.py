"""Closes a desk to callers who withhold their number, for a while, and opens it again.

All contacts are told each time: an SMS that asks for it may be forged.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.domain.alarms import Channel, Told, to_contacts
from app.domain.decision import Sentence
from app.domain.desk import Desk
from app.store import Database
from app.store.blocked import WITHHELD, Block, list_blocks, put_block, remove_block
from app.store.desks import find_desk
from app.store.outbox import NewJob, put_jobs
from app.store.tables import JobKind

FOR_AN_HOUR: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=1)
REASON: Final = "closed to withheld numbers"


class NoSuchDesk(ValueError):
    """There is no desk with this id."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for it, when, and by what it is known, so that it is told once."""

    who: str
    now: datetime
    mark: str


def close_to_withheld(
    connection: Connection, desk: Desk, request: Request, lasts: timedelta = FOR_AN_HOUR
) -> Sentence:
    """Let nobody who withholds the number through for so long; answer what is told of it."""
    until = request.now + min(lasts, LONGEST)
    put_block(connection, Block(desk.id, WITHHELD, REASON, until, request.who, request.now))
    values = (("desk", desk.name), ("until", until), ("who", request.who))
    sentence = Sentence("sms_withheld_closed", desk.lines[0].languages[0], values)
    _tell_contacts(connection, desk, sentence, request)
    return sentence


def close_by_sms(connection: Connection, desk: Desk, request: Request) -> Sentence:
    """Close for an hour from now; what is closed for longer stays closed so long."""
    closed = (each.until for each in list_blocks(connection, [desk.id]) if each.digits == WITHHELD)
    left = (until - request.now for until in closed if until)
    return close_to_withheld(connection, desk, request, max((FOR_AN_HOUR, *left)))


def open_to_withheld(connection: Connection, desk: Desk, request: Request) -> Sentence:
    """Let them through again; answer what is told of it."""
    values = (("desk", desk.name), ("who", request.who))
    sentence = Sentence("sms_withheld_open", desk.lines[0].languages[0], values)
    if remove_block(connection, desk.id, WITHHELD):
        _tell_contacts(connection, desk, sentence, request)
    return sentence


def close_desk(database: Database, desk: str, request: Request, lasts: timedelta) -> datetime:
    """Close a desk; return until when. NoSuchDesk where there is none."""
    close = partial(close_to_withheld, request=request, lasts=lasts)
    database.write(lambda connection: close(connection, _found(connection, desk)))
    return request.now + min(lasts, LONGEST)


def open_desk(database: Database, desk: str, request: Request) -> None:
    """Open a desk again. NoSuchDesk where there is none."""
    database.write(
        lambda connection: open_to_withheld(connection, _found(connection, desk), request)
    )


def _found(connection: Connection, desk: str) -> Desk:
    live = find_desk(connection, desk)
    if live is None:
        raise NoSuchDesk(f"There is no desk “{desk}”.")
    return live.desk


def _tell_contacts(
    connection: Connection, desk: Desk, sentence: Sentence, request: Request
) -> None:
    jobs = [
        _job(desk, told, f"alarm:{desk.id}:withheld:{request.mark}:{number}", request.now)
        for number, told in enumerate(to_contacts(desk, sentence))
    ]
    if jobs:
        put_jobs(connection, jobs, request.now)


def _job(desk: Desk, told: Told, dedup: str, now: datetime) -> NewJob:
    payload: dict[str, object] = {
        "to": told.to,
        "sentence": asdict(told.body),
        "at": now,
        "time_zone": desk.time_zone,
    }
    if told.channel is Channel.MAIL:
        payload["subject"] = asdict(told.body)
        kind = JobKind.MAIL
    else:
        payload["from"] = desk.lines[0].number
        kind = JobKind.SMS
    return NewJob(kind, dedup, payload, desk=desk.id, person=told.contact.role)
