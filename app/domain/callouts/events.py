"""What can happen to a call-out: it begins, whoever is rung does something, it is not needed."""

from dataclasses import dataclass
from typing import Literal

from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed


@dataclass(frozen=True, slots=True)
class CallOutBegan:
    """The worker begins a call-out about a ticket that nobody has accepted."""

    kind: Literal["call_out_began"] = "call_out_began"


@dataclass(frozen=True, slots=True)
class TicketAcknowledged:
    """Somebody has accepted the ticket elsewhere while a call-out about it rings."""

    name: str = ""
    kind: Literal["ticket_acknowledged"] = "ticket_acknowledged"


CallOutEvent = CallOutBegan | TicketAcknowledged | LegAnswered | LegPressed | LegChanged
