"""What somebody hears on a trial: asked for one key, thanked, and nobody is connected."""

from app.domain.decision import Sentence
from app.phone.speech import Speech
from app.phone.twiml import HANGUP
from app.phone.xml import document, verb

KEY_SECONDS = 6


def question(speech: Speech, says: tuple[Sentence, ...], key_address: str) -> str:
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


def ending(speech: Speech, says: tuple[Sentence, ...]) -> str:
    """Say this, if there is anything to say, and hang up."""
    return document(speech.speak(says), HANGUP)
