"""A case opened in the portal: a ticket, or an idea that is sent on. A form opens one, once."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlalchemy import Connection

from app.actions.portal.sending_limits import count_sending
from app.actions.tickets.open_ticket import KeyReused, Opened, open_once, store_ticket
from app.domain.access.limits import Limited
from app.domain.access.users import User
from app.domain.desks.case_types import CaseKind, CaseType
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Desk
from app.domain.portal.case_form import CaseRead
from app.domain.texts.message import Message
from app.domain.tickets.comments import Comment, Side
from app.domain.tickets.opening import NewTicket
from app.domain.tickets.outcome import AddComment
from app.domain.tickets.ticket import Contact, Source
from app.store import Database
from app.store.attachments import NewAttachment, add_attachments
from app.store.outages import list_outages
from app.store.outbox import NewJob, put_jobs
from app.store.portal_cases import (
    NewIdea,
    PortalCase,
    add_idea,
    add_portal_case,
    count_ideas,
    subscribe_to_outage,
)
from app.store.tables import JobKind
from app.store.tickets import OpeningKey


@dataclass(frozen=True, slots=True)
class NewCase:
    """Who opens which type of case, for which customer, about what. `key` is the form's own."""

    desk: Desk
    customer: Customer
    user: User
    project: str
    of: CaseType
    read: CaseRead
    key: str
    files: tuple[NewAttachment, ...] = ()

    @property
    def opening_key(self) -> OpeningKey:
        """Return what makes this form one ticket."""
        files = tuple(sha256(each.content).hexdigest() for each in self.files)
        said = repr((self.project, self.of.id, self.read.subject, self.read.body, files))
        return OpeningKey(f"portal:{self.user.id}:{self.key}", sha256(said.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class IdeaSent:
    """The idea is on its way; how many the customer has had so far."""

    count: int


def open_case(database: Database, new: NewCase, now: datetime) -> Opened | KeyReused | IdeaSent:
    """Open the ticket, or send the idea on; the same form again changes nothing.

    KeyReused where the form has opened a ticket with something else in it; SentTooMuch after too
    many within an hour.
    """
    if new.of.kind is CaseKind.IDEA:
        return database.write(partial(_send_idea, new=new, now=now))
    return open_once(database, new.opening_key, partial(_open, new=new, now=now))


def join_outage(database: Database, desk: str, user: User, now: datetime) -> bool:
    """Let somebody be told when the outage is over that the desk knows of; False for none."""

    def join(connection: Connection) -> bool:
        there = next(iter(list_outages(connection, [desk], is_open=True)), None)
        if there:
            subscribe_to_outage(connection, there.known.id, user.id, now)
        return there is not None

    return database.write(join)


def _open(connection: Connection, new: NewCase, now: datetime) -> Opened | None:
    user, desk = new.user, new.desk
    asked = NewTicket(
        source=Source.PORTAL,
        priority=new.read.priority,
        contact=Contact(name=user.name, email=user.email),
        subject=new.read.subject,
        customer=new.customer.number,
        agreement=new.customer.agreement,
        language=user.language,
        by=user.actor,
        group=new.of.group or next((p.group for p in desk.projects if p.id == new.project), ""),
    )
    words = AddComment(Comment(new.read.body, Side.CUSTOMER), user.actor)
    opened = store_ticket(connection, asked, desk, new.opening_key, now, words)
    if opened is None:
        return None
    count_sending(connection, Limited.CASES_OF_ACCOUNT, user, now)
    case = PortalCase(opened.number, user.id, new.project, new.of.id, new.of.kind)
    add_portal_case(connection, case, now)
    add_attachments(connection, opened.number, new.files, user.id, now)
    return opened


def _send_idea(connection: Connection, new: NewCase, now: datetime) -> IdeaSent:
    desk, number = new.desk, new.customer.number
    key = _idea_key(new)
    if add_idea(connection, NewIdea(desk.id, number, new.user.id, new.of.id, key), now):
        count_sending(connection, Limited.CASES_OF_ACCOUNT, new.user, now)
        put_jobs(connection, list(_idea_mails(new, now)), now)
    return IdeaSent(count_ideas(connection, desk.id, number))


def _idea_key(new: NewCase) -> str:
    """Return what makes an idea one: the same form with other words is another idea."""
    return f"{new.opening_key.key}:{new.opening_key.request_hash[:16]}"


def _idea_mails(new: NewCase, now: datetime) -> Iterator[NewJob]:
    desk, user = new.desk, new.user
    values = (
        ("desk", desk.name),
        ("customer", new.customer.name),
        ("who", f"{user.name} <{user.email}>"),
        ("subject", new.read.subject),
        ("words", new.read.body),
    )
    for address in new.of.send_to:
        payload: dict[str, object] = {
            "to": address,
            "subject": asdict(Message("idea_mail.subject", desk.language, values)),
            "message": asdict(Message("idea_mail.body", desk.language, values)),
            "at": now,
            "time_zone": desk.time_zone,
        }
        dedup = f"idea:{_idea_key(new)}:{address}"
        yield NewJob(JobKind.MAIL, dedup, payload, desk=desk.id, person=address)
