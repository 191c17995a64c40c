"""A call of ours to somebody who is asked for one key: of a verification, and to a customer.

What both share: how a key is answered, what is heard, and the network's words for how it fares.
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeVar

from app.domain.copies import replace
from app.domain.flow import KEY_SECONDS, HangUp, Menu
from app.domain.hunts.instructions import Ask, End

# In the order in which the network reports them; whatever else it reports ends the call.
STATUSES_BEFORE_END: Final = ("", "queued", "initiated", "ringing", "in-progress")


class KeyQuestion(Protocol):
    """Where such a call stands: a frozen dataclass. `misses` counts the prompts without the key."""

    @property
    def step(self) -> Any:
        """Return the step of its table."""
        ...

    @property
    def misses(self) -> int:
        """Return how many prompts have had no answer."""
        ...


C = TypeVar("C", bound=KeyQuestion)
Table = Mapping[Any, Menu[C, Any] | HangUp[C]]


def prompt_of(call: KeyQuestion) -> int:
    """Return the number of the prompt that is heard now; the key that answers it names it."""
    return call.misses + 1


def pressed(table: Table[C], call: C, key: str, prompt: int) -> C:
    """Answer a key, or none, at a prompt; what comes twice or late changes nothing."""
    point = table[call.step]
    if not isinstance(point, Menu) or prompt != prompt_of(call):
        return call
    to = point.leads_to(key, call.misses)
    changed: dict[str, Any] = {"misses": call.misses + 1} if to is None else {"step": to}
    return replace(call, **changed)  # type: ignore[type-var]  # no Protocol says dataclass


def instruction_of(table: Table[C], call: C) -> Ask | End:
    """Say what is heard where the call stands."""
    match table[call.step]:
        case Menu(says):
            return Ask(says(call), KEY_SECONDS)
        case HangUp(says):
            return End(says(call))


def is_over(status: str) -> bool:
    """Tell whether a call of this status has ended."""
    return status not in STATUSES_BEFORE_END


def statuses_before(status: str) -> tuple[str, ...]:
    """Return the statuses that this one follows; an end is never taken back."""
    known = STATUSES_BEFORE_END
    return known[: known.index(status)] if status in known else known
