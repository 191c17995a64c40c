"""What the network tells outside the turns of a call: messages, recordings, and failures.

As strict as inbound.py, which reads the turns.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from app.domain.numbers import Number, parse_number
from app.gateways.twilio.fields import (
    LONGEST_LINE,
    field,
    name,
    number_field,
    require,
    seconds,
    sid,
)
from app.gateways.twilio.signature import WebForm
from app.gateways.twilio.statuses import StatusCallback, read_status

# The turn of a voice webhook, and the network's errors of fetching (112xx), as Twilio numbers them.
TURN: Final = re.compile(r"/twilio/voice(/turn/(?P<turn>[0-9]{1,4}))?")
NOT_FETCHED: Final = "112"


@dataclass(frozen=True, slots=True)
class RecordingReady:
    """The network has finished a recording, or found that there is none (absent)."""

    call_sid: str
    recording: str
    status: str  # completed, absent, failed; empty where the word is unknown
    seconds: int


@dataclass(frozen=True, slots=True)
class LifelineFailure:
    """Why the network asks the lifeline: its error, and the path of ours that failed."""

    code: str
    path: str


@dataclass(frozen=True, slots=True)
class IncomingSms:
    """A text message to one of our numbers."""

    sid: str
    to: str
    sender: Number
    body: str


@dataclass(frozen=True, slots=True)
class SmsStatus:
    """How a message that we sent fares."""

    sid: str
    status: str  # queued, sent, delivered …; empty where the word is unknown
    error_code: int | None


def read_recording(form: WebForm) -> RecordingReady:
    """Read a recording's status callback; its address is never read: media come by sid."""
    require(form, "CallSid", "AccountSid", "RecordingSid")
    return RecordingReady(
        call_sid=sid(form, "CallSid"),
        recording=sid(form, "RecordingSid"),
        status=read_status(StatusCallback.RECORDING, name(form, "RecordingStatus")),
        seconds=seconds(form, "RecordingDuration", 0),
    )


def read_sms(form: WebForm) -> IncomingSms:
    """Read an incoming message; raise UnreadableForm without MessageSid, AccountSid or To."""
    require(form, "MessageSid", "AccountSid", "To")
    return IncomingSms(
        sid=sid(form, "MessageSid"),
        to=number_field(form, "To", LONGEST_LINE),
        sender=parse_number(number_field(form, "From", 100)),
        body=field(form, "Body", 1600),
    )


def read_sms_status(form: WebForm) -> SmsStatus:
    """Read how a sent message fares; raise UnreadableForm without MessageSid or AccountSid."""
    require(form, "MessageSid", "AccountSid")
    code = field(form, "ErrorCode", 6)
    return SmsStatus(
        sid=sid(form, "MessageSid"),
        status=read_status(StatusCallback.SMS, name(form, "MessageStatus")),
        error_code=int(code) if code.isascii() and code.isdigit() else None,
    )


def read_failure(form: WebForm) -> LifelineFailure:
    """Read which document failed, and why."""
    return LifelineFailure(field(form, "ErrorCode", 10), _path_of(field(form, "ErrorUrl", 500)))


def failed_turn(failure: LifelineFailure) -> int | None:
    """Return which turn's answer could not be fetched; None for one that could not be played.

    Given once more, an answer that the network refuses would be refused again.
    """
    found = TURN.fullmatch(failure.path)
    is_lost = failure.code.startswith(NOT_FETCHED)
    return int(found["turn"] or 0) if found and is_lost else None


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
