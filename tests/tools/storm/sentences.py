"""The sentences that callers, staff and contacts get, recognised by their words alone.

Read from voice_prompts as anybody can read them: none of the product's code is used, so that a
mistake there is not made here once more.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

PROMPTS = Path(__file__).parents[3] / "voice_prompts"
PLACEHOLDER = re.compile(r"\{(\w+)(?::\w+)?\}")
NUMBER = r"(?P<ticket>\d(?:[ ,]*\d)*)"

# With any of these said last, a caller knows where they stand.
HONEST = (
    "message_taken",
    "message_not_heard",
    "ticket_again",
    "no_keys_silence",
    "goodbye",
    "call_too_long",
    "screened",
    "lifeline_nobody",
    "lifeline_taken",
    "promise_by",
    "promise_open",
    "call_outs_begin",
    "call_outs_go_on",
    "call_outs_when_possible",
    "call_outs_from",
    "keep_phone_free",
    "follows_contacts",
    "follows_contacts_now",
    "follows_contacts_told",
    "follows_acknowledged",
    "follows_waits",
    "follows_offline",
    "contacts_are_told",
)
WITH_NUMBER = ("ticket_opened", "ticket_again")
REGISTERED = ("ticket_opened", "ticket_by_sms", "ticket_registered", "message_duty_silent")


@cache
def pattern(key: str, file: str = "call") -> re.Pattern[str]:
    """What is said under this key, in any language; `ticket` is the number in it."""
    with (PROMPTS / f"{file}.toml").open("rb") as text:
        sentence = tomllib.load(text)[key]
    spoken = [sentence[language] for language in ("nb", "nn", "en") if language in sentence]
    return re.compile("|".join(_pattern(words, at) for at, words in enumerate(spoken)))


def says(key: str, text: str) -> bool:
    """Whether this sentence is in what was said."""
    return pattern(key).search(text) is not None


def numbers_in(text: str, key: str, file: str = "call") -> list[int]:
    """The ticket numbers that were told by this sentence."""
    found = pattern(key, file).finditer(text)
    told = [number for match in found for number in match.groupdict().values() if number]
    return [int(re.sub(r"\D", "", number)) for number in told]


def _pattern(words: str, at: int) -> str:
    last, written = 0, ""
    for match in PLACEHOLDER.finditer(words):
        is_number = match[1] == "ticket"
        value = NUMBER.replace("ticket", f"ticket_{at}") if is_number else ".+?"
        written += re.escape(words[last : match.start()]) + value
        last = match.end()
    return written + re.escape(words[last:])
