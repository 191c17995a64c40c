"""A message that is spoken or written: its key in voice_prompts, and what fills it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

TICKET_NUMBER: Final = "{ticket.number}"  # filled in when the ticket has got its number


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A value that is itself a text of ours, by its key, such as a level's neutral name."""

    key: str


# What a message can be filled with; how it is spoken (digit by digit, in pairs, as day
# and clock time) is said by the text's placeholder: `{ticket:digits}`.
Value = str | int | datetime | MessageRef


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its key in the texts, its language, and what fills it.

    A desk's own words have the key `desk_words` and stand in the value `words`.
    """

    key: str
    language: str
    values: tuple[tuple[str, Value], ...] = ()
