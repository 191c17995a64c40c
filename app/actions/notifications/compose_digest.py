"""The digest of what is still open at a desk, written when it is sent."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.actions.notifications.inbox_mail import ComposedMail, ticket_values
from app.domain.desks.desk import Desk
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message, MessageRef, Value
from app.domain.workflow.status import Status
from app.store.desks import find_desk
from app.store.outbox import Job
from app.store.people import customer_names
from app.store.ticket_lists import TicketFilter, count_tickets, list_tickets

LINES: Final = 50  # of each kind
GROUPS: Final = ((Status.OPEN, "nobody"), (Status.ACKNOWLEDGED, "taken"))

Say = Callable[..., str]


def compose_digest(
    connection: Connection, texts: Texts, job: Job, now: datetime
) -> ComposedMail | None:
    """Write the digest of what is still open at a desk; None where nothing is."""
    live = find_desk(connection, job.desk or "")
    if live is None or job.text("to") not in live.desk.inbox.mail:
        return None
    desk = live.desk
    counts = {status: count_tickets(connection, _of(desk, status)) for status, _ in GROUPS}
    if not any(counts.values()):
        return None

    def say(key: str, **values: Value) -> str:
        message = Message(key, desk.language, tuple(values.items()))
        return texts.render(message, now=now, time_zone=desk.time_zone, spoken=False)

    parts = [
        "\n".join(
            (
                say(f"inbox_digest.{name}", count=counts[status]),
                *_lines(connection, desk, status, say, now),
                *_left_out(counts[status], say),
            )
        )
        for status, name in GROUPS
        if counts[status]
    ]
    total = sum(counts.values())
    subject = say(f"inbox_subject.{job.text('occasion')}", desk=desk.name, count=total)
    body = "\n\n".join((*parts, say("inbox_digest.how"))) + "\n"
    return ComposedMail(job.text("to"), subject, body, job.text("id"))


def _lines(
    connection: Connection, desk: Desk, status: Status, say: Say, now: datetime
) -> Iterator[str]:
    """Yield a line for each ticket, the oldest first."""
    found = list_tickets(connection, _of(desk, status))
    names = customer_names(connection, desk.id, [each.customer for each in found if each.customer])
    for ticket in reversed(found):
        values = ticket_values(desk, ticket, names.get(ticket.customer or ""))
        if status is Status.OPEN and ticket.due.respond_by and ticket.due.respond_by < now:
            values["overdue"] = MessageRef("inbox_digest.overdue")
        yield say("inbox_digest.line", **values)


def _left_out(count: int, say: Say) -> Iterator[str]:
    if count > LINES:
        yield say("inbox_digest.more", count=count - LINES)


def _of(desk: Desk, status: Status) -> TicketFilter:
    return TicketFilter(desks=(desk.id,), statuses=(status,), limit=LINES)
