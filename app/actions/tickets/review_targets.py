"""Looks at the targets of tickets when it is time, and tells whom the escalation says.

The worker asks. What follows for a ticket is domain/tickets/target_review.py; each level is told
once, because a unique row stands for it in the same transaction as its messages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Final, assert_never

import structlog
from sqlalchemy import Connection

from app.actions.tickets.remind import LookedAt, remind
from app.domain.calls.turn_request import Moment
from app.domain.desks.desk import Desk
from app.domain.health.alarms import AlarmMessage, Channel
from app.domain.health.escalation_messages import customer_messages, escalation_messages
from app.domain.tickets.outcome import ProgramEvent
from app.domain.tickets.target_review import NotifiedEscalation, review_targets
from app.domain.tickets.ticket import Ticket
from app.store import Database, DatabaseUnavailable
from app.store.desks import LiveDesk, find_desk
from app.store.inbox_notifications import InboxNotification, notify_program
from app.store.outbox import NewJob, put_jobs
from app.store.people import customer_names
from app.store.tables import JobKind
from app.store.target_reviews import (
    DueReview,
    due_reviews,
    lock_due_review,
    note_target_notice,
    review_at,
)
from app.store.tickets import add_events

TO_CUSTOMER: Final = ":customer"
AT_ONCE: Final = 20  # tickets in a transaction
LEAST_PAUSE: Final = timedelta(seconds=5)
AFTER_TROUBLE: Final = timedelta(minutes=10)

log = structlog.get_logger()


def review_due_targets(database: Database, now: datetime) -> int:
    """Look at a batch of tickets that are due; return how many there were.

    A few in a transaction: calls write between two of them. DatabaseUnavailable when the database
    is away; what was told until then is told.
    """
    with database.read() as connection:
        due = due_reviews(connection, now)
    for at in range(0, len(due), AT_ONCE):
        some = due[at : at + AT_ONCE]
        if not _reviewed(database, some, now):
            for number in some:
                _review_alone(database, number, now)
    return len(due)


def _review_alone(database: Database, number: int, now: datetime) -> None:
    """One ticket that nothing can be done about must not keep the others."""
    if not _reviewed(database, (number,), now):
        database.write(partial(review_at, number=number, at=now + AFTER_TROUBLE))


def _reviewed(database: Database, numbers: Sequence[int], now: datetime) -> bool:
    """Look at some tickets in one transaction; False where nothing was done to any of them."""
    try:
        database.write(partial(_review_some, numbers=numbers, now=now))
    except DatabaseUnavailable:
        raise
    except Exception:
        log.exception("target_review_stuck", tickets=numbers)
        return False
    return True


def _review_some(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    desks: dict[str, LiveDesk | None] = {}
    for number in numbers:
        due = lock_due_review(connection, number, now)
        if due is None:
            continue
        if due.ticket.desk not in desks:
            desks[due.ticket.desk] = find_desk(connection, due.ticket.desk)
        live = desks[due.ticket.desk]
        if live is None:
            review_at(connection, number, None)
        else:
            _review(connection, live.desk, due, now)


def _review(connection: Connection, desk: Desk, due: DueReview, now: datetime) -> None:
    ticket, moment = due.ticket, Moment(now + due.offset, now)
    review = review_targets(desk, ticket, due.notified, moment.now)
    for told in review.escalations:
        _tell(connection, desk, ticket, told, moment)
    cells = {*due.notified, *(each.escalation.cell for each in review.escalations)}
    reminded = remind(LookedAt(connection, desk, ticket, cells, moment))
    if reminded.has_moved:
        return
    instants = [at for at in (review.next_at, reminded.next_at) if at]
    # What is due still could not be done now: not again at once, and again, and again.
    soonest = max(min(instants), moment.now + LEAST_PAUSE) if instants else None
    review_at(connection, ticket.number, soonest and soonest - due.offset)


def _tell(
    connection: Connection, desk: Desk, ticket: Ticket, told: NotifiedEscalation, moment: Moment
) -> None:
    escalation = told.escalation
    if not note_target_notice(connection, ticket.number, escalation.cell, moment.now):
        return
    names = customer_names(connection, desk.id, [ticket.customer]) if ticket.customer else {}
    customer = names.get(ticket.customer or "")
    to_contact = escalation_messages(desk, ticket, escalation, told.to, customer)
    cell = ":".join(str(part) for part in escalation.cell)
    key = f"escalation:{ticket.number}:{cell}"
    jobs = [
        *_jobs(desk, ticket, to_contact, key, moment),
        *_jobs(
            desk, ticket, customer_messages(desk, ticket, escalation), key + TO_CUSTOMER, moment
        ),
        *notify_program(desk, _for_program(ticket, told, cell, moment)),
    ]
    put_jobs(connection, jobs, moment.real)
    add_events(connection, ticket.number, (told.event,))
    log.info(
        "ticket_escalated",
        ticket=ticket.number,
        target=escalation.kind,
        level=escalation.level,
        messages=len(jobs),
    )


def _for_program(
    ticket: Ticket, told: NotifiedEscalation, cell: str, moment: Moment
) -> InboxNotification:
    kind, facts = told.escalation.kind, dict(told.event.facts)
    target = {**facts, "kind": str(kind), "role": told.to.contact.role}
    del target["target"]
    event = ProgramEvent.ESCALATED
    return InboxNotification(event, ticket.number, cell, moment.now, ticket.call_sid, target=target)


def _jobs(
    desk: Desk, ticket: Ticket, messages: Iterator[AlarmMessage], key: str, moment: Moment
) -> Iterator[NewJob]:
    for message in messages:
        payload: dict[str, object] = {
            "escalation": key,
            "to": message.to,
            "message": asdict(message.body),
            "at": moment.now,
            "time_zone": desk.time_zone,
        }
        match message.channel:
            case Channel.SMS:
                kind = JobKind.SMS
                payload["from"] = ticket.line or desk.lines[0].number
            case Channel.MAIL:
                kind = JobKind.MAIL
                payload["subject"] = asdict(message.subject or message.body)
            case _:
                assert_never(message.channel)
        dedup, role = f"{key}:{message.channel}", message.contact.role
        person = None if key.endswith(TO_CUSTOMER) else role
        yield NewJob(kind, dedup, payload, desk=desk.id, ticket=ticket.number, person=person)
