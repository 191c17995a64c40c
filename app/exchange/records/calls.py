"""Calls and legs as the network remembers them, and the book in which they stand."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.exchange.records.signals import Mailbox
from app.exchange.records.transcript import Transcript


class Status(StrEnum):
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


_OVER = frozenset({Status.COMPLETED, Status.BUSY, Status.FAILED, Status.NO_ANSWER, Status.CANCELED})


class Direction(StrEnum):
    """Who began the call."""

    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_DIAL = "outbound-dial"


def new_sid(prefix: str) -> str:
    """A new identifier of the network: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass(slots=True)
class Call:
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
    transcript: Transcript
    status: Status = Status.QUEUED
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
            "ApiVersion": "2010-04-01",
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

    def next_sequence(self) -> str:
        """The number of the next status callback, from 0."""
        number, self.sequence = self.sequence, self.sequence + 1
        return str(number)


def _country(number: str) -> str:
    return "NO" if number.startswith("+47") else ""


class CallBook:
    """Every call and leg since the start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[str, Call] = {}

    def add(self, call: Call) -> Call:
        """Enters a call."""
        with self._lock:
            self._calls[call.sid] = call
        return call

    def find(self, sid: str) -> Call | None:
        """A call or leg by its sid."""
        with self._lock:
            return self._calls.get(sid)

    def all(self) -> list[Call]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._calls.values()))

    def legs_of(self, sid: str) -> list[Call]:
        """The legs that a call has rung, oldest first."""
        return [call for call in reversed(self.all()) if call.parent_sid == sid]

    def counts(self) -> Mapping[str, int]:
        """How many calls stand in each status."""
        counts: dict[str, int] = {}
        for call in self.all():
            counts[call.status.value] = counts.get(call.status.value, 0) + 1
        return counts
