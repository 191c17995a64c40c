"""What a row of the queue says of its ticket, by the desk's own names."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, assert_never

from app.domain.desks.desk import Desk, Priority
from app.domain.desks.priority_names import priority_name
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.written_moments import spaced
from app.domain.tickets.next_deadline import DeadlineKind, NextDeadline
from app.domain.tickets.ticket import Source, Ticket
from app.domain.workflow.workflow import State
from app.web.pages.language import page_language

FROM_A_NUMBER: Final = (Source.CALL, Source.SMS)


def due_words(due: NextDeadline, ticket: Ticket, now: datetime) -> MessageRef:
    """Tell what is next for a ticket, by when and why."""
    match due.kind:
        case DeadlineKind.RESPOND | DeadlineKind.SOLVE:
            late = "_late" if due.is_overdue(now) else ""
            return _at(f"queue_due.{due.kind}{late}", due.at)
        case DeadlineKind.STANDS:
            return _at("queue_due.stands", due.at)
        case DeadlineKind.NOT_AGREED:
            return ref("queue_due.not_agreed")
        case DeadlineKind.DONE:
            if ticket.closed_at:
                return _at("queue_due.closed", ticket.closed_at)
            return ref("queue_due.solved")
        case _:
            assert_never(due.kind)


def due_color(due: NextDeadline, now: datetime) -> str:
    """Return the colour of what is next; "" where it needs none."""
    if due.is_overdue(now):
        return "danger"
    return "warning" if due.is_near(now) else ""


def subject_words(ticket: Ticket, write: Callable[[str], str] = spaced) -> MessageRef | str:
    """Return what a ticket is about; where nobody wrote that, how it came in.

    `write` says how the number is written from which it came.
    """
    if ticket.subject:
        return ticket.subject
    digits = ticket.contact.number.digits
    if ticket.source in FROM_A_NUMBER and digits:
        return ref(f"queue_source.{ticket.source}_from", number=write(digits))
    return ref(f"queue_source.{ticket.source}")


def level_name(desk: Desk, level: Priority) -> MessageRef | str:
    """Return what a desk calls a level."""
    name = priority_name(desk, level, page_language())
    return name if isinstance(name, MessageRef) else str(name)


def state_name(state: State) -> MessageRef:
    """Return what a desk calls a state."""
    return state.name_in(page_language())


def _at(key: str, at: datetime | None) -> MessageRef:
    return ref(key, at=at or "")
