"""What mails to a desk's inbox share: what they are when written, and how a ticket fills them."""

from dataclasses import dataclass

from app.domain.desks.desk import Desk, Priority
from app.domain.desks.priority_names import priority_name
from app.domain.texts.message import MessageRef, Value
from app.domain.tickets.ticket import Ticket
from app.store.recordings import Recording


@dataclass(frozen=True, slots=True)
class ComposedMail:
    """A mail in words. `id` and `thread` name it and the first mail about the same ticket."""

    to: str
    subject: str
    body: str
    id: str
    thread: str = ""
    is_urgent: bool = False
    attached: Recording | None = None


def ticket_values(desk: Desk, ticket: Ticket, customer: str | None) -> dict[str, Value]:
    """Return what fills a sentence about a ticket; what is not known is left out."""
    values: dict[str, Value | None] = {
        "desk": desk.name,
        "ticket": ticket.number,
        "priority": level_name(desk, ticket.priority),
        "customer": customer or ticket.customer,
        "named": customer or ticket.customer or MessageRef("inbox_customer_unknown"),
        "caller": ticket.contact.number.digits or _no_number(ticket),
        "subject": ticket.subject or None,
        "contact": f"{ticket.contact.name} {ticket.contact.email}".strip() or None,
        "since": ticket.opened_at,
        "respond": ticket.due.respond_by,
        "solve": ticket.due.solve_by,
        "calls": ticket.calls,
        "who": ticket.closed_by or ticket.acknowledged_by,
        "status": MessageRef(f"inbox_status.{ticket.status}"),
    }
    return {name: value for name, value in values.items() if value is not None}


def _no_number(ticket: Ticket) -> MessageRef:
    return MessageRef("caller_unknown" if ticket.is_from_caller else "inbox_no_number")


def level_name(desk: Desk, level: str) -> Value:
    """Return a priority's name in the language that the desk is written to in."""
    return priority_name(desk, Priority(level), desk.language)
