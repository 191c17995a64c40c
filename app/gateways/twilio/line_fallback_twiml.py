"""What the lifeline says, as TwiML: asked when something inside has failed. Needs no database.

It says sorry and rings the desk's last resort, else its first line, with press 1. Its state
lives in its URLs, the one exception to the rule that state is a row.
"""

from typing import Final

from app.domain.calls.line_fallback import LineFallback
from app.gateways.twilio.addresses import Addresses
from app.gateways.twilio.speech import say
from app.gateways.twilio.twiml import (
    CONNECT,
    HANGUP,
    SHORTEST_DIAL,
    SILENCE_ENDS_RECORDING,
    bridge_from_queue,
)
from app.gateways.twilio.xml import document, verb, words

RING_SECONDS: Final = 25
TALK_SECONDS: Final = 7200
WHISPER_SECONDS: Final = 8
ACCEPT: Final = "1"
REPEAT: Final = "*"
MESSAGE_SECONDS: Final = 180


def answer(fallback: LineFallback, to: str, addresses: Addresses, tried: int = 0) -> str:
    """Say sorry and ring who is left; where there is none left, say so and take a message."""
    if tried >= len(fallback.last_resort):
        sorry = say(fallback.sorry, fallback.language) if tried == 0 else ""
        record = verb(
            "Record",
            action=addresses.lifeline("message"),
            method="POST",
            timeout=SILENCE_ENDS_RECORDING,
            maxLength=MESSAGE_SECONDS,
            finishOnKey="#",
            playBeep=True,
        )
        nobody = say(fallback.nobody, fallback.language)
        return document(sorry, nobody, record if fallback.thanks else "", HANGUP)
    first = say(fallback.sorry, fallback.language) if tried == 0 else ""
    number = verb(
        "Number",
        words(fallback.last_resort[tried]),
        url=addresses.lifeline("whisper"),
        method="POST",
    )
    dial = verb(
        "Dial",
        number,
        action=addresses.lifeline(f"ring/{tried + 1}"),
        method="POST",
        timeout=max(RING_SECONDS, SHORTEST_DIAL),
        timeLimit=TALK_SECONDS,
        callerId=to,
    )
    return document(first, say(fallback.ringing, fallback.language), dial)


def after_ring(
    fallback: LineFallback, to: str, addresses: Addresses, tried: int, talked: bool
) -> str:
    """Go on after a ring: the talk has ended, or the next one is rung."""
    return document(HANGUP) if talked else answer(fallback, to, addresses, tried)


def message_taken(fallback: LineFallback) -> str:
    """Thank for the message and hang up."""
    return document(say(fallback.thanks, fallback.language), HANGUP)


def whisper(fallback: LineFallback, key_address: str) -> str:
    """Ask whoever answers for key 1; silence hangs up, so that no voicemail takes the call."""
    gather = verb(
        "Gather",
        say(fallback.whisper, fallback.language),
        input="dtmf",
        action=key_address,
        method="POST",
        timeout=WHISPER_SECONDS,
        numDigits=1,
        finishOnKey="",
    )
    return document(gather, HANGUP)


def key_pressed(key: str, fallback: LineFallback, key_address: str, queue: str = "") -> str:
    """Connect on 1, whatever has failed behind us; `queue` names where the caller waits."""
    if key == ACCEPT:
        return bridge_from_queue(queue, TALK_SECONDS) if queue else CONNECT
    return whisper(fallback, key_address) if key == REPEAT else document(HANGUP)
