"""A message that is spoken or written: its key in voice_prompts, and what fills it."""

from dataclasses import dataclass
from typing import Final

from app.domain.message_refs import MessageRef, RefValue, Value, ref

__all__ = ["TICKET_NUMBER", "Message", "MessageRef", "RefValue", "Value", "ref"]

TICKET_NUMBER: Final = "{ticket.number}"  # filled in when the ticket has got its number


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its key in the texts, its language, and what fills it.

    A desk's own words have the key `desk_words` and stand in the value `words`.
    """

    key: str
    language: str
    values: tuple[tuple[str, Value], ...] = ()


LAST_NAMED: Final = 10  # beyond it no ordinal has a text of its own


def nth(count: int) -> MessageRef:
    """Return the text `ordinal.2` to `ordinal.10`; beyond that it is yet another one."""
    return MessageRef(f"ordinal.{count}" if 2 <= count <= LAST_NAMED else "ordinal.more")
