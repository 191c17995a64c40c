"""The points that a table of keys is made of, whoever hears it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from app.domain.texts.message import Message

Context = TypeVar("Context")
Step = TypeVar("Step")

MISSES_ALLOWED: Final = 3  # prompts without a valid key
KEY_SECONDS: Final = 5  # of silence before a prompt is repeated (telephony.md)


@dataclass(frozen=True, slots=True)
class Menu(Generic[Context, Step]):
    """Ask for one key."""

    says: Callable[[Context], tuple[Message, ...]]
    keys: Mapping[str, Step]
    silence: Step  # where it leads when it was asked often enough
    prompts: int = MISSES_ALLOWED  # how often it is asked before silence counts
    other: Step | None = None  # where any other key leads; None: it is a miss
    zero: Step | None = None  # where 0 leads, in a table where it is a key of every prompt

    def leads_to(self, key: str, misses: int) -> Step | None:
        """Say where a key leads, or silence, after so many misses; None: it is asked again."""
        if key in self.keys:
            return self.keys[key]
        if key and self.other is not None:
            return self.other
        prompts = MISSES_ALLOWED if key else self.prompts
        return self.silence if misses + 1 >= prompts else None


@dataclass(frozen=True, slots=True)
class HangUp(Generic[Context]):
    """Say something and hang up."""

    says: Callable[[Context], tuple[Message, ...]]
