"""What a desk's inbox is told of its tickets: a job for each address and one for the webhook.

A job names the ticket and the event. What it says is written when it is sent (actions/notify.py),
of the ticket as it is then, so that no number or name waits in the outbox.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from app.domain.desk import Desk
from app.store.outbox import NewJob
from app.store.tables import JobKind

GATHERED: Final = timedelta(minutes=5)  # calls about one ticket that are one mail
WEBHOOK_RECEIVER: Final = "webhook"  # how a ticket's events name it


class Notified(StrEnum):
    """What a desk's inbox is told of."""

    OPENED = "opened"
    CALLED_AGAIN = "called_again"
    MESSAGE = "message"  # spoken, and here to be heard
    MESSAGE_LOST = "message_lost"  # spoken, and could not be fetched
    PRIORITY_CHANGED = "priority_changed"


@dataclass(frozen=True, slots=True)
class Notification:
    """One event of a ticket. `key` tells it from others of its kind: twice is once."""

    event: Notified
    ticket: int
    key: str
    at: datetime
    call_sid: str | None = None
    recording: str = ""
    was: str = ""  # the priority before


def notify_inbox(desk: Desk | None, told: Notification) -> list[NewJob]:
    """Return the jobs that tell a desk's inbox; none where it has no inbox."""
    if desk is None:
        return []
    jobs = [
        _job(JobKind.TICKET_MAIL, desk, told, address, address_mark(address))
        for address in desk.inbox.mail
    ]
    if desk.inbox.webhook:
        jobs.append(_job(JobKind.WEBHOOK, desk, told, WEBHOOK_RECEIVER, WEBHOOK_RECEIVER))
    return jobs


def address_mark(address: str) -> str:
    """Return a short mark of an address, for keys and Message-IDs."""
    return sha256(address.lower().encode()).hexdigest()[:10]


def thread_of(ticket: int, address: str) -> str:
    """Return the name of the first mail about a ticket, which the others follow."""
    return _dedup(ticket, Notified.OPENED, "", address_mark(address))


def _dedup(ticket: int, event: Notified, key: str, mark: str) -> str:
    return ":".join(filter(None, ("inbox", str(ticket), event, key, mark)))


def _key(kind: JobKind, told: Notification) -> str:
    """What makes two events of a ticket one mail, or one post.

    Forty calls about one ticket within the hour must not be forty mails: a mail server that
    throttles would hold up the alarms too. The mail says how many calls there are when it is sent.
    """
    if told.event is Notified.OPENED:
        return ""
    if told.event is Notified.CALLED_AGAIN and kind is JobKind.TICKET_MAIL:
        return str(int(told.at.timestamp() // GATHERED.total_seconds()))
    return told.key


def _job(kind: JobKind, desk: Desk, told: Notification, receiver: str, mark: str) -> NewJob:
    key = _key(kind, told)
    payload: dict[str, object] = {
        "event": str(told.event),
        "id": _dedup(told.ticket, told.event, key, mark),
        "to": receiver,
        "at": told.at,
        "recording": told.recording,
        "was": told.was,
    }
    return NewJob(
        kind,
        str(payload["id"]),
        payload,
        desk=desk.id,
        call_sid=told.call_sid,
        ticket=told.ticket,
        person=receiver,
    )
