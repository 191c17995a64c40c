"""What a contact is told when a ticket is escalated, and the customer where the desk wants that.

Sentences only; whom and when is tickets/escalation.py.
"""

from collections.abc import Iterator
from typing import Final

from app.domain.desks.desk import AlarmContact, Desk
from app.domain.desks.priority_names import priority_name
from app.domain.health.alarms import AlarmMessage, Channel
from app.domain.numbers import parse_number
from app.domain.texts.message import Message, MessageRef, Value, ref
from app.domain.tickets.escalation import Escalation, Recipient
from app.domain.tickets.ticket import Ticket

CUSTOMER: Final = "customer"  # as whom the outbox names who waits for the ticket


def escalation_messages(
    desk: Desk, ticket: Ticket, escalation: Escalation, to: Recipient, customer: str | None
) -> Iterator[AlarmMessage]:
    """Yield the messages to the contact, by every way they have; `customer` is a name."""
    values = _values(desk, ticket, escalation, desk.language)
    more: list[tuple[str, Value]] = [
        ("since", escalation.reached_at),
        ("who", ticket.acknowledged_by or MessageRef("escalation_part.nobody")),
        ("customer", customer or MessageRef("escalation_part.unknown_customer")),
    ]
    if ticket.subject:
        more.append(("subject", ticket.subject))
    if to.instead_of:
        instead = ref("escalation_part.instead_of", role=to.instead_of)
        more.append(("instead_of", instead))
    key = f"{escalation.kind}_soon" if escalation.is_forewarning else f"{escalation.kind}"
    short = Message(f"escalation.{key}", desk.language, values)
    long = Message(f"escalation_mail.{key}", desk.language, (*values, *more))
    yield from _by_every_way(to.contact, to.contact.phone, to.contact.email, short, long)


def customer_messages(desk: Desk, ticket: Ticket, escalation: Escalation) -> Iterator[AlarmMessage]:
    """Yield what whoever waits for the ticket is told; nothing where the desk does not want it.

    Nothing either of what is only foreseen.
    """
    from_level = desk.tells_customer_from_level
    if from_level is None or escalation.level < from_level or escalation.is_forewarning:
        return
    language = ticket.language or desk.language
    values = _values(desk, ticket, escalation, language)
    said = Message(f"escalation_customer.{escalation.kind}", language, values)
    waits = AlarmContact(CUSTOMER, ticket.contact.number.digits, ticket.contact.email)
    yield from _by_every_way(waits, waits.phone, waits.email, said, said)


def _values(
    desk: Desk, ticket: Ticket, escalation: Escalation, language: str
) -> tuple[tuple[str, Value], ...]:
    return (
        ("desk", desk.name),
        ("ticket", ticket.number),
        ("priority", priority_name(desk, ticket.priority, language)),
        ("deadline", escalation.deadline),
        ("level", escalation.level),
    )


def _by_every_way(
    contact: AlarmContact, phone: str, email: str, short: Message, long: Message
) -> Iterator[AlarmMessage]:
    if parse_number(phone).can_receive_sms:
        yield AlarmMessage(Channel.SMS, contact, phone, short)
    if email:
        yield AlarmMessage(Channel.MAIL, contact, email, long, short)
