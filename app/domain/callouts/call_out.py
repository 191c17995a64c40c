"""A call-out: one round of calls to staff about a ticket that nobody has acknowledged.

What can happen in it, how far it has come, and what is decided on. It has no caller. Frozen facts
only; what follows is decide.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from app.domain.copies import replace
from app.domain.desks.desk import Desk
from app.domain.hunts.effects import Trace, Traced
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.hunts.hunt import NO_HUNT, Hunt, HuntLegs
from app.domain.hunts.instructions import Instruction
from app.domain.numbers import Number
from app.domain.tickets.opening import call_out_line
from app.domain.tickets.ticket import RingAgain, Ticket, WakesDuty


@dataclass(frozen=True, slots=True)
class CallOutBegan:
    """The worker begins a call-out about a ticket that nobody has accepted."""

    kind: Literal["call_out_began"] = "call_out_began"


@dataclass(frozen=True, slots=True)
class TicketAcknowledged:
    """Somebody has accepted the ticket elsewhere while a call-out about it rings."""

    name: str = ""
    kind: Literal["ticket_acknowledged"] = "ticket_acknowledged"


@dataclass(frozen=True, slots=True)
class CallOutPutOff:
    """Somebody on duty is rung again later instead, and not in this call-out."""

    name: str
    asked: RingAgain
    kind: Literal["call_out_put_off"] = "call_out_put_off"


CallOutEvent = (
    CallOutBegan | TicketAcknowledged | CallOutPutOff | LegAnswered | LegPressed | LegChanged
)


SID_PREFIX: Final = "call-out-"  # so begins the sid of a call-out; a network's never does


@dataclass(frozen=True, slots=True)
class CallOut(HuntLegs):
    """One call-out as far as it has come. `ticket` is the ticket as it was when it began."""

    ticket: Ticket
    number: int  # which call-out about its ticket this is: 1, 2, 3 …
    started_at: datetime
    recording: str = ""  # what the caller said, where they left a message
    hunt: Hunt = NO_HUNT
    ended_at: datetime | None = None

    @property
    def sid(self) -> str:
        """Return by what the network's answers, turns and legs name it."""
        return call_out_sid(self.ticket.number, self.number)

    @property
    def desk(self) -> str:
        """Return the desk whose duty is called."""
        return self.ticket.desk

    @property
    def line(self) -> str:
        """Return the desk's number from which the duty is called."""
        return self.ticket.line

    @property
    def caller(self) -> Number:
        """Return the number of whom to answer."""
        return self.ticket.contact.number

    @property
    def language(self) -> str:
        """Return the language of whoever opened the ticket."""
        return self.ticket.language

    @property
    def customer(self) -> str | None:
        """Return the customer's number."""
        return self.ticket.customer

    @property
    def agreement(self) -> str | None:
        """Return the customer's agreement."""
        return self.ticket.agreement

    @property
    def wakes_duty(self) -> WakesDuty:
        """Tell whether the duty may be called about the ticket."""
        return self.ticket.wakes_duty

    @property
    def has_begun(self) -> bool:
        """Tell whether somebody has been rung, or nobody could be."""
        return bool(self.legs) or self.has_ended

    @property
    def has_ended(self) -> bool:
        """Tell whether nobody more is rung in it."""
        return self.ended_at is not None

    def on_line_of(self, desk: Desk) -> "CallOut":
        """Return the call-out as it goes on from its desk: its line may have left the desk."""
        if desk.line(self.line):
            return self
        return replace(self, ticket=replace(self.ticket, line=call_out_line(desk)))


def call_out_sid(ticket: int, number: int) -> str:
    """Return the sid of a ticket's call-out with this number."""
    return f"{SID_PREFIX}{ticket}-{number}"


def is_call_out(sid: str) -> bool:
    """Tell whether a sid names a call-out, and not a call."""
    return sid.startswith(SID_PREFIX)


@dataclass(frozen=True, slots=True)
class CallOutDecision(Traced):
    """The answer to one event: the call-out as it is now, what is heard, and the trace."""

    call_out: CallOut
    instruction: Instruction
    trace: Trace = ()

    @property
    def holder(self) -> CallOut:
        """Return what was decided on."""
        return self.call_out
