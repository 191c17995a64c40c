"""The script language: what a caller or a callee answers, one answer per prompt.
Reads the words only; when they are played is the line's affair. See docs/exchange.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class ScriptError(ValueError):
    """A script that cannot be read, in words."""


class Timing(StrEnum):
    """When in a prompt an answer comes."""

    PROMPT = "prompt"
    AT_ONCE = "at_once"
    SENTENCE = "sentence"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class PersonaAnswer:
    """One answer to one prompt: keys, speech, hanging up, or nothing at all (silence)."""

    keys: str = ""
    speak: float | None = None
    hangs_up: bool = False
    timing: Timing = Timing.PROMPT
    seconds: float = 0.0
    is_noise: bool = False  # what is recorded is the line alone


@dataclass(frozen=True, slots=True)
class Script:
    """Everything a caller is going to do. None: the caller stays until somebody else ends it."""

    answers: tuple[PersonaAnswer, ...] = ()
    ring_hang_up: float | None = None
    talk_hang_up: float | None = None
    wait_hang_up: float | None = None


SILENCE = PersonaAnswer()
_NUMBER = r"(\d+(?:\.\d+)?)"
_AT = rf"(?:(!)|@(sentence)|@{_NUMBER})?"
_KEYS = re.compile(rf"([0-9*#]+){_AT}")
_HANG_UP = re.compile(rf"hangup{_AT}")
_SPEAK = re.compile(rf"(speak|noise)\s*{_NUMBER}\s*(hangup|[0-9*#])?")
_LATER = re.compile(rf"(ring|talk|wait)-hangup@{_NUMBER}")


def parse_script(text: str | Sequence[str]) -> Script:
    """Reads `1001#,1,-,speak 5` or the same as a list.

    Raises ScriptError naming the word that cannot be read.
    """
    words = text.split(",") if isinstance(text, str) else list(text)
    answers: list[PersonaAnswer] = []
    later: dict[str, float] = {}
    for word in (word.strip() for word in words):
        if match := _LATER.fullmatch(word):
            later[match[1]] = float(match[2])
        elif word:
            answers.append(parse_answer(word))
    return Script(tuple(answers), later.get("ring"), later.get("talk"), later.get("wait"))


def parse_answer(word: str) -> PersonaAnswer:
    """One answer: `-`, `1001#`, `1!`, `1@2.5`, `1@sentence`, `speak 5 #`, `noise 5`, `hangup@3`."""
    if word == "-":
        return SILENCE
    if match := _SPEAK.fullmatch(word):
        end = match[3] or ""
        hangs_up = end == "hangup"
        return PersonaAnswer(
            keys="" if hangs_up else end,
            speak=float(match[2]),
            hangs_up=hangs_up,
            is_noise=match[1] == "noise",
        )
    if match := _KEYS.fullmatch(word):
        return _timed(PersonaAnswer(keys=match[1]), match, 2)
    if match := _HANG_UP.fullmatch(word):
        return _timed(PersonaAnswer(hangs_up=True), match, 1)
    raise ScriptError(f"not an answer: {word!r}")


def _timed(answer: PersonaAnswer, match: re.Match[str], first: int) -> PersonaAnswer:
    at_once, sentence, seconds = match[first], match[first + 1], match[first + 2]
    if at_once:
        timing = Timing.AT_ONCE
    elif sentence:
        timing = Timing.SENTENCE
    else:
        timing = Timing.SECONDS if seconds else Timing.PROMPT
    return PersonaAnswer(answer.keys, None, answer.hangs_up, timing, float(seconds or 0))
