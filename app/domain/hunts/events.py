"""What can happen at the other end: to somebody whom we rang."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """Somebody whom we rang lifted the receiver."""

    leg: int
    sid: str = ""
    kind: Literal["leg_answered"] = "leg_answered"


@dataclass(frozen=True, slots=True)
class LegPressed:
    """Somebody whom we rang pressed a key, or none (empty)."""

    leg: int
    key: str
    kind: Literal["leg_pressed"] = "leg_pressed"


@dataclass(frozen=True, slots=True)
class LegChanged:
    """The network tells how a leg fares; may come late, twice and out of order."""

    leg: int
    status: str  # initiated, ringing, in-progress, completed, busy, no-answer, failed, canceled
    sid: str = ""
    kind: Literal["leg_changed"] = "leg_changed"


LegEvent = LegAnswered | LegPressed | LegChanged
