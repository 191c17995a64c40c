"""What those hear whom we ring: for whom, how bad, which key; then what it is about.

The messages stand in voice_prompts/whisper.toml; what the keys do is legs.py and
callouts/acknowledge.py.
"""

from typing import Final

from app.domain.calls.context import CallContext
from app.domain.calls.ordinals import nth
from app.domain.calls.prompts import Says, desk_name
from app.domain.desks.desk import Priority
from app.domain.desks.priority_names import priority_name
from app.domain.hunts.hunt import Callee, LegOutcome
from app.domain.texts.message import (
    TICKET_NUMBER,
    Message,
    MessageRef,
    Value,
)

# How the whisper ends when nobody is connected: in a call, and in a call-out.
ENDS_OF_WHISPER: Final = {
    LegOutcome.LATE: ("whisper_late", "whisper_call_out_late"),
    LegOutcome.PASSED: ("whisper_passed", "whisper_call_out_passed"),
    LegOutcome.UNCONFIRMED: ("whisper_goodbye", "whisper_call_out_goodbye"),
}


def whisper(context: CallContext, callee: Callee) -> Says:
    """Desk, level and "press 1" first; then customer, ticket, the caller's number, and the keys."""
    return (
        _round(context, callee.language) if context.call.call_out_number else _call(context, callee)
    )


def _call(context: CallContext, callee: Callee) -> Says:
    language, ticket = callee.language, context.call.ticket
    is_again = context.call.hunt.first_choice == callee.number
    return (
        _first(context, language, "whisper_critical", "whisper_call"),
        *(_words(language, "whisper_same_caller") if is_again else ()),
        *_which_call(context, language),
        _customer(context, language),
        *(_words(language, "whisper_ticket", ticket=ticket_number(context)) if ticket else ()),
        _caller(context, language, "whisper_caller"),
        *_language(context, language),
        *(_words(language, "whisper_no_keys") if ticket and ticket.no_keys else ()),
        *_note(context, language),
        *_words(language, "whisper_keys"),
    )


def _round(context: CallContext, language: str) -> Says:
    """Nobody has taken the ticket: whoever is woken hears in one breath that it waits for them."""
    return (
        _first(context, language, "whisper_call_out", "whisper_call_out_other"),
        *_words(language, "whisper_unacknowledged", ticket=ticket_number(context)),
        *_about(context, language),
        *_language(context, language),
        *_note(context, language),
        *call_out_keys(context, language),
    )


def _about(context: CallContext, language: str) -> Says:
    """Of a call: customer and number. Of any other ticket: its subject, and what is known."""
    ticket = context.call.ticket
    if ticket is None or ticket.is_from_call:
        return (_customer(context, language), _caller(context, language, "whisper_called_from"))
    return (
        *_words(language, "whisper_subject", subject=ticket.subject),
        *((_customer(context, language),) if context.customer else ()),
        *(
            _words(language, "whisper_contact", number=context.callers_number)
            if context.callers_number
            else ()
        ),
    )


def _has_caller(context: CallContext) -> bool:
    return context.call.ticket is None or context.call.ticket.is_from_call


def speaks_another(context: CallContext, language: str) -> bool:
    """Tell whether the caller's language is news to somebody who hears this one.

    It is where the caller chose another than the line's first, and between English and
    Norwegian; Bokmål and Nynorsk are understood by whoever speaks either.
    """
    theirs = context.call.language
    return theirs != language and (
        theirs != context.line.languages[0] or "en" in (theirs, language)
    )


def _language(context: CallContext, language: str) -> Says:
    if not speaks_another(context, language):
        return ()
    return _words(
        language, "whisper_language", speaks=MessageRef(f"language.{context.call.language}")
    )


def call_out_keys(context: CallContext, language: str) -> Says:
    """The keys of a call-out: 3 plays what the caller said, where they said something."""
    key = "whisper_call_out_keys_message" if context.call.recording else "whisper_call_out_keys"
    return (Message(key, language),)


def too_late(context: CallContext, callee: Callee) -> Says:
    """The caller has hung up; or is past the ringing, with the ticket that it is about."""
    if context.call.hung_up:
        return _words(callee.language, "whisper_caller_gone")
    if context.call.ticket is None:
        return _words(callee.language, "whisper_passed")
    return _words(callee.language, "whisper_too_late", ticket=ticket_number(context))


def whisper_end(context: CallContext, callee: Callee, outcome: LegOutcome) -> Says:
    """Say why the leg ends: somebody else was first, it is passed on, or no key came."""
    of_call, of_case = ENDS_OF_WHISPER[outcome]
    has_no_call = outcome is LegOutcome.LATE and context.call.hunt.accepted_leg is None
    is_case = context.call.call_out_number or has_no_call
    return (Message(of_case if is_case else of_call, callee.language),)


def you_have_it(context: CallContext, callee: Callee) -> Says:
    """The ticket is theirs. A caller who had just hung up is told of first."""
    gone = () if context.call.call_out_number else _words(callee.language, "whisper_caller_left")
    return (*gone, *_words(callee.language, "whisper_you_have_it", ticket=ticket_number(context)))


def may_call_caller(context: CallContext, callee: Callee) -> Says:
    """3 calls the caller, or whom to answer about a ticket without a call."""
    key = "whisper_call_caller" if _has_caller(context) else "whisper_call_contact"
    return _words(callee.language, key)


def cannot_call_caller(context: CallContext, callee: Callee) -> Says:
    """Why the caller is not called from here, and the number to dial where there is one."""
    number = context.callers_number
    if number:
        why = _words(callee.language, "whisper_not_called", number=number)
    elif not _has_caller(context):
        why = _words(callee.language, "whisper_no_contact")
    elif context.call.caller.is_known:
        why = _words(callee.language, "whisper_not_called_shared")
    else:
        why = _words(callee.language, "whisper_not_called_withheld")
    return (*why, *_words(callee.language, "whisper_hear_again"))


def caller_away(context: CallContext, callee: Callee) -> Says:
    """The talk is over, or the caller did not answer; 3 calls them again."""
    key = "whisper_caller_away" if _has_caller(context) else "whisper_contact_away"
    return _words(callee.language, key)


def we_call_caller(context: CallContext, callee: Callee) -> Says:
    """The caller is rung now."""
    key = "whisper_we_call_caller" if _has_caller(context) else "whisper_we_call_contact"
    return _words(callee.language, key)


def we_call_you(callee: Callee) -> Says:
    """They are rung themselves in a moment: this leg cannot connect them with anybody else."""
    return _words(callee.language, "whisper_we_call_you")


def you_have_it_goodbye(callee: Callee) -> Says:
    """The ticket is theirs, and that is all."""
    return _words(callee.language, "whisper_you_have_it_goodbye")


def ticket_number(context: CallContext) -> int | str:
    """The ticket's number, or where it is filled in."""
    ticket = context.call.ticket
    return (ticket.number if ticket else None) or TICKET_NUMBER


def _words(language: str, key: str, **values: Value) -> Says:
    return (Message(key, language, tuple(values.items())),)


def _first(context: CallContext, language: str, critical: str, other: str) -> Message:
    """What somebody who was asleep needs, in five seconds: which desk, how bad, which key."""
    ticket, desk = context.call.ticket, desk_name(context, language)
    priority = ticket.priority if ticket else Priority.MEDIUM
    if priority is Priority.CRITICAL:
        return Message(critical, language, (("desk", desk),))
    name = priority_name(context.desk, priority, language)
    return Message(other, language, (("desk", desk), ("priority", name)))


def _which_call(context: CallContext, language: str) -> Says:
    joined = context.call.joined
    return _words(language, "whisper_which_call", calls=nth(joined)) if joined else ()


def _customer(context: CallContext, language: str) -> Message:
    if context.customer is None:
        return Message("whisper_customer_unknown", language)
    name = context.desk.customer_name(context.customer)
    return Message("whisper_customer", language, (("customer", name),))


def _note(context: CallContext, language: str) -> Says:
    """What the desk wants the duty to know beside such a ticket."""
    note = duty_note(context, language)
    return _words(language, "whisper_note", note=note) if note else ()


def duty_note(context: CallContext, language: str) -> str:
    """Return the desk's note about the call's ticket in the language; empty where it has none."""
    ticket = context.call.ticket
    priority = ticket.priority if ticket else Priority.MEDIUM
    note = context.desk.duty_note(context.customer, context.agreement.id, priority)
    usual = context.line.languages[0]
    return (note.in_language(language) or note.in_language(usual) or "") if note else ""


def _caller(context: CallContext, language: str, key: str) -> Message:
    if not context.callers_number:
        is_known = context.call.caller.is_known
        return Message(f"whisper_caller_{'shared' if is_known else 'unknown'}", language)
    return Message(key, language, (("number", context.callers_number),))
