"""One text of ours in its languages, taken apart into words and placeholders.

How a folder of them is read is text_reader.py; how they are filled is catalogue.py.
"""

from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import Final

LANGUAGES: Final = ("nb", "nn", "en")


class Form(StrEnum):
    """How a placeholder's value is written: the part after the colon in `{ticket:digits}`."""

    PLAIN = ""
    DIGITS = "digits"  # digit by digit for a voice
    PAIRS = "pairs"  # a telephone number in pairs
    WHEN = "when"  # day and clock time, seen from now
    BY = "by"  # the same after until, by or since: of today the clock alone
    INSIDE = "inside"  # small first letter, inside a sentence
    ADDRESS = "address"  # a web address that a voice can read
    ASIDE = "aside"  # " (value)", or nothing where there is no value
    AFTER = "after"  # ": value", or nothing where there is no value
    AGREED = "agreed"  # the value, or that nothing was agreed
    AND = "and"  # a list: "a, b and c"
    OR = "or"  # a list: "a, b or c"
    THEN = "then"  # a list in its order: "a, b then c"
    PLURAL = "|"  # `{count:file|files}`: the first word for one, the second for any other number
    SHORT = "short"  # may be shortened so that an SMS stays one


class Medium(StrEnum):
    """How a text reaches people; its file says so."""

    VOICE = "voice"
    SMS = "sms"
    READ = "read"


@dataclass(frozen=True, slots=True)
class TextPart:
    """Some words, and the placeholder that follows them; an empty name means none.

    `one` and `other` are the two words of the form PLURAL.
    """

    words: str
    name: str = ""
    form: Form = Form.PLAIN
    one: str = ""
    other: str = ""


Parts = tuple[TextPart, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence by its key, in the languages that have it.

    `seconds` is the longest it may last when spoken, `keys` the digits that it offers,
    `long_because` the excuse of an SMS that may need two.
    """

    key: str
    medium: Medium
    by_language: tuple[tuple[str, Parts], ...]
    seconds: float | None = None
    keys: str = ""
    long_because: str = ""

    def parts(self, language: str) -> Parts | None:
        """Return the sentence in this language, or None where it has none."""
        return next((parts for code, parts in self.by_language if code == language), None)

    def placeholders(self, language: str) -> frozenset[tuple[str, Form]]:
        """Return what the sentence wants to be filled with in this language."""
        return frozenset((part.name, part.form) for part in self.parts(language) or () if part.name)


def take_apart(template: str) -> Parts:
    """Split `Saksnummer {ticket:digits}.` into parts; ValueError in plain words if it cannot."""
    if "{" not in template and "}" not in template:  # most of them, and every process reads all
        return (TextPart(template),)
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        raise ValueError("a { or } has no partner: what is filled in stands in {…}") from None
    return tuple(_part(*piece) for piece in pieces)


def _part(words: str, name: str | None, form: str | None, conversion: str | None) -> TextPart:
    if name is None:
        return TextPart(words)
    if not name.isidentifier() or conversion:
        raise ValueError(f"“{{{name}}}” is no placeholder")
    if form and "|" in form:
        one, _, other = form.partition("|")
        return TextPart(words, name, Form.PLURAL, one, other)
    try:
        return TextPart(words, name, Form(form or ""))
    except ValueError:
        raise ValueError(f"“{name}” has the unknown form “{form}”") from None
