"""The SMS to those on duty about a ticket for which they are rung."""

from app.domain.copies import replace
from app.domain.desks.priority_names import priority_name
from app.domain.hunts.context import HuntContext
from app.domain.hunts.effects import SendSms
from app.domain.hunts.hunt import Hunt
from app.domain.hunts.whisper_parts import duty_note, speaks_another
from app.domain.numbers import parse_number
from app.domain.roles import Role
from app.domain.roster.on_duty import DutyList, Person
from app.domain.texts.gsm7 import name_in_sms
from app.domain.texts.message import TICKET_NUMBER, Message, MessageRef, Value
from app.domain.tickets.ticket import Source, Ticket


def notify_duty(context: HuntContext, duty_list: DutyList) -> tuple[Hunt, tuple[SendSms, ...]]:
    """Tell each person on duty once per call or call-out what it is; last resorts get no SMS.

    Shadows are told with them, where anybody is: they are not woken for somebody who may not
    wake the duty any more.
    """
    hunt = context.hunt
    messages: list[SendSms] = []
    on_duty = [each.person for each in duty_list.ringing if each.role is not Role.LAST_RESORT]
    woken = [person for person in on_duty if person and context.may_wake(person.id)]
    shadows = duty_list.sms_only if woken else ()
    for person in (*woken, *shadows):
        if person.id in hunt.duty_notified:
            continue
        hunt = replace(hunt, duty_notified=(*hunt.duty_notified, person.id))
        messages += _messages_to(context, person, is_shadow=person in shadows)
    return hunt, tuple(messages)


def _messages_to(context: HuntContext, person: Person, *, is_shadow: bool) -> tuple[SendSms, ...]:
    ticket = context.ticket
    to = next((n for n in person.numbers if parse_number(n).can_receive_sms), None)
    if ticket is None or to is None:
        return ()
    language = person.language or context.line.languages[0]
    message = (
        _about_call(context, ticket, language)
        if ticket.is_from_caller
        else _about_subject(context, ticket, language)
    )
    if is_shadow:
        values = (*message.values, ("shadow", MessageRef("sms_part.shadow")))
        message = replace(message, values=values)
    sms = SendSms(to, message, f"{context.holder.sid}:duty:{person.id}", person.id)
    return (sms, *_note_to_duty(context, sms, ticket))


def _about_call(context: HuntContext, ticket: Ticket, language: str) -> Message:
    """Who called about what, and how urgent it is."""
    customer = context.customer
    values: list[tuple[str, Value]] = [
        ("desk", context.desk.name),
        ("priority", priority_name(context.desk, ticket.priority, language)),
        ("ticket", ticket.number or TICKET_NUMBER),
        ("caller", context.callers_number or _no_number(context)),
    ]
    if customer:
        name = context.desk.customer_name(customer)
        values.append(("customer", name_in_sms(name, customer.number)))
    if speaks_another(context, language):
        values.append(("speaks", MessageRef(f"language.{context.holder.language}")))
    begins = "sms_call_out_written" if _is_written(context, ticket) else context.rules.sms
    key = begins if customer else f"{begins}_unknown_customer"
    return Message(key, language, tuple(values))


def _is_written(context: HuntContext, ticket: Ticket) -> bool:
    """Tell whether it came by SMS, and nobody calls about it now."""
    return ticket.source is Source.SMS and context.rules.own_calls


def _about_subject(context: HuntContext, ticket: Ticket, language: str) -> Message:
    """What a ticket without a call is about, and the number of whom to answer."""
    values: list[tuple[str, Value]] = [
        ("desk", context.desk.name),
        ("priority", priority_name(context.desk, ticket.priority, language)),
        ("ticket", ticket.number),
        ("subject", name_in_sms(ticket.subject, str(ticket.number))),
    ]
    if context.callers_number:
        values.append(("caller", context.callers_number))
    return Message("sms_call_out_subject", language, tuple(values))


def _note_to_duty(context: HuntContext, sms: SendSms, ticket: Ticket) -> tuple[SendSms, ...]:
    """The desk's note about such a ticket, as an SMS of its own; sent once, not in every
    call-out.
    """
    language = sms.message.language
    note = duty_note(context, language) if context.rules.sends_note else ""
    if not note:
        return ()
    values = (
        ("desk", context.desk.name),
        ("ticket", ticket.number or TICKET_NUMBER),
        ("note", note),
    )
    message = Message("sms_duty_note", language, values)
    return (SendSms(sms.to, message, f"{sms.dedup}:note", sms.person),)


def _no_number(context: HuntContext) -> MessageRef:
    return MessageRef("caller_shared" if context.holder.caller.is_known else "caller_unknown")
