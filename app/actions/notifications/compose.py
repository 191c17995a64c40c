"""Composes what a desk's inbox is sent, when it is sent: from the ticket as it is then.

Composes mails and events for programs; nothing is sent here, and nothing is written to rows.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.actions.notifications.inbox_mail import ComposedMail, level_name, ticket_values
from app.domain.desks.desk import LINK_HOLDS_DAYS, Desk, Priority, RecordingsBy
from app.domain.portal.accounts import AccountState
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message, Value
from app.domain.tickets.comments import Side
from app.domain.tickets.outcome import InboxEvent
from app.domain.tickets.ticket import Source, Ticket
from app.domain.tickets.workflow_moves import state_of
from app.store.account_requests import find_account_request
from app.store.comments import comments_on
from app.store.desks import find_desk
from app.store.inbox_notifications import ACCOUNT_WAITS, thread_of
from app.store.outbox import Job
from app.store.people import customer_names
from app.store.recordings import Recording, load_recording
from app.store.sms import written_about
from app.store.ticket_lists import find_ticket

LARGEST_ATTACHMENT: Final = 6 * 1024 * 1024  # bytes: twelve minutes; many servers refuse 10 MB

LinkTo = Callable[[str, str], str]  # (recording, receiver) -> address, or ""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """An event for a desk's program: where to, under which id, and what."""

    url: str
    id: str
    body: str
    desk: str


@dataclass(frozen=True, slots=True)
class _TicketContext:
    """A job's ticket with its desk, as both are now, and the language the desk is written to in."""

    job: Job
    desk: Desk
    ticket: Ticket
    customer: str | None
    texts: Texts

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return moment_of(self.job)

    def say(self, key: str, **more: Value) -> str:
        """Say something about the ticket in the desk's language."""
        values = {**ticket_values(self.desk, self.ticket, self.customer), **more}
        message = Message(key, self.desk.language, tuple(values.items()))
        zone = self.desk.time_zone
        return self.texts.render(message, now=self.at, time_zone=zone, spoken=False)


def moment_of(job: Job) -> datetime:
    """Return the moment of which a job tells. TypeError for one without."""
    at = job.payload["at"]
    if not isinstance(at, datetime):
        raise TypeError("a notification without its moment")
    return at


def attachment_for(connection: Connection, job: Job) -> Recording | None:
    """Return the recording that goes with a mail, where its desk wants it so and it is small."""
    sid = job.text("recording")
    live = find_desk(connection, job.desk or "")
    if not sid or live is None or live.desk.inbox.recordings is not RecordingsBy.ATTACHED:
        return None
    found = load_recording(connection, sid, (live.desk.id,))
    return found if found and len(found.media) <= LARGEST_ATTACHMENT else None


def compose_ticket_mail(
    connection: Connection, texts: Texts, job: Job, link_to: LinkTo
) -> ComposedMail | None:
    """Write the mail that a job asks for; None where the ticket, or its desk, is gone.

    Whoever has been taken off the inbox meanwhile is told no more.
    """
    about = _about(connection, texts, job)
    if about is None or job.text("to") not in about.desk.inbox.mail:
        return None
    event, to = InboxEvent(job.text("event")), job.text("to")
    changed = {"was": level_name(about.desk, job.text("was"))} if job.text("was") else {}
    attached = attachment_for(connection, job)
    parts = (
        _what_happened(about, event, changed),
        _written(connection, about, event),
        _commented(connection, about, event),
        about.say("inbox_ticket"),
        _contact(about),
        _hear(connection, about, attached, link_to),
        about.say("inbox_how_closed" if about.ticket.closed else "inbox_how"),
    )
    return ComposedMail(
        to=to,
        subject=about.say(f"inbox_subject.{event}", **changed),
        body="\n\n".join(part for part in parts if part) + "\n",
        id=job.text("id"),
        thread=thread_of(about.ticket.number, to),
        is_urgent=about.ticket.priority is Priority.CRITICAL,
        attached=attached,
    )


def _what_happened(about: _TicketContext, event: InboxEvent, changed: dict[str, Value]) -> str:
    if event is InboxEvent.OPENED and about.ticket.source is Source.SMS:
        return about.say("inbox_opened_by_sms")
    if event is InboxEvent.OPENED and not about.ticket.is_from_caller:
        return about.say("inbox_opened_without_call")
    if event is InboxEvent.MOVED:
        state = state_of(about.ticket, about.desk.workflow)
        changed = {"state": state.name_in(about.desk.language)}
    return about.say(f"inbox_mail.{event}", **changed)


def _written(connection: Connection, about: _TicketContext, event: InboxEvent) -> str:
    """Tell what was written by SMS: no words wait in the outbox."""
    if event not in (InboxEvent.OPENED, InboxEvent.WRITTEN):
        return ""
    words = written_about(connection, about.ticket.number)
    return about.say("inbox_words", words="\n".join(words)) if words else ""


def _commented(connection: Connection, about: _TicketContext, event: InboxEvent) -> str:
    """Tell what the customer wrote last, and who."""
    if event is not InboxEvent.COMMENTED:
        return ""
    theirs = [
        each
        for each in comments_on(connection, about.ticket.number)
        if each.comment.side is Side.CUSTOMER and each.at <= about.at
    ]
    if not theirs:
        return ""
    return about.say("inbox_comment", who=theirs[-1].author, words=theirs[-1].comment.body)


def _contact(about: _TicketContext) -> str:
    contact = about.ticket.contact
    return about.say("inbox_contact") if contact.name or contact.email else ""


def compose_event(
    connection: Connection, texts: Texts, job: Job, link_to: LinkTo
) -> WebhookEvent | None:
    """Write the event that a job asks for; None where the ticket or the webhook is gone."""
    if job.text("event") == ACCOUNT_WAITS:
        return _account_event(connection, job)
    about = _about(connection, texts, job)
    if about is None or not about.desk.inbox.webhook:
        return None
    data: dict[str, object] = {"ticket": _as_data(about), "call_sid": job.call_sid}
    if job.text("was"):
        data["was"] = job.text("was")
    if target := job.payload.get("target"):
        data["target"] = _facts(target, about.desk)
    if words := written_about(connection, about.ticket.number):
        data["written"] = list(words)
    if sid := _recording_here(connection, about):
        link = link_to(sid, f"webhook {about.desk.id}")
        data["recording"] = {"sid": sid, "link": link or None}
    return _posted(job, about.desk, f"ticket.{job.text('event')}", data)


def _account_event(connection: Connection, job: Job) -> WebhookEvent | None:
    """Tell that somebody waits for an account, naming nobody; None where it is decided by now."""
    live = find_desk(connection, job.desk or "")
    asked = find_account_request(connection, int(job.text("request")))
    is_waiting = asked is not None and asked.state is AccountState.WAITING
    if live is None or not live.desk.inbox.webhook or not is_waiting:
        return None
    data = {"desk": live.desk.id, "request": int(job.text("request"))}
    return _posted(job, live.desk, ACCOUNT_WAITS, data)


def _posted(job: Job, desk: Desk, kind: str, data: Mapping[str, object]) -> WebhookEvent:
    body = {"type": kind, "timestamp": _iso(moment_of(job), desk), "data": data}
    text = json.dumps(body, ensure_ascii=False)
    return WebhookEvent(desk.inbox.webhook, job.text("id"), text, desk.id)


def _facts(stored: object, desk: Desk) -> dict[str, object]:
    """Write what is known of a target as a program reads it."""
    assert isinstance(stored, dict)
    return {
        name: _iso(value, desk) if isinstance(value, datetime) else value
        for name, value in stored.items()
    }


def _about(connection: Connection, texts: Texts, job: Job) -> _TicketContext | None:
    live = find_desk(connection, job.desk or "")
    ticket = find_ticket(connection, job.ticket or 0)
    if live is None or ticket is None:
        return None
    names = customer_names(connection, live.desk.id, [ticket.customer] if ticket.customer else [])
    return _TicketContext(job, live.desk, ticket, names.get(ticket.customer or ""), texts)


def _recording_here(connection: Connection, about: _TicketContext) -> str:
    """Return the job's recording where it is here and still kept; empty where it is not."""
    sid = about.job.text("recording")
    return sid if sid and load_recording(connection, sid, (about.desk.id,)) else ""


def _hear(
    connection: Connection, about: _TicketContext, attached: Recording | None, link_to: LinkTo
) -> str:
    """Say how the message is heard; nothing where there is none."""
    if attached:
        return about.say("inbox_recording.attached")
    sid = _recording_here(connection, about)
    if not sid:
        return ""
    link = link_to(sid, about.job.text("to"))
    if not link:
        return about.say("inbox_recording.command", recording=sid)
    return about.say("inbox_recording.link", link=link, days=LINK_HOLDS_DAYS)


def _as_data(about: _TicketContext) -> dict[str, object]:
    """The ticket as a program reads it: the API's names (GET /api/v1/tickets)."""
    ticket, desk = about.ticket, about.desk
    return {
        "number": ticket.number,
        "desk": ticket.desk,
        "customer": ticket.customer,
        "customer_name": about.customer,
        "agreement": ticket.agreement,
        "source": ticket.source,
        "subject": ticket.subject or None,
        "caller": ticket.contact.number.digits or None,
        "contact": {
            "number": ticket.contact.number.digits or None,
            "name": ticket.contact.name or None,
            "email": ticket.contact.email or None,
        },
        "priority": ticket.priority,
        "status": ticket.status,
        "created_at": _iso(ticket.opened_at, desk),
        "respond_by": _iso(ticket.due.respond_by, desk),
        "solve_by": _iso(ticket.due.solve_by, desk),
        "responded_at": _iso(ticket.responded_at, desk),
        "acknowledged_by": ticket.acknowledged_by,
        "acknowledged_at": _iso(ticket.acknowledged_at, desk),
        "closed_by": ticket.closed_by,
        "closed_at": _iso(ticket.closed_at, desk),
        "call_sid": ticket.call_sid,
        "calls": ticket.calls,
    }


def _iso(at: datetime | None, desk: Desk) -> str | None:
    return at.astimezone(ZoneInfo(desk.time_zone)).isoformat() if at else None
