"""What somebody hears in a number verification: asked for one key, thanked, and nobody is
connected.
"""

from app.domain.texts.message import Message
from app.gateways.twilio.speech import Speech
from app.gateways.twilio.twiml import HANGUP
from app.gateways.twilio.xml import document, verb

KEY_SECONDS = 6


def question(speech: Speech, says: tuple[Message, ...], key_address: str) -> str:
    """Ask for one key; silence is told at the same address."""
    gather = verb(
        "Gather",
        speech.speak(says),
        input="dtmf",
        action=key_address,
        method="POST",
        timeout=KEY_SECONDS,
        numDigits=1,
        finishOnKey="",
        actionOnEmptyResult=True,
    )
    return document(gather, HANGUP)


def ending(speech: Speech, says: tuple[Message, ...]) -> str:
    """Say this, if there is anything to say, and hang up."""
    return document(speech.speak(says), HANGUP)
