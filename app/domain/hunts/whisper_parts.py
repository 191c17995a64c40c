"""What those hear whom we ring, in a call as in a call-out: parts of the first offer, and what
follows for whoever has the ticket.

The messages stand in voice_prompts/whisper.toml; what the keys do is legs.py
and acknowledged_menu.py.
"""

from app.domain.desks.desk import Priority
from app.domain.desks.priority_names import priority_name
from app.domain.flow import Says
from app.domain.hunts.context import HuntContext
from app.domain.hunts.hunt import Callee
from app.domain.texts.message import (
    TICKET_NUMBER,
    Message,
    MessageRef,
    Value,
)


def words(language: str, key: str, **values: Value) -> Says:
    """Make one message in the language of whoever is rung."""
    return (Message(key, language, tuple(values.items())),)


def which_desk(context: HuntContext, language: str, critical: str, other: str) -> Message:
    """What somebody who was asleep needs, in five seconds: which desk, how bad, which key."""
    ticket, desk = context.ticket, context.desk_name(language)
    priority = ticket.priority if ticket else Priority.MEDIUM
    if priority is Priority.CRITICAL:
        return Message(critical, language, (("desk", desk),))
    name = priority_name(context.desk, priority, language)
    return Message(other, language, (("desk", desk), ("priority", name)))


def which_customer(context: HuntContext, language: str) -> Message:
    """The customer's name, or that nobody knows the caller."""
    if context.customer is None:
        return Message("whisper_customer_unknown", language)
    name = context.desk.customer_name(context.customer)
    return Message("whisper_customer", language, (("customer", name),))


def which_number(context: HuntContext, language: str, key: str) -> Message:
    """The caller's number, or why there is none."""
    if not context.callers_number:
        is_known = context.holder.caller.is_known
        return Message(f"whisper_caller_{'shared' if is_known else 'unknown'}", language)
    return Message(key, language, (("number", context.callers_number),))


def which_language(context: HuntContext, language: str) -> Says:
    """The caller's language, where it is news."""
    if not speaks_another(context, language):
        return ()
    return words(
        language, "whisper_language", speaks=MessageRef(f"language.{context.holder.language}")
    )


def speaks_another(context: HuntContext, language: str) -> bool:
    """Tell whether the caller's language is news to somebody who hears this one.

    It is where the caller chose another than the line's first, and between English and
    Norwegian; Bokmål and Nynorsk are understood by whoever speaks either.
    """
    theirs = context.holder.language
    return theirs != language and (
        theirs != context.line.languages[0] or "en" in (theirs, language)
    )


def note(context: HuntContext, language: str) -> Says:
    """What the desk wants the duty to know beside such a ticket."""
    text = duty_note(context, language)
    return words(language, "whisper_note", note=text) if text else ()


def duty_note(context: HuntContext, language: str) -> str:
    """Return the desk's note about the ticket in the language; empty where it has none."""
    ticket = context.ticket
    priority = ticket.priority if ticket else Priority.MEDIUM
    found = context.desk.duty_note(context.customer, context.agreement.id, priority)
    usual = context.line.languages[0]
    return (found.in_language(language) or found.in_language(usual) or "") if found else ""


def ticket_number(context: HuntContext) -> int | str:
    """The ticket's number, or where it is filled in."""
    return (context.ticket.number if context.ticket else None) or TICKET_NUMBER


def you_have_it(context: HuntContext, callee: Callee) -> Says:
    """The ticket is theirs."""
    return words(callee.language, "whisper_you_have_it", ticket=ticket_number(context))


def may_call_caller(context: HuntContext, callee: Callee) -> Says:
    """3 calls the caller, or whom to answer about a ticket without a call."""
    key = "whisper_call_caller" if has_caller(context) else "whisper_call_contact"
    return words(callee.language, key)


def cannot_call_caller(context: HuntContext, callee: Callee) -> Says:
    """Why the caller is not called from here, and the number to dial where there is one."""
    number = context.callers_number
    if number:
        why = words(callee.language, "whisper_not_called", number=number)
    elif not has_caller(context):
        why = words(callee.language, "whisper_no_contact")
    elif context.holder.caller.is_known:
        why = words(callee.language, "whisper_not_called_shared")
    else:
        why = words(callee.language, "whisper_not_called_withheld")
    return (*why, *words(callee.language, "whisper_hear_again"))


def caller_away(context: HuntContext, callee: Callee) -> Says:
    """The talk is over, or the caller did not answer; 3 calls them again."""
    key = "whisper_caller_away" if has_caller(context) else "whisper_contact_away"
    return words(callee.language, key)


def we_call_caller(context: HuntContext, callee: Callee) -> Says:
    """The caller is rung now."""
    key = "whisper_we_call_caller" if has_caller(context) else "whisper_we_call_contact"
    return words(callee.language, key)


def has_caller(context: HuntContext) -> bool:
    """Tell whether somebody called about it: else somebody at the desk, or a program, wrote."""
    return context.ticket is None or context.ticket.is_from_caller
