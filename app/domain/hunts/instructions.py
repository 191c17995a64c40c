"""The instruction: what the telephone network shall do with one of the two ends of a call.

Frozen data only. The voice document of each is made in gateways/twilio/twiml.py.
"""

from dataclasses import dataclass
from typing import Literal

from app.domain.copies import replace
from app.domain.hunts.hunt import Callee
from app.domain.texts.message import TICKET_NUMBER, Message


@dataclass(frozen=True, slots=True)
class Ask:
    """Say the messages and listen for keys; a key interrupts."""

    says: tuple[Message, ...]
    seconds: int  # of silence before the prompt counts as unanswered
    digits: int | None = 1  # None: any number of them, ended with #
    is_secret: bool = False  # what is keyed must be stored nowhere
    plays: str = ""  # the RecordingSid of a caller's message, heard before the messages
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class Listen:
    """Say the messages, then record after a tone."""

    says: tuple[Message, ...]
    max_seconds: int
    is_measured: bool = False  # the seconds of sound in it decide what follows
    kind: Literal["listen"] = "listen"


@dataclass(frozen=True, slots=True)
class Ring:
    """Say the messages, then ring these legs of the call: one, or several in a queue."""

    says: tuple[Message, ...]
    legs: tuple[int, ...]
    callees: tuple[Callee, ...]
    seconds: int
    talk_minutes: int
    at_once: bool = False
    kind: Literal["ring"] = "ring"


@dataclass(frozen=True, slots=True)
class Whisper:
    """Say the messages to somebody whom we rang and listen for one key, then hang up."""

    leg: int
    says: tuple[Message, ...]
    seconds: int
    plays: str = ""  # the RecordingSid of the caller's message, heard before the messages
    kind: Literal["whisper"] = "whisper"


@dataclass(frozen=True, slots=True)
class CallCaller:
    """Connect somebody who has taken a ticket with its caller, whom we ring for them.

    `leg` is their end, `called` the caller's leg of the call. When the talk is over, or nobody
    answered, `then` is said to them and one more key is listened for, as in a Whisper.
    """

    leg: int
    called: int
    number: str
    caller_id: str  # the desk's line: what the caller sees
    ring_seconds: int
    talk_minutes: int
    says: tuple[Message, ...]
    then: tuple[Message, ...]
    seconds: int  # of silence after `then`
    kind: Literal["call_caller"] = "call_caller"


@dataclass(frozen=True, slots=True)
class Bridge:
    """Connect the one who accepted with the caller; from a queue where they wait in one."""

    from_queue: bool = False
    talk_minutes: int = 120
    kind: Literal["bridge"] = "bridge"


@dataclass(frozen=True, slots=True)
class End:
    """Say the messages and hang up."""

    says: tuple[Message, ...] = ()
    kind: Literal["end"] = "end"


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody listens: the network only reported something."""

    kind: Literal["silent"] = "silent"


Instruction = Ask | Listen | Ring | Whisper | CallCaller | Bridge | End | Silent


def numbered(message: Message, number: int) -> Message:
    """Fill the ticket's number in, once it has been given."""
    values = tuple(
        (name, number if value == TICKET_NUMBER else value) for name, value in message.values
    )
    return replace(message, values=values)


def numbered_instruction(instruction: Instruction, number: int) -> Instruction:
    """Fill the ticket's number into everything the instruction says."""
    if isinstance(instruction, Bridge | Silent):
        return instruction
    return replace(
        instruction, says=tuple(numbered(message, number) for message in instruction.says)
    )
