"""Words that a desk gives in several languages, and how long they take to hear."""

from typing import Final

from app.domain.config.table_reader import TableReader
from app.domain.message_refs import ref
from app.domain.texts.localized_text import LocalizedText
from app.domain.texts.text_parts import LANGUAGES
from app.domain.toml_positions import TomlValue

# How many signs a voice reads in a second, spaces counted: espeak-ng reads the shipped
# definitions at 14 (the slowest, in Norwegian) to 18 (English).
SIGNS_A_SECOND: Final = 14.0
SPOKEN_SECONDS: Final = 6.0
# The whisper names the desk, says "critical" and asks for a key within five seconds.
LONGEST_SPOKEN_NAME: Final = 30


def spoken_seconds(text: str) -> float:
    """Estimate how long a voice needs for a text, in seconds."""
    return len(text) / SIGNS_A_SECOND


def words(
    table: TableReader, key: str, languages: tuple[str, ...], *, needed: bool = True
) -> LocalizedText:
    """Return the key's words: one text for every language, or one for each of `languages`."""
    if not (table.needs(key) if needed else table.has(key)):
        return LocalizedText()
    value = table.values[key]
    if isinstance(value, dict):
        return _each_language(
            TableReader(table.document, (*table.path, key), value), key, languages
        )
    text = table.text_at(key, value)
    return LocalizedText(
        tuple((language, text) for language in languages or LANGUAGES) if text else ()
    )


def _each_language(table: TableReader, key: str, languages: tuple[str, ...]) -> LocalizedText:
    found: list[tuple[str, str]] = []
    for language in LANGUAGES:
        if table.has(language):
            found.append((language, table.text(language)))
        elif language in languages:
            table.document.error(
                table.path,
                ref("diagnostic.missing_language", key=key, language=language),
            )
    table.close()
    return LocalizedText(tuple((language, text) for language, text in found if text))


def spoken_words(
    table: TableReader, key: str, languages: tuple[str, ...], *, needed: bool = True
) -> LocalizedText:
    """Return words that are read to a caller: at most six seconds in every language."""
    found = words(table, key, languages, needed=needed)
    for language, text in found.by_language:
        seconds = spoken_seconds(text)
        if seconds > SPOKEN_SECONDS:
            table.error(
                key,
                ref(
                    "diagnostic.spoken_too_long",
                    key=key,
                    language=language,
                    seconds=seconds,
                    most=int(SPOKEN_SECONDS),
                    characters=int(SPOKEN_SECONDS * SIGNS_A_SECOND),
                ),
            )
    return found


def spoken_name(table: TableReader, key: str, languages: tuple[str, ...]) -> LocalizedText:
    """Return a name as it is spoken, short enough for the first sentence of a whisper."""
    found = words(table, key, languages)
    for language, text in found.by_language:
        if len(text) > LONGEST_SPOKEN_NAME:
            table.error(
                key,
                ref(
                    "diagnostic.name_too_long.spoken",
                    key=key,
                    language=language,
                    count=len(text),
                    most=LONGEST_SPOKEN_NAME,
                ),
            )
    return found


def language(table: TableReader, key: str, value: TomlValue, index: int | None = None) -> str:
    """Return a language that the product speaks, or "" after noting that it does not."""
    text = table.text_at(key, value, index)
    if text and text not in LANGUAGES:
        path = (*table.path, key) if index is None else (*table.path, key, index)
        table.document.error(
            path, ref("diagnostic.unknown_language", text=text, languages=LANGUAGES)
        )
        return ""
    return text
