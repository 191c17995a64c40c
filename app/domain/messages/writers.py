"""Who writes to a desk: whose number it is, what their agreement says, and what they are asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.desks.customer import Customer
from app.domain.desks.desk import Agreement, Desk, Line, LineKind, Priority
from app.domain.desks.priority_names import priority_name, spoken_definition
from app.domain.message_refs import MessageRef, ref
from app.domain.messages.cases import CaseStep, Kept
from app.domain.texts.message import Message


@dataclass(frozen=True, slots=True)
class Writer:
    """A caller who writes: their customer, where the number is one customer's, and agreement."""

    desk: Desk
    line: Line
    agreement: Agreement
    customer: Customer | None = None
    is_shared: bool = False  # many people have the number: an earlier ticket may be anybody's

    @property
    def language(self) -> str:
        """Return the language in which they are answered."""
        return self.line.languages[0]

    @property
    def first_step(self) -> CaseStep:
        """Return what they are asked of a new ticket: nothing where the desk names no levels.

        Nor without the telephone in their agreement, nor of a number that many have.
        """
        asks = self.desk.priorities and self.agreement.telephone and not self.is_shared
        return CaseStep.PRIORITY if asks else CaseStep.ANSWERED

    @property
    def not_served(self) -> Message | None:
        """Return what they are told whom the desk does not serve; None where it does."""
        group = self.customer.caller_class if self.customer else ""
        refused = (each for each in self.desk.not_served if group and each.caller_class == group)
        words = next((each.message.in_language(self.language) for each in refused), None)
        return Message("desk_words", self.language, (("words", words),)) if words else None

    @property
    def phone(self) -> str:
        """Return the number to call."""
        return self.line.public_number

    @property
    def urgent_phone(self) -> str:
        """Return the number to call about what is critical: that of the duty, where it has one."""
        duty = (each.public_number for each in self.desk.lines if each.kind is LineKind.DUTY)
        return next(duty, self.phone)


def writer_of(desk: Desk, line: Line, customers: Sequence[Customer], digits: str) -> Writer:
    """Recognise a caller by number, as a call is."""
    if len(customers) != 1:
        return Writer(desk, line, desk.default_agreement(), is_shared=bool(customers))
    [customer] = customers
    is_shared = digits in customer.shared_phones
    return Writer(desk, line, desk.agreement(customer.agreement), customer, is_shared)


def question(writer: Writer, ticket: int, step: CaseStep) -> MessageRef:
    """Ask what a step asks; where it asks nothing, say that the words stand with the ticket."""
    desk, language = writer.desk, writer.language
    match step:
        case CaseStep.PRIORITY:
            critical, high, medium, low = (
                priority_name(desk, level, language) for level in Priority
            )
            return ref(
                "sms_case.ask",
                desk=desk.name,
                ticket=ticket,
                critical=critical,
                high=high,
                medium=medium,
                low=low,
                phone=writer.phone,
            )
        case CaseStep.CONFIRM:
            meaning = spoken_definition(desk, Priority.CRITICAL, language)
            return ref("sms_case.confirm", desk=desk.name, ticket=ticket, definition=meaning)
        case CaseStep.ANSWERED:
            return ref("sms_case.added", desk=desk.name, ticket=ticket, phone=writer.phone)


def opened_text(writer: Writer, ticket: int) -> MessageRef:
    """Say that a ticket was opened, and ask how urgent it is, where that is asked."""
    if writer.first_step is not CaseStep.ANSWERED:
        return question(writer, ticket, writer.first_step)
    desk = writer.desk
    if writer.agreement.telephone:
        return ref("sms_case.opened", desk=desk.name, ticket=ticket, phone=writer.phone)
    return ref("sms_case.opened_portal", desk=desk.name, ticket=ticket, portal=desk.portal)


def level_text(writer: Writer, ticket: int, level: Priority, *, wakes: bool) -> MessageRef:
    """Say which priority a ticket has now, and whether the duty is called about it."""
    name = priority_name(writer.desk, level, writer.language)
    key = "sms_case.set"
    if wakes:
        key = "sms_case.set_wakes"
    elif level is Priority.CRITICAL:
        key = "sms_case.set_wakes_nobody"
    phone = writer.urgent_phone if wakes else writer.phone
    return ref(key, desk=writer.desk.name, ticket=ticket, priority=name, phone=phone)


def kept_text(writer: Writer, kept: Kept, ticket: int, level: Priority | None) -> MessageRef:
    """Say why an answer changed nothing."""
    desk = writer.desk.name
    name = priority_name(writer.desk, level or Priority.MEDIUM, writer.language)
    match kept:
        case Kept.SAME:
            return ref("sms_case.same", desk=desk, ticket=ticket, priority=name)
        case Kept.LOWER:
            return ref(
                "sms_case.lower", desk=desk, ticket=ticket, priority=name, phone=writer.phone
            )
        case Kept.CLOSED:
            return ref("sms_case.closed", desk=desk, ticket=ticket)
        case Kept.NO_CASE:
            return ref("sms_case.no_case", desk=desk, phone=writer.phone)
