"""Calls and legs as the network remembers them, and the registry in which they stand."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from exchange.identifiers import API_VERSION
from exchange.records.registry import Registry
from exchange.records.signals import Mailbox
from exchange.records.transcript import CallTranscript


class CallStatus(StrEnum):
    """A call's status, as Twilio spells it."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen."""
        return self in _OVER


_OVER = frozenset(
    {
        CallStatus.COMPLETED,
        CallStatus.BUSY,
        CallStatus.FAILED,
        CallStatus.NO_ANSWER,
        CallStatus.CANCELED,
    }
)


class Direction(StrEnum):
    """Who began the call."""

    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_DIAL = "outbound-dial"


@dataclass(slots=True)
class CallResource:
    """One call or leg. Changed only by the thread that runs it; read by everybody.

    `mailbox` and `transcript` are those of the line that runs it: a leg shares its parent's.
    """

    sid: str
    account_sid: str
    caller: str
    called: str
    direction: Direction
    created: datetime
    mailbox: Mailbox
    transcript: CallTranscript
    status: CallStatus = CallStatus.QUEUED
    parent_sid: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    duration: int = 0
    is_live: bool = False
    forwarded_from: str | None = None
    caller_name: str | None = None
    queue_seconds: int = 0
    sequence: int = 0
    settled: threading.Event = field(default_factory=threading.Event)

    def params(self) -> dict[str, str]:
        """The parameters that every request about this call carries."""
        params = {
            "CallSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.caller,
            "To": self.called,
            "Caller": self.caller,
            "Called": self.called,
            "CallStatus": self.status.value,
            "ApiVersion": API_VERSION,
            "Direction": self.direction.value,
            "FromCountry": _country(self.caller),
            "ToCountry": _country(self.called),
        }
        optional = {
            "ParentCallSid": self.parent_sid,
            "ForwardedFrom": self.forwarded_from,
            "CalledVia": self.forwarded_from,
            "CallerName": self.caller_name,
        }
        return params | {name: value for name, value in optional.items() if value}

    def answer(self, at: datetime) -> None:
        """The receiver is taken up, if it was not before."""
        if self.answered_at is None:
            self.status, self.answered_at = CallStatus.IN_PROGRESS, at

    def end(self, status: CallStatus, at: datetime) -> None:
        """Closes the call with its last status and its whole seconds since the answer; one that is
        over stays as it is.
        """
        if self.status.is_over:
            return
        self.status, self.ended_at = status, at
        if self.answered_at is not None:
            self.duration = round((at - self.answered_at).total_seconds())

    def next_sequence(self) -> str:
        """The number of the next status callback, from 0."""
        number, self.sequence = self.sequence, self.sequence + 1
        return str(number)


def _country(number: str) -> str:
    return "NO" if number.startswith("+47") else ""


class CallRegistry(Registry[CallResource]):
    """Every call and leg."""

    def legs_of(self, sid: str) -> list[CallResource]:
        """The legs that a call has rung, oldest first."""
        return [call for call in reversed(self.all()) if call.parent_sid == sid]

    def counts(self) -> Mapping[str, int]:
        """How many calls stand in each status."""
        return Counter(call.status.value for call in self.all())
