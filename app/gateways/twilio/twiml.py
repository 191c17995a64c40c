"""Scripts become voice documents. No decision is taken here; every address is absolute.

No document falls off its end unless that is meant: the end hangs up, and in a whisper it would
connect.
"""

from dataclasses import dataclass
from typing import Final, assert_never

from app.domain.calls.flows.customer import RingCustomer
from app.domain.hunts import instructions
from app.gateways.twilio.addresses import Addresses
from app.gateways.twilio.speech import Speech
from app.gateways.twilio.xml import document, verb, words

HANGUP: Final = verb("Hangup")
CONNECT: Final = document()  # an empty answer to a whisper connects the two ends
LEAVE_QUEUE: Final = document(verb("Leave"))
NOTHING: Final = document()

ALL_LEG_EVENTS: Final = "initiated ringing answered completed"
RECORDING_EVENTS: Final = "completed absent"
SHORTEST_DIAL, LONGEST_DIAL = 5, 600
SILENCE_ENDS_RECORDING: Final = 5  # seconds
LONGEST_TALK: Final = 14_400  # seconds


@dataclass(frozen=True, slots=True)
class RenderContext:
    """What a document needs to know beside its instruction."""

    call_sid: str
    next_turn: int
    caller_id: str  # our own number, which operators let through
    speech: Speech
    heard: int = 0  # how often the leg has heard its whisper, this time included
    message: str = ""  # where the caller's message is played from, where it is played
    key_address: str = ""  # where the keys of an Ask go; empty: to the call's next turn

    @property
    def addresses(self) -> Addresses:
        """Return the webhooks' addresses."""
        return self.speech.addresses


def render(instruction: instructions.Instruction, setting: RenderContext) -> str | None:
    """Write the voice document of an instruction; None where nobody listens."""
    match instruction:
        case instructions.Ask():
            return _ask(instruction, setting)
        case instructions.Listen():
            return _listen(instruction, setting)
        case instructions.Ring():
            return (
                _queue(instruction, setting) if instruction.at_once else _dial(instruction, setting)
            )
        case instructions.Whisper():
            return _whisper(instruction, setting)
        case instructions.CallCaller():
            return _call_caller(instruction, setting)
        case instructions.Bridge():
            return _bridge(instruction, setting)
        case instructions.End():
            return document(setting.speech.speak(instruction.says), HANGUP)
        case instructions.Silent():
            return None
        case _:
            assert_never(instruction)


def _ask(instruction: instructions.Ask, setting: RenderContext) -> str:
    """Listen while speaking; keys and silence both go to the next turn."""
    addresses, number = setting.addresses, setting.next_turn
    next_turn = addresses.turn_secret(number) if instruction.is_secret else addresses.turn(number)
    turn = setting.key_address or next_turn
    ends = {"finishOnKey": "#"} if instruction.digits is None else {"finishOnKey": ""}
    count = {} if instruction.digits is None else {"numDigits": instruction.digits}
    message = verb("Play", words(setting.message)) if setting.message else ""
    gather = verb(
        "Gather",
        message + setting.speech.speak(instruction.says),
        input="dtmf",
        action=turn,
        method="POST",
        timeout=max(instruction.seconds, 1),
        actionOnEmptyResult=True,
        **ends,
        **count,
    )
    return document(gather, _redirect(turn))


def _listen(instruction: instructions.Listen, setting: RenderContext) -> str:
    addresses, turn = setting.addresses, setting.next_turn
    record = verb(
        "Record",
        action=addresses.turn_measured(turn) if instruction.is_measured else addresses.turn(turn),
        method="POST",
        timeout=SILENCE_ENDS_RECORDING,
        maxLength=max(instruction.max_seconds, 1),
        finishOnKey="#",
        playBeep=True,
        recordingStatusCallback=addresses.recording,
        recordingStatusCallbackMethod="POST",
        recordingStatusCallbackEvent=RECORDING_EVENTS,
    )
    # An empty recording posts no action: the network goes on with the next verb.
    nothing_heard = _redirect(addresses.turn_after_nothing_heard(turn))
    return document(setting.speech.speak(instruction.says), record, nothing_heard)


def _dial(instruction: instructions.Ring, setting: RenderContext) -> str:
    """Ring one number; whoever answers hears the whisper before anybody is connected."""
    leg, callee = instruction.legs[0], instruction.callees[0]
    number = verb(
        "Number",
        words(callee.number),
        url=setting.addresses.leg(setting.call_sid, leg, "whisper"),
        method="POST",
        statusCallback=setting.addresses.leg(setting.call_sid, leg, "status"),
        statusCallbackMethod="POST",
        statusCallbackEvent=ALL_LEG_EVENTS,
    )
    dial = verb(
        "Dial",
        number,
        action=setting.addresses.turn(setting.next_turn),
        method="POST",
        timeout=min(max(instruction.seconds, SHORTEST_DIAL), LONGEST_DIAL),
        timeLimit=_talk_seconds(instruction.talk_minutes),
        callerId=setting.caller_id,
    )
    return document(setting.speech.speak(instruction.says), dial)


def _queue(instruction: instructions.Ring, setting: RenderContext) -> str:
    """Let the caller wait in the call's own queue while the worker rings everybody."""
    queue = verb(
        "Enqueue",
        words(setting.call_sid),
        action=setting.addresses.turn(setting.next_turn),
        method="POST",
        waitUrl=setting.addresses.wait(setting.next_turn),
        waitUrlMethod="POST",
    )
    return document(setting.speech.speak(instruction.says), queue)


def _whisper(instruction: instructions.Whisper, setting: RenderContext) -> str:
    """Ask for one key. Silence falls through to the Hangup; without it, it would connect."""
    message = verb("Play", words(setting.message)) if setting.message else ""
    spoken = message + setting.speech.speak(instruction.says)
    return document(_one_key(instruction, setting, spoken), HANGUP)


def _one_key(
    instruction: instructions.Whisper | instructions.CallCaller,
    setting: RenderContext,
    spoken: str,
) -> str:
    """Listen for one key of somebody whom we rang, while it is spoken and after."""
    return verb(
        "Gather",
        spoken,
        input="dtmf",
        action=setting.addresses.leg(setting.call_sid, instruction.leg, f"key/{setting.heard}"),
        method="POST",
        timeout=max(instruction.seconds, 1),
        numDigits=1,
        finishOnKey="",
    )


def _call_caller(instruction: instructions.CallCaller, setting: RenderContext) -> str:
    """Ring the ticket's caller for whoever took it; afterwards one more key is listened for."""
    number = verb(
        "Number",
        words(instruction.number),
        statusCallback=setting.addresses.leg(setting.call_sid, instruction.called, "status"),
        statusCallbackMethod="POST",
        statusCallbackEvent=ALL_LEG_EVENTS,
    )
    dial = verb(
        "Dial",
        number,
        timeout=min(max(instruction.ring_seconds, SHORTEST_DIAL), LONGEST_DIAL),
        timeLimit=_talk_seconds(instruction.talk_minutes),
        callerId=instruction.caller_id,
    )
    then = _one_key(instruction, setting, setting.speech.speak(instruction.then))
    return document(setting.speech.speak(instruction.says), dial, then, HANGUP)


@dataclass(frozen=True, slots=True)
class CustomerAddresses:
    """Where it is told that a talk is over, and how the customer's telephone fares."""

    talk: str
    status: str


def ring_customer(ring: RingCustomer, doors: CustomerAddresses, speech: Speech) -> str:
    """Ring a ticket's customer for whoever has pressed the key; the end is asked what follows."""
    number = verb(
        "Number",
        words(ring.number),
        statusCallback=doors.status,
        statusCallbackMethod="POST",
        statusCallbackEvent=ALL_LEG_EVENTS,
    )
    dial = verb(
        "Dial",
        number,
        action=doors.talk,
        method="POST",
        timeout=min(max(ring.ring_seconds, SHORTEST_DIAL), LONGEST_DIAL),
        timeLimit=_talk_seconds(ring.talk_minutes),
        callerId=ring.caller_id,
    )
    return document(speech.speak(ring.says), dial)


def _bridge(instruction: instructions.Bridge, setting: RenderContext) -> str:
    if not instruction.from_queue:
        return CONNECT
    return bridge_from_queue(setting.call_sid, _talk_seconds(instruction.talk_minutes))


def bridge_from_queue(queue: str, talk_seconds: int) -> str:
    """Write how an accepted leg fetches the caller; a queue left meanwhile is waited for 5 s."""
    dial = verb("Dial", verb("Queue", words(queue)), timeout=SHORTEST_DIAL, timeLimit=talk_seconds)
    return document(dial, HANGUP)


def wait_in_queue(addresses: Addresses) -> str:
    """Write what a waiting caller hears: a short ringing tone, after which the queue asks again."""
    return document(verb("Play", words(addresses.ringing_tone)))


def sms_answer(text: str) -> str:
    """Write the answer to an incoming message; an empty document answers nothing."""
    return document(verb("Message", words(text))) if text else NOTHING


def _redirect(address: str) -> str:
    return verb("Redirect", words(address), method="POST")


def _talk_seconds(minutes: int) -> int:
    return min(max(minutes, 1) * 60, LONGEST_TALK)
