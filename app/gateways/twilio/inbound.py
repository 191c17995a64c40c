"""What the network says: its posted forms become facts and events. A strict reader.

Anything may stand in a field; nothing here fails because of it, except that a post
without CallSid, AccountSid or To cannot be read. Who sent it is signature.py.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.domain.calls.call import Event, HungUp, Pressed, Recorded, RingEnded
from app.domain.calls.events import PinKeyed
from app.domain.calls.flows.caller import KEYS_ALONE
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.numbers import Number, parse_number
from app.gateways.twilio.fields import (
    LONGEST_LINE,
    field,
    has,
    keys,
    name,
    number_field,
    require,
    seconds,
    sid,
)
from app.gateways.twilio.signature import WebForm
from app.gateways.twilio.statuses import StatusCallback, read_status

ENDED: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
OURS: Final = "outbound-api"  # the direction of a call that we have placed
HANGUP: Final = "hangup"  # what Record posts as Digits when the caller put the phone down

# The query that our own Redirect after Record carries: an empty recording posts no action.
HEARD_NOTHING: Final = "heard=nothing"
# The query of a recording that must be listened to before it is known what follows.
MEASURED: Final = "measure=1"
# The query of digits that may be a PIN: they are looked at, and stored nowhere.
SECRET: Final = "secret=1"
# A recording without its length was not empty: what cannot be measured counts as sound.
UNMEASURED_SECONDS: Final = 3

# How the caller left the queue, in the words of a Dial action: (status, bridged).
LEFT_QUEUE: Final[dict[str, tuple[str, bool | None]]] = {
    "bridged": ("completed", True),
    "redirected-from-bridged": ("completed", True),
    "bridging-in-process": ("completed", None),
    "leave": ("no-answer", False),
    "redirected": ("no-answer", False),
    "hangup": ("canceled", False),
    "error": ("failed", False),
    "queue-full": ("failed", False),
    "system-error": ("failed", False),
}
BRIDGED: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class InboundPost:
    """What every voice post of the network carries."""

    call_sid: str
    to: str  # as posted: picks the line
    caller: Number
    status: str  # CallStatus

    @property
    def has_ended(self) -> bool:
        """Tell whether the network says that this call is over."""
        return self.status in ENDED


def read_post(form: WebForm) -> InboundPost:
    """Read who calls whom; raise UnreadableForm without CallSid, AccountSid or To."""
    require(form, "CallSid", "AccountSid", "To")
    word = name(form, "CallStatus")
    return InboundPost(
        call_sid=sid(form, "CallSid"),
        to=number_field(form, "To", LONGEST_LINE),
        caller=parse_number(number_field(form, "From", 100)),
        status=read_status(StatusCallback.CALL, word) or word,
    )


def read_turn(form: WebForm, post: InboundPost, query: str = "") -> tuple[Event | PinKeyed, ...]:
    """Read what the caller did since our last document, and that they hung up if they did.

    A key and a hang-up are two events; a ring or a message that ended with the call is one.
    """
    gone = _gone(post)
    happened = _happened(form, query, bool(gone) or field(form, "Digits", 8) == HANGUP)
    if not isinstance(happened, Pressed):
        return (happened,)
    is_pin = _is_pin(happened, query)
    pressed = PinKeyed(happened.digits, happened.finished) if is_pin else happened
    if not gone:
        return (pressed,)
    return (pressed, *gone) if happened.digits or happened.finished else gone


def _happened(form: WebForm, query: str, caller_gone: bool) -> Pressed | Recorded | RingEnded:
    if has(form, "DialCallStatus"):
        bridged = BRIDGED.get(field(form, "DialBridged", 8).lower())
        word, leg = name(form, "DialCallStatus"), sid(form, "DialCallSid")
        status = read_status(StatusCallback.DIAL, word) or word
        return RingEnded(status, bridged, leg, caller_gone)
    if has(form, "QueueResult"):
        status, bridged = LEFT_QUEUE.get(name(form, "QueueResult"), ("failed", None))
        return RingEnded(status, bridged, caller_gone=caller_gone or has_left_by_hangup(form))
    if has(form, "RecordingSid", "RecordingUrl", "RecordingDuration"):
        recording = sid(form, "RecordingSid")
        unknown = UNMEASURED_SECONDS if recording else 0
        return Recorded(seconds(form, "RecordingDuration", unknown), recording, caller_gone)
    if query == HEARD_NOTHING and not has(form, "Digits"):
        return Recorded(seconds=0, caller_gone=caller_gone)
    return Pressed(keys(form, "Digits"), finished=field(form, "FinishedOnKey", 8) == "#")


def _is_pin(pressed: Pressed, query: str) -> bool:
    """Tell whether these may be digits of a PIN; a key that works at every prompt is none."""
    return query == SECRET and pressed.digits not in ("", *KEYS_ALONE)


def has_unknown_dial_status(form: WebForm) -> bool:
    """Tell whether a Dial ended with a word that nobody knows: it is taken as nobody's answer."""
    word = name(form, "DialCallStatus")
    return has(form, "DialCallStatus") and not read_status(StatusCallback.DIAL, word)


def has_left_by_hangup(form: WebForm) -> bool:
    """Tell whether the caller left the queue by hanging up."""
    return name(form, "QueueResult") == HANGUP


def _gone(post: InboundPost) -> tuple[Event, ...]:
    return (HungUp(post.status),) if post.has_ended else ()


def read_line_status(post: InboundPost) -> HungUp | None:
    """Read the number's own status callback: None while the call goes on."""
    return HungUp(post.status) if post.has_ended else None


def read_leg_answered(post: InboundPost, leg: int) -> LegAnswered:
    """Read that somebody whom we rang lifted the receiver: the network asks for the whisper."""
    return LegAnswered(leg, post.call_sid)


def read_leg_key(form: WebForm, leg: int) -> LegPressed:
    """Read the key pressed in the whisper; several at once are read as the first."""
    return LegPressed(leg, keys(form, "Digits")[:1])


def read_leg_status(post: InboundPost, leg: int) -> LegChanged:
    """Read a leg's status callback."""
    return LegChanged(leg, read_status(StatusCallback.LEG, post.status), post.call_sid)


def read_caller_id(form: WebForm) -> str:
    """Read which number of ours a leg was rung with."""
    return number_field(form, "From", 100)


def is_call_of_ours(form: WebForm) -> bool:
    """Tell whether the worker placed this leg, so that the caller waits in a queue."""
    return field(form, "Direction", 20) == OURS


def was_bridged(form: WebForm) -> bool:
    """Tell whether a talk took place: completed alone does not say so."""
    return BRIDGED.get(field(form, "DialBridged", 8).lower(), False)


@dataclass(frozen=True, slots=True)
class DialEnd:
    """How a Dial ended; `seconds` of talk, None where they were not told."""

    status: str
    seconds: int | None
    is_bridged: bool


def read_dial_end(form: WebForm) -> DialEnd:
    """Read how a Dial ended; a word that nobody knows is taken as nobody's answer."""
    status = read_status(StatusCallback.DIAL, name(form, "DialCallStatus")) or "no-answer"
    bridged = BRIDGED.get(field(form, "DialBridged", 8).lower(), True)
    return DialEnd(status, _seconds_or_none(form, "DialCallDuration"), bridged)


def read_call_seconds(form: WebForm) -> int | None:
    """Read how long a leg that is over was answered; None where it was not told."""
    return _seconds_or_none(form, "CallDuration")


def _seconds_or_none(form: WebForm, key: str) -> int | None:
    found = seconds(form, key, -1)
    return None if found < 0 else found


def read_queue_seconds(form: WebForm) -> int:
    """Read how long the caller has waited in the queue."""
    return seconds(form, "QueueTime", 0)


def read_moment(form: WebForm) -> datetime | None:
    """Read the local exchange's moment of the call; None without one that can be read.

    Only ever asked where VAKT_EXCHANGE=1: the field is signed like all others. A program writes
    it, in one form.
    """
    try:
        moment = datetime.fromisoformat(field(form, "ExchangeMoment", 40))
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
