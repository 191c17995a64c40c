"""Reads the texts from TOML, all diagnostics at once. The files' text is passed in.

A table of tables groups texts, `[priority.high]`; any other table is a text.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Final

from app.domain.texts.text_parts import LANGUAGES, Medium, Parts, Text, take_apart

FIELDS: Final = frozenset({*LANGUAGES, "seconds", "keys", "long_because"})
MEDIA: Final = {"call": Medium.VOICE, "whisper": Medium.VOICE, "sms": Medium.SMS}

Table = Mapping[str, object]


class InvalidTexts(ValueError):
    """The texts cannot be used; `diagnostics` tells every reason, each with its file and key."""

    def __init__(self, diagnostics: tuple[str, ...]) -> None:
        super().__init__("\n".join(diagnostics))
        self.diagnostics = diagnostics


def read_texts(files: Mapping[str, str]) -> dict[str, Text]:
    """Read the texts of all files, by key; InvalidTexts with every diagnostic at once."""
    texts: dict[str, Text] = {}
    diagnostics: list[str] = []
    for file, content in files.items():
        for key, table in _tables(file, content, diagnostics):
            if key in texts:
                diagnostics.append(f"{file}: {key}: the key stands in another file as well")
            texts[key] = _text(file, key, table, diagnostics)
    if diagnostics:
        raise InvalidTexts(tuple(diagnostics))
    return texts


def _tables(file: str, content: str, diagnostics: list[str]) -> Iterator[tuple[str, Table]]:
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        diagnostics.append(f"{file}: {error}")
        return
    yield from _grouped(file, "", document, diagnostics)


def _grouped(
    file: str, above: str, table: Table, diagnostics: list[str]
) -> Iterator[tuple[str, Table]]:
    for name, value in table.items():
        key = f"{above}{name}"
        if not isinstance(value, dict):
            diagnostics.append(f"{file}: {key}: stands outside every text")
        elif value and all(isinstance(each, dict) for each in value.values()):
            yield from _grouped(file, f"{key}.", value, diagnostics)
        else:
            yield key, value


def _text(file: str, key: str, table: Table, diagnostics: list[str]) -> Text:
    at = f"{file}: {key}"
    for field in table.keys() - FIELDS:
        diagnostics.append(f"{at}: the field “{field}” is unknown")
    by_language = tuple(
        (language, _parts(f"{at}: {language}", table[language], diagnostics))
        for language in LANGUAGES
        if language in table
    )
    if not by_language:
        diagnostics.append(f"{at}: has no words in any language")
    return Text(
        key,
        MEDIA.get(file.removesuffix(".toml"), Medium.READ),
        by_language,
        _seconds(at, table, diagnostics),
        _words(at, table, "keys", diagnostics),
        _words(at, table, "long_because", diagnostics),
    )


def _parts(at: str, words: object, diagnostics: list[str]) -> Parts:
    if not isinstance(words, str) or not words.strip():
        diagnostics.append(f"{at}: has no words")
        return ()
    try:
        return take_apart(words)
    except ValueError as error:
        diagnostics.append(f"{at}: {error}")
        return ()


def _seconds(at: str, table: Table, diagnostics: list[str]) -> float | None:
    seconds = table.get("seconds")
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        diagnostics.append(f"{at}: seconds is a number above 0")
        return None
    return float(seconds)


def _words(at: str, table: Table, field: str, diagnostics: list[str]) -> str:
    words = table.get(field, "")
    if isinstance(words, str):
        return words
    diagnostics.append(f"{at}: {field} is a text in quotation marks")
    return ""
