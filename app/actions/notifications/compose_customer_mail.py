"""Composes what whom a ticket is answered to is told, in their language: what the desk has done."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.actions.notifications.inbox_mail import ComposedMail
from app.domain.desks.desk import Desk
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message, Value
from app.domain.tickets.comments import Side, Visibility
from app.domain.tickets.events import TicketEvent, TicketEventKind
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.workflow_moves import state_of
from app.store.comments import StoredComment, comments_on
from app.store.customer_notifications import GATHERED, customer_thread
from app.store.desks import find_desk
from app.store.outbox import Job
from app.store.portal_cases import followers_of, may_be_answered
from app.store.ticket_lists import find_ticket, ticket_events
from app.store.users import find_user, find_user_by_email

AddressOf = Callable[[str], str]  # path -> address
MOVES: Final = (TicketEventKind.MOVED, TicketEventKind.CLOSED)


def compose_customer_mail(
    connection: Connection, texts: Texts, job: Job, address_of: AddressOf
) -> ComposedMail | None:
    """Write a mail about one minute of a ticket; None where nothing of it is to be told now."""
    ticket, live = find_ticket(connection, job.ticket or 0), find_desk(connection, job.desk or "")
    minute = job.payload["minute"]
    if ticket is None or live is None:
        return None
    receiver = _receiver(connection, ticket, live.desk, job.text("user"))
    if receiver is None:
        return None
    to, language = receiver
    if not isinstance(minute, datetime):
        raise TypeError("a mail without its minute")
    comments = tuple(_answers(connection, ticket.number, minute))
    events = tuple(_standing(ticket_events(connection, ticket.number), minute))
    if not comments and not events:
        return None
    values: dict[str, Value] = {
        "ticket": ticket.number,
        "desk": live.desk.name,
        "subject": ticket.subject,
    }

    def say(key: str, **more: Value) -> str:
        message = Message(key, language, tuple((values | more).items()))
        zone = live.desk.time_zone
        return texts.render(message, now=minute, time_zone=zone, spoken=False)

    is_opening = any(each.kind is TicketEventKind.OPENED for each in events)
    state = state_of(ticket, live.desk.workflow).sentence_in(language)
    parts = (
        say("customer_mail.opened") if is_opening else "",
        *(say("customer_mail.wrote", who=c.author, words=c.comment.body) for c in comments),
        texts.write(state, language),
        say("customer_mail.where", address=address_of(_page(ticket))),
        say("customer_mail.automatic"),
    )
    return ComposedMail(
        to=to,
        subject=say("customer_mail.subject" if ticket.subject else "customer_mail.no_subject"),
        body="\n\n".join(part for part in parts if part) + "\n",
        id=job.text("id"),
        thread=customer_thread(ticket.number),
    )


def _answers(connection: Connection, number: int, minute: datetime) -> Iterator[StoredComment]:
    """Yield what the desk wrote for the customer in the minute, and has not taken back."""
    for each in comments_on(connection, number, (Visibility.PUBLIC,)):
        if each.comment.side is Side.DESK and minute <= each.at < minute + GATHERED:
            yield each


def _standing(events: tuple[TicketEvent, ...], minute: datetime) -> Iterator[TicketEvent]:
    """Yield what opened or moved the ticket in the minute, and was not undone."""
    kept: list[TicketEvent] = []
    for event in events:
        is_undone = event.kind is TicketEventKind.CHANGE_UNDONE and event.facts.get("moved")
        if is_undone and kept and kept[-1].kind in MOVES:
            kept.pop()
        elif event.kind in MOVES or event.kind is TicketEventKind.OPENED:
            kept.append(event)
    yield from (each for each in kept if minute <= each.at < minute + GATHERED)


def _receiver(
    connection: Connection, ticket: Ticket, desk: Desk, follower: str
) -> tuple[str, str] | None:
    """Return address and language of whom a mail is for; None for who may not see it any more."""
    if not follower:
        email = ticket.contact.email
        if not email or not may_be_answered(connection, ticket):
            return None
        return email, _language(connection, ticket, desk)
    user = find_user(connection, int(follower))
    if user is None or user.id not in followers_of(connection, ticket):
        return None
    return user.email, user.language


def _page(ticket: Ticket) -> str:
    """Return the page of a case; the portal's first one where no customer of it is known."""
    portal = f"/portal/{ticket.desk}"
    return f"{portal}/cases/{ticket.number}" if ticket.customer else portal


def _language(connection: Connection, ticket: Ticket, desk: Desk) -> str:
    """Return the receiver's language: a user's own, else that of the ticket, else the desk's."""
    user = find_user_by_email(connection, ticket.contact.email.lower())
    return (user.language if user else "") or ticket.language or desk.language
