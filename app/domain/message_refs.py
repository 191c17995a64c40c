"""What is to be said, in no language yet: a key of voice_prompts, and what fills the text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message in no language yet: its key in the texts, and what fills it.

    Diagnostics, refusals and output of commands are these; so is a value that is itself a
    text of ours, such as a level's neutral name.
    """

    key: str
    values: tuple[tuple[str, "RefValue"], ...] = ()


# What a message can be filled with; how it is spoken (digit by digit, in pairs, as day
# and clock time) is said by the text's placeholder: `{ticket:digits}`.
Value = str | int | datetime | MessageRef
# A tuple is a list of things, written with commas.
RefValue = Value | float | tuple[Value, ...]


def ref(key: str, /, **values: RefValue) -> MessageRef:
    """Name a text and its values; `tests/test_voice_prompts.py` checks both against the texts."""
    return MessageRef(key, tuple(values.items()))


class MessageError(ValueError):
    """What somebody wrote cannot be used; `message` says why and what to write."""

    def __init__(self, message: MessageRef) -> None:
        super().__init__(message)
        self.message = message
