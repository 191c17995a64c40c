"""What a desk's inbox is told of its tickets: a job for each address and one for the webhook.

A job names the ticket and the event. What it says is written when it is sent (compose.py),
of the ticket as it is then, so that no number or name waits in the outbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.tickets.outcome import MAIL_GROUPING, InboxEvent, ProgramEvent
from app.store.outbox import NewJob
from app.store.tables import JobKind

WEBHOOK_RECEIVER: Final = "webhook"  # how a ticket's events name it
ACCOUNT_WAITS: Final = "account.waits"  # the type of the event


@dataclass(frozen=True, slots=True)
class InboxNotification:
    """One event of a ticket. `key` tells it from others of its kind: twice is once."""

    event: InboxEvent | ProgramEvent
    ticket: int
    key: str
    at: datetime
    call_sid: str | None = None
    recording: str = ""
    was: str = ""  # the priority before
    target: Mapping[str, object] = field(default_factory=dict)  # which one, and how it stands


def notify_inbox(desk: Desk | None, notification: InboxNotification) -> list[NewJob]:
    """Return the jobs that tell a desk's inbox; none where it has no inbox."""
    if desk is None:
        return []
    jobs = [
        _job(JobKind.TICKET_MAIL, desk, notification, address, address_hash(address))
        for address in desk.inbox.mail
    ]
    return [*jobs, *notify_program(desk, notification)]


def notify_program(desk: Desk, notification: InboxNotification) -> list[NewJob]:
    """Return the job that tells a desk's program; none where it has none."""
    if not desk.inbox.webhook:
        return []
    return [_job(JobKind.WEBHOOK, desk, notification, WEBHOOK_RECEIVER, WEBHOOK_RECEIVER)]


def notify_program_of_account(desk: Desk, request: int, at: datetime) -> list[NewJob]:
    """Return the job that tells a desk's program that somebody waits for an account."""
    if not desk.inbox.webhook:
        return []
    dedup = f"account:{request}:waits:{WEBHOOK_RECEIVER}"
    payload: dict[str, object] = {
        "event": ACCOUNT_WAITS,
        "id": dedup,
        "to": WEBHOOK_RECEIVER,
        "at": at,
        "request": request,
    }
    return [NewJob(JobKind.WEBHOOK, dedup, payload, desk=desk.id, person=WEBHOOK_RECEIVER)]


def address_hash(address: str) -> str:
    """Return a short mark of an address, for keys and Message-IDs."""
    return sha256(address.lower().encode()).hexdigest()[:10]


def thread_of(ticket: int, address: str) -> str:
    """Return the name of the first mail about a ticket, which the others follow."""
    return _dedup(ticket, InboxEvent.OPENED, "", address_hash(address))


def _dedup(ticket: int, event: InboxEvent | ProgramEvent, key: str, mark: str) -> str:
    return ":".join(filter(None, ("inbox", str(ticket), event, key, mark)))


def _key(kind: JobKind, notification: InboxNotification) -> str:
    """What makes two events of a ticket one mail, or one post."""
    if notification.event is InboxEvent.OPENED:
        return ""
    if notification.event is InboxEvent.CALLED_AGAIN and kind is JobKind.TICKET_MAIL:
        return str(int(notification.at.timestamp() // MAIL_GROUPING.total_seconds()))
    return notification.key


def _job(
    kind: JobKind, desk: Desk, notification: InboxNotification, receiver: str, mark: str
) -> NewJob:
    key = _key(kind, notification)
    payload: dict[str, object] = {
        "event": str(notification.event),
        "id": _dedup(notification.ticket, notification.event, key, mark),
        "to": receiver,
        "at": notification.at,
        "recording": notification.recording,
        "was": notification.was,
    }
    if notification.target:
        payload["target"] = dict(notification.target)
    return NewJob(
        kind,
        str(payload["id"]),
        payload,
        desk=desk.id,
        call_sid=notification.call_sid,
        ticket=notification.ticket,
        person=receiver,
    )
