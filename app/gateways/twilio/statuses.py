"""What each status word of a provider means, for each status callback that posts it.

Twilio's words are the ones that the rest of the code knows. A word in neither table is unknown:
it changes nothing, and is counted.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class StatusCallback(StrEnum):
    """The callbacks by which a provider says how something fares."""

    CALL = "call"  # the caller's own call, and the number's status callback
    LEG = "leg"  # somebody whom the worker or a Dial rings
    DIAL = "dial"  # how a Dial ended
    SMS = "sms"  # how a message of ours fares
    RECORDING = "recording"  # whether a recording is ready


_GOES_ON: Final = ("queued", "initiated", "ringing", "in-progress")
_ENDS: Final = ("completed", "busy", "failed", "no-answer", "canceled")
_SMS_GOES_ON: Final = ("accepted", "scheduled", "queued", "sending", "sent")
_SMS_ENDS: Final = ("delivered", "undelivered", "failed", "canceled", "read")


def _same(*words: str) -> dict[str, str]:
    return {word: word for word in words}


# Words that Twilio documents. `answered` of a Dial says that a talk took place and is over.
TWILIO: Final[Mapping[StatusCallback, Mapping[str, str]]] = {
    StatusCallback.CALL: _same(*_GOES_ON, *_ENDS),
    StatusCallback.LEG: _same(*_GOES_ON, *_ENDS),
    StatusCallback.DIAL: _same(*_ENDS) | {"answered": "completed"},
    StatusCallback.SMS: _same(*_SMS_GOES_ON, *_SMS_ENDS),
    StatusCallback.RECORDING: _same("in-progress", "completed", "absent", "failed"),
}
# What compatible providers post beside them. On a leg or a call, `answered` says that
# somebody lifted the receiver.
COMPATIBLE: Final[Mapping[StatusCallback, Mapping[str, str]]] = {
    StatusCallback.CALL: {"answered": "in-progress", "created": "queued", "cancelled": "canceled"},
    StatusCallback.LEG: {"answered": "in-progress", "created": "queued", "cancelled": "canceled"},
    StatusCallback.DIAL: {"cancelled": "canceled", "noanswer": "no-answer"},
    StatusCallback.SMS: {"cancelled": "canceled"},
    StatusCallback.RECORDING: {},
}


def read_status(callback: StatusCallback, word: str) -> str:
    """Return Twilio's word for what was posted; empty where the word is unknown."""
    return TWILIO[callback].get(word) or COMPATIBLE[callback].get(word, "")
