"""A conversation as a table: what each step of it does, and the engine that walks from one to
the next.

The tables: the caller's is calls/flows/caller.py; of whoever is rung for a caller,
calls/flows/callee.py; of whoever is rung in a call-out, callouts/callee.py; of whoever verifies a
number, calls/flows/verify.py; of whoever calls a ticket's customer, calls/flows/customer.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, Self, TypeVar

from app.domain.texts.message import Message

MISSES_ALLOWED: Final = 3  # prompts without a valid key
KEY_SECONDS: Final = 5  # of silence before a prompt is repeated
STEPS_PER_TURN: Final = 30  # no table has a loop of forks; this would find one

C_contra = TypeVar("C_contra", contravariant=True)  # what says and questions see
S_co = TypeVar("S_co", covariant=True)  # the steps of the table
B_co = TypeVar("B_co", covariant=True)  # what a fork answers
Step = TypeVar("Step")

Says = tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Say(Generic[C_contra, S_co]):
    """Say something and go on."""

    says: Callable[[C_contra], Says]
    then: S_co


@dataclass(frozen=True, slots=True)
class Fork(Generic[C_contra, S_co, B_co]):
    """Ask the world where to go; `to` are the steps that it may answer."""

    asks: Callable[[C_contra], B_co]
    to: tuple[S_co, ...]


@dataclass(frozen=True, slots=True)
class Menu(Generic[C_contra, S_co]):
    """Say something and ask for one key."""

    says: Callable[[C_contra], Says]
    keys: Mapping[str, S_co]
    silence: S_co  # where it leads when it was asked often enough
    prompts: int = MISSES_ALLOWED  # how often it is asked before silence counts
    other: S_co | None = None  # where any other key leads; None: it is a miss
    zero: S_co | None = None  # where 0 leads, in a table where it is a key of every prompt
    plays: Callable[[C_contra], str] | None = None  # a recording that comes before what is said

    def leads_to(self, key: str, misses: int = 0) -> S_co | None:
        """Say where a key leads, or silence, after so many misses; None: it is asked again."""
        if key in self.keys:
            return self.keys[key]
        if key and self.other is not None:
            return self.other
        prompts = MISSES_ALLOWED if key else self.prompts
        return self.silence if misses + 1 >= prompts else None


@dataclass(frozen=True, slots=True)
class HangUp(Generic[C_contra]):
    """Say something and hang up."""

    says: Callable[[C_contra], Says]


class TurnSoFar(Protocol):
    """How far a turn has come: what has been said, and what has happened so far."""

    @property
    def context(self) -> Any:
        """Return what the table's questions see."""

    def said(self, *says: Message) -> Self:
        """Add to what is said."""

    def followed(self, branch: Any) -> tuple[Self, Any]:
        """Take what a fork has answered; return the step that it leads to."""


T = TypeVar("T", bound=TurnSoFar)


def walk(table: Mapping[Step, object], turn: T, to: Step) -> tuple[T, Step]:
    """Follow the table from a step to the next one where somebody must do something."""
    for _ in range(STEPS_PER_TURN):
        match table[to]:
            case Say(says, then):
                turn, to = turn.said(*says(turn.context)), then
            case Fork(asks):
                turn, to = turn.followed(asks(turn.context))
            case _:
                return turn, to
    raise RuntimeError(f"the table has no end after {to}")
