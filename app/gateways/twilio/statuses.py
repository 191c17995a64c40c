"""What each status word of a provider means, for each door at which it is posted.

Twilio's words are the ones that the rest of the code knows. A word in neither table is unknown:
it changes nothing, and is counted.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class StatusDoor(StrEnum):
    """The doors at which a provider says how something fares."""

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
TWILIO: Final[Mapping[StatusDoor, Mapping[str, str]]] = {
    StatusDoor.CALL: _same(*_GOES_ON, *_ENDS),
    StatusDoor.LEG: _same(*_GOES_ON, *_ENDS),
    StatusDoor.DIAL: _same(*_ENDS) | {"answered": "completed"},
    StatusDoor.SMS: _same(*_SMS_GOES_ON, *_SMS_ENDS),
    StatusDoor.RECORDING: _same("in-progress", "completed", "absent", "failed"),
}
# What compatible providers post beside them. On a leg or a call, `answered` says that
# somebody lifted the receiver.
COMPATIBLE: Final[Mapping[StatusDoor, Mapping[str, str]]] = {
    StatusDoor.CALL: {"answered": "in-progress", "created": "queued", "cancelled": "canceled"},
    StatusDoor.LEG: {"answered": "in-progress", "created": "queued", "cancelled": "canceled"},
    StatusDoor.DIAL: {"cancelled": "canceled", "noanswer": "no-answer"},
    StatusDoor.SMS: {"cancelled": "canceled"},
    StatusDoor.RECORDING: {},
}


def read_status(door: StatusDoor, word: str) -> str:
    """Return Twilio's word for what was posted at a door; empty where the word is unknown."""
    return TWILIO[door].get(word) or COMPATIBLE[door].get(word, "")
