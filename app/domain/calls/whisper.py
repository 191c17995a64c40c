"""What those hear who are rung for a caller: the offer, and that it is too late.

Messages of the table in calls/flows/callee.py; what their keys do is accept.py.
"""

from app.domain.calls.call import Call
from app.domain.calls.context import CallContext
from app.domain.flow import Says
from app.domain.hunts import whisper_parts
from app.domain.hunts.acknowledged_menu import AtAny, you_have_it
from app.domain.hunts.press_one import AtLeg
from app.domain.hunts.whisper_parts import words
from app.domain.texts.message import nth
from app.domain.tickets.ticket import Ticket

InCall = AtLeg[CallContext]


def offer(at: InCall) -> Says:
    """Desk, level and "press 1" first; then customer, ticket, the caller's number, and the keys."""
    context, language = at.context, at.callee.language
    is_again = context.hunt.first_choice == at.callee.number
    return (
        whisper_parts.which_desk(context, language, "whisper_critical", "whisper_call"),
        *(words(language, "whisper_same_caller") if is_again else ()),
        *_which_call(context.call, language),
        whisper_parts.which_customer(context, language),
        *_which_ticket(context, language),
        whisper_parts.which_number(context, language, "whisper_caller"),
        *whisper_parts.which_language(context, language),
        *_no_keys(context.ticket, language),
        *whisper_parts.note(context, language),
        *words(language, "whisper_keys"),
    )


def too_late(at: InCall) -> Says:
    """The caller has hung up; or is past the ringing, with the ticket that it is about."""
    language, context = at.callee.language, at.context
    if context.call.hung_up:
        return words(language, "whisper_caller_gone")
    if context.ticket is None:
        return words(language, "whisper_passed")
    number = whisper_parts.ticket_number(context)
    return words(language, "whisper_too_late", ticket=number)


def caller_left(at: AtAny) -> Says:
    """The caller had just hung up, and the ticket is theirs."""
    return (*words(at.callee.language, "whisper_caller_left"), *you_have_it(at))


def _which_call(call: Call, language: str) -> Says:
    return words(language, "whisper_which_call", calls=nth(call.joined)) if call.joined else ()


def _which_ticket(context: CallContext, language: str) -> Says:
    number = whisper_parts.ticket_number(context)
    return words(language, "whisper_ticket", ticket=number) if context.ticket else ()


def _no_keys(ticket: Ticket | None, language: str) -> Says:
    return words(language, "whisper_no_keys") if ticket and ticket.no_keys else ()
