"""How a sentence sounds: a recording where there is one, else a machine voice.

What the sentences say stands in voice_prompts; numbers and times are put into words by
domain/texts.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message
from app.gateways.twilio.addresses import Addresses
from app.gateways.twilio.xml import verb, words

MOST_CHARACTERS: Final = 3000  # more in one Say is refused by the voice


@dataclass(frozen=True, slots=True)
class Voice:
    """A machine voice, and the language it speaks."""

    name: str
    locale: str


# There is no Nynorsk voice: the Bokmål voice reads Nynorsk text.
VOICES: Final = {
    "nb": Voice("Polly.Ida-Neural", "nb-NO"),
    "nn": Voice("Polly.Ida-Neural", "nb-NO"),
    "en": Voice("Polly.Amy-Neural", "en-GB"),
}
OTHER_LANGUAGE: Final = VOICES["nb"]


@dataclass(frozen=True, slots=True)
class RecordedPrompts:
    """Recorded sentences in `<folder>/<language>/<key>.mp3`; they win over the machine voice.

    Listed once: a new recording is heard after the next start.
    """

    folder: Path
    _listed: frozenset[tuple[str, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """List what is there."""
        found = frozenset((file.parent.name, file.stem) for file in self.folder.glob("*/*.mp3"))
        object.__setattr__(self, "_listed", found)

    def has(self, message: Message) -> bool:
        """Tell whether a sentence is recorded; one that is filled in cannot be."""
        return not message.values and (message.language, message.key) in self._listed

    def file(self, language: str, key: str) -> Path | None:
        """Return the recording's file, or None without one."""
        is_listed = (language, key) in self._listed
        return self.folder / language / f"{key}.mp3" if is_listed else None


@dataclass(frozen=True, slots=True)
class Speech:
    """Speaks sentences at one moment in one time zone."""

    texts: Texts
    recordings: RecordedPrompts
    addresses: Addresses
    now: datetime
    time_zone: str

    def speak(self, says: tuple[Message, ...]) -> str:
        """Write the sentences as Say and Play, in order."""
        return "".join(self._one(message) for message in says)

    def _one(self, message: Message) -> str:
        if self.recordings.has(message):
            address = self.addresses.recorded_prompt(message.language, message.key)
            return verb("Play", words(address))
        text = self.texts.render(message, now=self.now, time_zone=self.time_zone, spoken=True)
        return say(text, message.language)


def say(text: str, language: str) -> str:
    """Write a text for the language's voice; nothing at all where there is nothing to say."""
    voice = VOICES.get(language, OTHER_LANGUAGE)
    spoken = words(" ".join(text.split())[:MOST_CHARACTERS])
    return verb("Say", spoken, voice=voice.name, language=voice.locale) if spoken else ""
