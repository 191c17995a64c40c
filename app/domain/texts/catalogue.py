"""Every sentence we can say or write, by key: its language, its fall-back, and what fills it.

The sentences stand in voice_prompts/; they are read outside and passed in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.numbers import digit_by_digit, in_pairs
from app.domain.texts.gsm7 import ONE_SMS, gsm7_length, shortened, to_gsm7
from app.domain.texts.message import TICKET_NUMBER, Message, MessageRef, RefValue, Value
from app.domain.texts.moments import Today, moment
from app.domain.texts.text_parts import Form, Medium, Parts, Text, TextPart
from app.domain.texts.text_reader import InvalidTexts, read_texts

__all__ = ["FALL_BACK", "InvalidTexts", "MissingText", "Texts"]

# Who understands what: written Nynorsk and Bokmål are read by the same people.
FALL_BACK: Final[Mapping[str, tuple[str, ...]]] = {
    "nb": ("nb", "nn", "en"),
    "nn": ("nn", "nb", "en"),
    "en": ("en", "nb", "nn"),
}
UNKNOWN_LANGUAGE: Final = ("en", "nb", "nn")
UNWRITABLE: Final = "?"  # a name in an alphabet that SMS does not have
NOT_YET: Final = "…"  # the ticket's number before there is one
DEEPEST: Final = 5  # texts inside texts
ADDRESS_SIGNS: Final = {".": "dot", "/": "slash", "-": "dash"}


class MissingText(LookupError):
    """A sentence that nobody wrote, or a value that nobody gave."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """Around a sentence while it is filled: its language, its values, and the moment.

    Without a moment somebody reads it in a terminal or in a program's answer.
    """

    language: str
    values: Mapping[str, RefValue]
    now: datetime | None
    time_zone: str
    spoken: bool
    depth: int = 0


class Texts:
    """All our texts. Frozen once read; safe to share between threads."""

    def __init__(self, by_key: Mapping[str, Text]) -> None:
        self._by_key = dict(by_key)

    @classmethod
    def read(cls, files: Mapping[str, str]) -> "Texts":
        """Read files, by name (`call.toml`), from their TOML; InvalidTexts tells every fault."""
        return cls(read_texts(files))

    def __iter__(self) -> Iterator[Text]:
        return iter(self._by_key.values())

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def text(self, key: str) -> Text:
        """Return the text with this key; MissingText where there is none."""
        try:
            return self._by_key[key]
        except KeyError:
            raise MissingText(f"there is no text “{key}”") from None

    def language_of(self, key: str, language: str) -> str:
        """Tell in which language a sentence comes when it is asked for in this one."""
        text = self.text(key)
        for code in FALL_BACK.get(language, UNKNOWN_LANGUAGE):
            if text.parts(code) is not None:
                return code
        raise MissingText(f"“{key}” has no words in any language")

    def render(self, message: Message, *, now: datetime, time_zone: str, spoken: bool) -> str:
        """Fill a sentence, for a voice or for the eye; an SMS comes in GSM-7 and as one SMS.

        MissingText names what is not there. `now` is aware, `time_zone` the desk's.
        """
        values = dict(message.values)
        setting = _Setting(message.language, values, now, time_zone, spoken)
        if self.text(message.key).medium is Medium.SMS:
            return self._sms(message.key, setting)
        return self._filled(message.key, setting)

    def write(self, message: MessageRef, language: str) -> str:
        """Fill a message for somebody who runs the product; MissingText names what is not there.

        Moments are written in full, in the zone that they have, and signs that a terminal
        would obey are shown by their code.
        """
        values = dict(message.values)
        setting = _Setting(language, values, now=None, time_zone="", spoken=False)
        return self._filled(message.key, setting)

    def tell(self, message: MessageRef, language: str, *, now: datetime, time_zone: str) -> str:
        """Fill a message for a page: moments are told as seen from now, in this zone."""
        setting = _Setting(language, dict(message.values), now, time_zone, spoken=False)
        return self._filled(message.key, setting)

    def _sms(self, key: str, setting: _Setting) -> str:
        plain = {name: _sendable(value) for name, value in setting.values.items()}
        setting = _with_values(setting, plain)
        written = to_gsm7(self._filled(key, setting))
        for name in self._may_be_shortened(key, setting.language):
            too_much = gsm7_length(written) - ONE_SMS
            if too_much > 0:
                value = self._plain(setting.values[name], setting)
                short = shortened(value, gsm7_length(value) - too_much)
                setting = _with_values(setting, {**setting.values, name: short})
                written = to_gsm7(self._filled(key, setting))
        return written

    def _may_be_shortened(self, key: str, language: str) -> tuple[str, ...]:
        return tuple(part.name for part in self._parts(key, language) if part.form is Form.SHORT)

    def _parts(self, key: str, language: str) -> Parts:
        return self.text(key).parts(self.language_of(key, language)) or ()

    def _filled(self, key: str, setting: _Setting) -> str:
        if setting.depth > DEEPEST:
            raise MissingText(f"“{key}” holds itself")
        return "".join(
            part.words + (self._value(key, part, setting) if part.name else "")
            for part in self._parts(key, setting.language)
        )

    def _value(self, key: str, part: TextPart, setting: _Setting) -> str:
        value = setting.values.get(part.name)
        if value == TICKET_NUMBER:
            return NOT_YET
        if value is not None and part.form is Form.PLURAL:
            return part.one if value == 1 else part.other
        if value is not None:
            return self._in_form(value, part.form, setting)
        match part.form:
            case Form.ASIDE | Form.AFTER:
                return ""
            case Form.AGREED:
                return self._named("not_agreed", setting)
            case _:
                raise MissingText(f"“{key}” ({setting.language}) needs a value for “{part.name}”")

    def _in_form(self, value: RefValue, form: Form, setting: _Setting) -> str:
        if isinstance(value, tuple):
            return self._listed(value, form, setting)
        plain = self._plain(value, setting, Today.CLOCK if form is Form.BY else Today.DAY)
        match form:
            case Form.DIGITS if setting.spoken and plain.isdigit():
                return digit_by_digit(plain)
            case Form.PAIRS if plain.lstrip("+").isdigit():
                return in_pairs(plain)
            case Form.INSIDE:
                return _inside(plain)
            case Form.ASIDE:
                return f" ({plain})" if plain else ""
            case Form.AFTER:
                return f": {plain}" if plain else ""
            case Form.ADDRESS if setting.spoken:
                return self._read_out(plain, setting)
            case _:
                return plain

    def _listed(self, values: tuple[Value, ...], form: Form, setting: _Setting) -> str:
        """Write a list with commas; the word of its form, such as “and”, before the last part."""
        written = [self._plain(value, setting) for value in values]
        if form not in (Form.AND, Form.OR, Form.THEN) or len(written) < 2:
            return ", ".join(written)
        between = self._named(f"list.{form}", setting)
        return f"{', '.join(written[:-1])} {between} {written[-1]}"

    def _plain(self, value: RefValue, setting: _Setting, today: Today = Today.DAY) -> str:
        match value:
            case MessageRef(key, values):
                return self._named(key, _with_values(setting, {**setting.values, **dict(values)}))
            case datetime():
                return self._moment(value, setting, today)
            case tuple():
                return self._listed(value, Form.PLAIN, setting)
            case float():
                written = f"{value:.1f}"
                return written if setting.language == "en" else written.replace(".", ",")
            case str() if setting.now is None:
                return _visible(value)
            case _:
                return str(value)

    def _moment(self, at: datetime, setting: _Setting, today: Today) -> str:
        if setting.now is None:
            return f"{at:%Y-%m-%d %H:%M}"
        message = moment(
            at, setting.now, setting.time_zone, setting.language, today, spoken=setting.spoken
        )
        return self._filled(message.key, _with_values(setting, dict(message.values)))

    def _named(self, key: str, setting: _Setting) -> str:
        if key not in self._by_key:  # a holiday of a country whose names we have not written
            return key.rpartition(".")[2].replace("_", " ")
        return self._filled(key, setting)

    def _read_out(self, address: str, setting: _Setting) -> str:
        bare = re.sub(r"^https?://(www\.)?|/$", "", address)
        return re.sub(
            r"[./-]",
            lambda sign: f" {self._named(f'address.{ADDRESS_SIGNS[sign[0]]}', setting)} ",
            bare,
        )


def _with_values(setting: _Setting, values: Mapping[str, RefValue]) -> _Setting:
    return _Setting(
        setting.language, values, setting.now, setting.time_zone, setting.spoken, setting.depth + 1
    )


def _visible(text: str) -> str:
    """Show what cannot be seen by its code: a terminal obeys some of it."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in text)


def _sendable(value: RefValue) -> RefValue:
    """Write what comes from outside, such as a customer's name, in the alphabet of SMS."""
    if not isinstance(value, str):
        return value
    lost = not to_gsm7(value) and any(sign.isalnum() for sign in value)
    return UNWRITABLE if lost else to_gsm7(value)


def _inside(words: str) -> str:
    """Write a name inside a sentence: `Høg` as `høg`, `IKT` and `Nivå A` kept readable."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
