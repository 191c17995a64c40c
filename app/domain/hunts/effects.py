"""The effects: what shall happen in the system. Frozen data; store/apply.py carries them out."""

from dataclasses import dataclass
from typing import Literal

from app.domain.hunts.hunt import Callee
from app.domain.reasons import Reason
from app.domain.texts.message import Message
from app.domain.tickets.opening import NewTicket


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Make the call's ticket."""

    new: NewTicket
    kind: Literal["open_ticket"] = "open_ticket"


@dataclass(frozen=True, slots=True)
class JoinTicket:
    """The call is about a ticket that an earlier one opened."""

    number: int
    calls: int  # this one included
    kind: Literal["join_ticket"] = "join_ticket"


@dataclass(frozen=True, slots=True)
class SendSms:
    """Send one SMS. `dedup` makes a second one with the same words of purpose nothing."""

    to: str
    message: Message
    dedup: str
    person: str | None = None  # staff whom it is for; None for the caller
    kind: Literal["send_sms"] = "send_sms"


@dataclass(frozen=True, slots=True)
class AcknowledgeTicket:
    """Somebody has taken the case; who accepts the call of its caller answers them too.

    `instead_of` is the person who had accepted in this call but was never connected.
    """

    person: str
    name: str
    instead_of: str | None = None
    kind: Literal["acknowledge_ticket"] = "acknowledge_ticket"


@dataclass(frozen=True, slots=True)
class AttachMessage:
    """The caller's spoken message belongs to the ticket."""

    recording: str
    seconds: int
    kind: Literal["attach_message"] = "attach_message"


@dataclass(frozen=True, slots=True)
class PlaceLeg:
    """Ring this leg as a call of its own (at once, or in a call-out): the worker places it."""

    leg: int
    callee: Callee
    seconds: int
    kind: Literal["place_leg"] = "place_leg"


@dataclass(frozen=True, slots=True)
class CancelLeg:
    """Stop ringing this leg: somebody else accepted, or the caller is gone."""

    leg: int
    sid: str
    kind: Literal["cancel_leg"] = "cancel_leg"


@dataclass(frozen=True, slots=True)
class MissedCallOut:
    """Somebody of the duty gave no key in a call-out: rung after the others until they answer."""

    person: str
    name: str
    kind: Literal["missed_call_out"] = "missed_call_out"


@dataclass(frozen=True, slots=True)
class AnsweredAgain:
    """Somebody who had missed a call-out has pressed a key: rung in their place again."""

    person: str
    name: str
    kind: Literal["answered_again"] = "answered_again"


@dataclass(frozen=True, slots=True)
class CallOutUnanswered:
    """The call-out is over and nobody took the ticket; `rung` is how many telephones rang."""

    call_out_number: int
    rung: int
    kind: Literal["call_out_unanswered"] = "call_out_unanswered"


@dataclass(frozen=True, slots=True)
class WatchOutage:
    """The caller is to be told by SMS when the outage is over."""

    outage: int
    to: str
    language: str
    kind: Literal["watch_outage"] = "watch_outage"


Effect = (
    OpenTicket
    | JoinTicket
    | SendSms
    | AcknowledgeTicket
    | AttachMessage
    | PlaceLeg
    | CancelLeg
    | MissedCallOut
    | AnsweredAgain
    | CallOutUnanswered
    | WatchOutage
)

Trace = tuple[Effect | Reason, ...]  # in the order in which they arose


class Traced:
    """A decision on a call or a call-out: it holds a trace, and reads it."""

    __slots__ = ()
    trace: Trace

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return why it went this way, in order."""
        return tuple(part for part in self.trace if isinstance(part, Reason))

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Return what shall happen in the system, in order."""
        return tuple(part for part in self.trace if not isinstance(part, Reason))
