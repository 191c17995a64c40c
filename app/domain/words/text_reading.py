"""Reads the texts from TOML, all faults at once. The files' text is passed in.

A table of tables groups texts, `[priority.high]`; any other table is a text.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Final

from app.domain.documents.toml_positions import parse_toml
from app.domain.words.text_parts import LANGUAGES, Medium, Parts, Text, take_apart

FIELDS: Final = frozenset({*LANGUAGES, "seconds", "keys", "long_because"})
MEDIA: Final = {"call": Medium.VOICE, "whisper": Medium.VOICE, "sms": Medium.SMS}

Table = Mapping[str, object]


class TextsRefused(ValueError):
    """The texts cannot be used; `faults` tells every reason, each with its file and key."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_texts(files: Mapping[str, str]) -> dict[str, Text]:
    """Read the texts of all files, by key; TextsRefused with every fault at once."""
    texts: dict[str, Text] = {}
    faults: list[str] = []
    for file, content in files.items():
        for key, table in _tables(file, content, faults):
            if key in texts:
                faults.append(f"{file}: {key}: the key stands in another file as well")
            texts[key] = _text(file, key, table, faults)
    if faults:
        raise TextsRefused(tuple(faults))
    return texts


def _tables(file: str, content: str, faults: list[str]) -> Iterator[tuple[str, Table]]:
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError:
        mistake = parse_toml(content).mistakes[0]
        faults.append(f"{file}:{mistake.position.line}: {mistake.message}")
        return
    yield from _grouped(file, "", document, faults)


def _grouped(file: str, above: str, table: Table, faults: list[str]) -> Iterator[tuple[str, Table]]:
    for name, value in table.items():
        key = f"{above}{name}"
        if not isinstance(value, dict):
            faults.append(f"{file}: {key}: stands outside every text")
        elif value and all(isinstance(each, dict) for each in value.values()):
            yield from _grouped(file, f"{key}.", value, faults)
        else:
            yield key, value


def _text(file: str, key: str, table: Table, faults: list[str]) -> Text:
    at = f"{file}: {key}"
    for field in table.keys() - FIELDS:
        faults.append(f"{at}: the field “{field}” is unknown")
    by_language = tuple(
        (language, _parts(f"{at}: {language}", table[language], faults))
        for language in LANGUAGES
        if language in table
    )
    if not by_language:
        faults.append(f"{at}: has no words in any language")
    return Text(
        key,
        MEDIA.get(file.removesuffix(".toml"), Medium.READ),
        by_language,
        _seconds(at, table, faults),
        _words(at, table, "keys", faults),
        _words(at, table, "long_because", faults),
    )


def _parts(at: str, words: object, faults: list[str]) -> Parts:
    if not isinstance(words, str) or not words.strip():
        faults.append(f"{at}: has no words")
        return ()
    try:
        return take_apart(words)
    except ValueError as error:
        faults.append(f"{at}: {error}")
        return ()


def _seconds(at: str, table: Table, faults: list[str]) -> float | None:
    seconds = table.get("seconds")
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        faults.append(f"{at}: seconds is a number above 0")
        return None
    return float(seconds)


def _words(at: str, table: Table, field: str, faults: list[str]) -> str:
    words = table.get(field, "")
    if isinstance(words, str):
        return words
    faults.append(f"{at}: {field} is a text in quotation marks")
    return ""
