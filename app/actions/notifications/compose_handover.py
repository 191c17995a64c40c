"""The mail at a handover of the duty: what is open and urgent, as it is when it is sent."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from app.actions.notifications.compose import moment_of
from app.actions.notifications.inbox_mail import ComposedMail, ticket_values
from app.actions.notifications.urgent_tickets import urgent_tickets
from app.domain.desks.desk import Desk, HandoverSummary
from app.domain.desks.priority_names import priority_name
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message, MessageRef, Value
from app.domain.tickets.ticket import Ticket
from app.store.desks import find_desk
from app.store.outbox import Job
from app.store.people import customer_names


def compose_handover(
    connection: Connection, texts: Texts, job: Job, now: datetime
) -> ComposedMail | None:
    """Write it; None where nothing is open any more, and the desk wants it only then."""
    live = find_desk(connection, job.desk or "")
    if live is None or live.desk.duty is None:
        return None
    desk, summary = live.desk, live.desk.duty.handover_summary
    found = urgent_tickets(connection, desk.id, moment_of(job))
    if not found and summary is not HandoverSummary.ALWAYS:
        return None
    language = job.text("language")

    def say(key: str, **values: Value) -> str:
        message = Message(key, language, tuple(values.items()))
        return texts.render(message, now=now, time_zone=desk.time_zone, spoken=False)

    names = customer_names(connection, desk.id, [each.customer for each in found if each.customer])
    subject = say("handover_mail.subject", desk=desk.name, count=len(found))
    begins = say(
        "handover_mail.begins",
        outgoing=job.text("outgoing") or MessageRef("handover_mail.nobody"),
        incoming=job.text("incoming") or MessageRef("handover_mail.nobody"),
        at=moment_of(job),
    )
    lines = [
        say("handover_mail.line", **dict(_values(desk, each, names, language))) for each in found
    ]
    body = "\n".join((begins, "", *(lines or [say("handover_mail.none")]))) + "\n"
    return ComposedMail(job.text("to"), subject, body, job.dedup)


def _values(
    desk: Desk, ticket: Ticket, names: dict[str, str], language: str
) -> Iterator[tuple[str, Value]]:
    """What fills the line of a ticket: also how long somebody has had it."""
    known = ticket_values(desk, ticket, names.get(ticket.customer or ""))
    for name in ("ticket", "named", "since"):
        yield name, known[name]
    yield "priority", priority_name(desk, ticket.priority, language)
    if ticket.acknowledged:
        values: tuple[tuple[str, Value], ...] = (
            ("who", ticket.acknowledged.by),
            ("at", ticket.acknowledged.at),
        )
        yield "standing", MessageRef("handover_mail.taken", values)
    else:
        yield "standing", MessageRef("handover_mail.untaken")
