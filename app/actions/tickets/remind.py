"""Warns, reminds, and makes the moves that time asks for, as a ticket's targets are looked at.

What is due is domain/tickets/reminders.py; the ticket is locked by whoever looks at it.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.domain.access.actor import system
from app.domain.calls.turn_request import Moment
from app.domain.desks.desk import Desk
from app.domain.desks.priority_names import priority_name
from app.domain.texts.message import Message, MessageRef, Value
from app.domain.tickets.escalation import Cell
from app.domain.tickets.events import TicketEvent, TicketEventKind
from app.domain.tickets.outcome import Outcome, ProgramEvent
from app.domain.tickets.reminders import (
    MISSED,
    SYSTEM,
    WARNING,
    Signs,
    cell_of,
    customer_reminder,
    in_state_since,
    missed_at,
    next_at,
    signs_of,
    silent_at,
    system_move,
    warns_at,
)
from app.domain.tickets.targets import TargetKind
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.workflow_moves import MoveAsked, make_move
from app.store.apply import apply_outcome
from app.store.inbox_notifications import InboxNotification, notify_program
from app.store.outbox import NewJob, put_jobs
from app.store.portal_cases import may_be_answered
from app.store.tables import JobKind
from app.store.target_reviews import note_target_notice
from app.store.ticket_lists import ticket_events
from app.store.tickets import add_events
from app.store.users import find_user

BY: Final = system("workflow")


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A locked ticket with its desk, of which levels somebody was told, and the moment."""

    connection: Connection
    desk: Desk
    ticket: Ticket
    notified: Collection[Cell]
    moment: Moment

    @property
    def now(self) -> datetime:
        """Return the ticket's own time."""
        return self.moment.now


@dataclass(frozen=True, slots=True)
class Reminded:
    """When time brings something about next; `has_moved`: the ticket is looked at anew at once."""

    next_at: datetime | None
    has_moved: bool = False


def remind(at: LookedAt) -> Reminded:
    """Do what is due, and say when the next thing is."""
    warnings = tuple(_notices_to_come(at))
    signs = _signs(at)
    if _remind_desk(at, signs):
        signs = _signs(at)
    if _remind_customer(at, signs):
        signs = _signs(at)
    if _move(at, signs):
        return Reminded(None, has_moved=True)
    return Reminded(next_at(at.desk, at.ticket, signs, warnings, at.now))


def _notices_to_come(at: LookedAt) -> Iterator[datetime]:
    """Tell of the targets that are near or missed, and yield when the others will be."""
    for kind in TargetKind:
        for level, due, tell in (
            (WARNING, warns_at(at.desk, at.ticket, kind), _warn),
            (MISSED, missed_at(at.ticket, kind), _tell_missed),
        ):
            cell = cell_of(at.ticket, kind, level)
            if due is None or cell in at.notified:
                continue
            if due > at.now:
                yield due
            elif note_target_notice(at.connection, at.ticket.number, cell, at.now):
                tell(at, kind)


def _signs(at: LookedAt) -> Signs:
    return signs_of(at.ticket, ticket_events(at.connection, at.ticket.number))


def _warn(at: LookedAt, kind: TargetKind) -> None:
    """Warn that a target will be missed; not where nobody has looked in time, and it is."""
    deadline = at.ticket.due.of(kind)
    if deadline is None or deadline <= at.now:
        return
    values: tuple[tuple[str, Value], ...] = (
        ("target", MessageRef(f"target_kind.{kind}")),
        ("deadline", deadline),
    )
    _tell_desk(at, "near", f"{kind}:{at.ticket.priority}", values)
    _note(at, TicketEventKind.TARGET_NEAR, target=str(kind), due=deadline)
    _tell_program(at, ProgramEvent.TARGET_NEAR, kind)


def _tell_missed(at: LookedAt, kind: TargetKind) -> None:
    _note(at, TicketEventKind.TARGET_MISSED, target=str(kind), due=at.ticket.due.of(kind))
    _tell_program(at, ProgramEvent.TARGET_MISSED, kind)


def _tell_program(at: LookedAt, event: ProgramEvent, kind: TargetKind) -> None:
    ticket = at.ticket
    jobs = notify_program(
        at.desk,
        InboxNotification(
            event,
            ticket.number,
            f"{kind}:{ticket.priority}",
            at.now,
            ticket.call_sid,
            target={"kind": str(kind), "due": ticket.due.of(kind)},
        ),
    )
    if jobs:
        put_jobs(at.connection, jobs, at.moment.real)


def _remind_desk(at: LookedAt, signs: Signs) -> bool:
    due = silent_at(at.desk, at.ticket, signs)
    if due is None or due > at.now:
        return False
    _tell_desk(at, "silent", f"{at.now:%Y%m%dT%H%M%S}", (("since", signs.heard_at),))
    _note(at, TicketEventKind.SILENT, since=signs.heard_at)
    return True


def _remind_customer(at: LookedAt, signs: Signs) -> bool:
    reminder = customer_reminder(at.desk, at.ticket, signs, at.now)
    if reminder is None or reminder[0] > at.now:
        return False
    jobs, facts = list(_to_customer(at)), {"count": reminder[1]}
    if jobs:
        put_jobs(at.connection, jobs, at.moment.real)
        event = TicketEvent(at.now, TicketEventKind.CUSTOMER_REMINDED, facts=facts)
    else:  # whom nobody has reminded is left alone: somebody at the desk has to call
        _tell_desk(at, "unreachable", str(reminder[1]), (("since", in_state_since(at.ticket)),))
        event = TicketEvent(at.now, TicketEventKind.CUSTOMER_NOT_REMINDED, facts=facts)
    add_events(at.connection, at.ticket.number, (event,))
    return True


def _move(at: LookedAt, signs: Signs) -> bool:
    """Let the product move the ticket; what that brings about is looked at next."""
    due = system_move(at.desk, at.ticket, signs, at.now)
    if due is None or due[0] > at.now:
        return False
    outcome = make_move(at.ticket, MoveAsked(due[1], SYSTEM), at.desk, BY, at.now)
    if not isinstance(outcome, Outcome):
        return False
    jobs = apply_outcome(at.connection, outcome, at.desk, at.moment)
    if jobs:
        put_jobs(at.connection, jobs, at.moment.real)
    return True


def _note(at: LookedAt, kind: TicketEventKind, **facts: object) -> None:
    assignee = at.ticket.work.assignee
    who = assignee.name if assignee else at.ticket.acknowledged_by or at.desk.name
    add_events(at.connection, at.ticket.number, (TicketEvent(at.now, kind, who, facts),))


def _tell_desk(at: LookedAt, what: str, mark: str, more: tuple[tuple[str, Value], ...]) -> None:
    """Mail whoever has the ticket, where the product knows their address; else the inbox."""
    desk, ticket = at.desk, at.ticket
    values: list[tuple[str, Value]] = [
        ("desk", desk.name),
        ("ticket", ticket.number),
        ("priority", priority_name(desk, ticket.priority, desk.language)),
        *more,
    ]
    if ticket.subject:
        values.append(("subject", ticket.subject))
    body = Message(f"reminder_mail.{what}", desk.language, tuple(values))
    subject = Message(f"reminder_subject.{what}", desk.language, tuple(values[:2]))
    jobs = [
        _mail(
            at, address, body, subject, f"reminder:{ticket.number}:{what}:{mark}:{which}", address
        )
        for which, address in enumerate(_addresses(at))
    ]
    if jobs:
        put_jobs(at.connection, jobs, at.moment.real)


def _addresses(at: LookedAt) -> tuple[str, ...]:
    assignee = at.ticket.work.assignee
    known = assignee.id if assignee and assignee.id.isdigit() else ""
    user = find_user(at.connection, int(known)) if known else None
    return (user.email,) if user and user.disabled_at is None else at.desk.inbox.mail


def _to_customer(at: LookedAt) -> Iterator[NewJob]:
    desk, ticket = at.desk, at.ticket
    language = ticket.language or desk.language
    values: tuple[tuple[str, Value], ...] = (("desk", desk.name), ("ticket", ticket.number))
    body = Message("customer_reminder", language, values)
    key = f"reminder:{ticket.number}:customer:{at.now:%Y%m%dT%H%M%S}"
    if ticket.contact.email and may_be_answered(at.connection, ticket):
        subject = Message("reminder_subject.waiting", language, values)
        yield _mail(at, ticket.contact.email, body, subject, key, None)
    number = ticket.contact.number
    if number.can_receive_sms:
        payload = {**_payload(at, body), "to": number.digits, "from": _line(at)}
        yield NewJob(JobKind.SMS, f"{key}:sms", payload, desk=desk.id, ticket=ticket.number)


def _line(at: LookedAt) -> str:
    return at.ticket.line or at.desk.lines[0].number


def _mail(
    at: LookedAt, to: str, body: Message, subject: Message, key: str, person: str | None
) -> NewJob:
    payload = {**_payload(at, body), "to": to, "subject": asdict(subject)}
    ticket = at.ticket.number
    return NewJob(JobKind.MAIL, key, payload, desk=at.desk.id, ticket=ticket, person=person)


def _payload(at: LookedAt, body: Message) -> dict[str, object]:
    return {"message": asdict(body), "at": at.now, "time_zone": at.desk.time_zone}
