"""What callers left at the network while nobody of us was there: values only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LeftMessage:
    """A recording that the network keeps: of which call, how long, when it was begun."""

    recording: str
    call_sid: str
    seconds: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CallThere:
    """A call as the network knows it: who called which number, and whom it rang."""

    line: str
    caller: str
    at: datetime
    rung: tuple[str, ...] = ()
