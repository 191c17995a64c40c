"""What those hear who are rung in a call-out: the offer, its keys, and the caller's message.

Messages of the table in callouts/callee.py; what their keys do is acknowledge.py.
"""

from typing import Final

from app.domain.callouts.context import CallOutContext
from app.domain.flow import Says
from app.domain.hunts import whisper_parts
from app.domain.hunts.press_one import AtLeg
from app.domain.hunts.whisper_parts import words
from app.domain.tickets.ticket import Source

InCallOut = AtLeg[CallOutContext]
CAME_FROM: Final = {Source.CALL: "whisper_called_from", Source.SMS: "whisper_wrote_from"}


def recording(at: InCallOut) -> str:
    """Return what the caller said; empty where they left no message."""
    return at.context.call_out.recording


def offer(at: InCallOut) -> Says:
    """Nobody has taken the ticket: whoever is woken hears in one breath that it waits for them."""
    context, language = at.context, at.callee.language
    number = whisper_parts.ticket_number(context)
    return (
        whisper_parts.which_desk(context, language, "whisper_call_out", "whisper_call_out_other"),
        *words(language, "whisper_unacknowledged", ticket=number),
        *_about(context, language),
        *whisper_parts.which_language(context, language),
        *whisper_parts.note(context, language),
        *keys(at),
    )


def keys(at: InCallOut) -> Says:
    """The keys of a call-out: 3 plays what the caller said, where they said something."""
    key = "whisper_call_out_keys_message" if recording(at) else "whisper_call_out_keys"
    return words(at.callee.language, key)


def message_away(at: InCallOut) -> Says:
    """What the caller said cannot be played yet; the keys follow all the same."""
    return (*words(at.callee.language, "whisper_message_away"), *keys(at))


def _about(context: CallOutContext, language: str) -> Says:
    """Of a call: customer and number. Of any other ticket: its subject, and what is known."""
    ticket, number = context.call_out.ticket, context.callers_number
    customer = whisper_parts.which_customer(context, language)
    if ticket.is_from_caller:
        return (
            customer,
            whisper_parts.which_number(context, language, CAME_FROM[ticket.source]),
        )
    return (
        *words(language, "whisper_subject", subject=ticket.subject),
        *((customer,) if context.customer else ()),
        *(words(language, "whisper_contact", number=number) if number else ()),
    )
