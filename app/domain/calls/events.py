"""What can happen to a call: a closed set. Each is reported by the network, by one of the two
ends; what follows is decide.py.
"""

from dataclasses import dataclass, field
from typing import Literal

from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed


@dataclass(frozen=True, slots=True)
class Arrived:
    """The call came in."""

    kind: Literal["arrived"] = "arrived"


@dataclass(frozen=True, slots=True)
class Pressed:
    """The caller answered a prompt with keys; none at all is silence."""

    digits: str = ""
    finished: bool = False  # ended with #
    kind: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True)
class PinKeyed:
    """Digits that may be a PIN, as they come in: never stored, and no event of a call.

    What is made of them is `PinEntered`, or, where they are a customer's number, `Pressed`.
    """

    digits: str = field(repr=False)
    finished: bool = False  # ended with #


@dataclass(frozen=True, slots=True)
class PinEntered:
    """A PIN was keyed, and whose it is: nobody's where it is wrong, or locked. Without its digits.

    Not `is_checked`: nothing could be looked up.
    """

    person: str = ""
    is_checked: bool = True
    kind: Literal["pin_entered"] = "pin_entered"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The caller spoke after the tone, for so many seconds."""

    seconds: int
    recording: str = ""  # RecordingSid
    caller_gone: bool = False
    sound: float | None = None  # seconds of sound in it; None where it could not be measured
    by_lifeline: bool = False  # nobody had asked for it: something inside had failed
    rang_duty: bool = False  # by documents that decide nothing, while the system was away
    kind: Literal["recorded"] = "recorded"

    @property
    def heard(self) -> float:
        """Return the seconds that count as somebody speaking; unmeasured ones all do."""
        return self.seconds if self.sound is None else self.sound


@dataclass(frozen=True, slots=True)
class RingEnded:
    """Ringing is over: nobody answered, or a talk took place and has ended."""

    status: str  # the network's word: completed, busy, no-answer, failed, canceled
    bridged: bool | None = None
    leg_sid: str = ""
    caller_gone: bool = False
    kind: Literal["ring_ended"] = "ring_ended"


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller is gone, or the network ended the call."""

    status: str = "completed"
    kind: Literal["hung_up"] = "hung_up"


Event = (
    Arrived
    | Pressed
    | PinEntered
    | Recorded
    | RingEnded
    | LegAnswered
    | LegPressed
    | LegChanged
    | HungUp
)
