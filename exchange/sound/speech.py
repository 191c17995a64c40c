"""How long speech, recordings and pauses last. An estimate: so many characters a second."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from exchange.documents.verbs import Pause, Play, Prompt, Say

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Timed:
    """A prompt and its seconds in full; `first_sentence`: seconds until its first full stop."""

    prompt: Prompt
    seconds: float
    first_sentence: float


@dataclass(frozen=True, slots=True)
class Measure:
    """The estimate: characters a second for speech, and a way to know a recording's seconds."""

    chars_per_second: float
    seconds_of: Callable[[str], float]

    def time(self, prompt: Prompt) -> Timed:
        """How long a prompt lasts, all its loops included."""
        match prompt:
            case Say(text=text, loop=loop, breaks=breaks):
                once = len(text) / self.chars_per_second + breaks
                end = _SENTENCE_END.search(text)
                share = (end.end() if end else len(text)) / len(text)
                return Timed(prompt, once * loop, once * share)
            case Play(url=url, loop=loop):
                once = self.seconds_of(url)
                return Timed(prompt, once * loop, once)
            case Pause(length=length):
                return Timed(prompt, float(length), 0.0)
