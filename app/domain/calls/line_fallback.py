"""What a line's callers get when everything else has failed: words, and whom to ring."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain.desks.desk import Desk, Line
from app.domain.roster.on_duty import Roster
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message

OTHER_LANGUAGE: Final = "nb"  # of a line that names none


@dataclass(frozen=True, slots=True)
class LineFallback:
    """One line's lifeline, whole: what answers by it asks nobody else."""

    language: str
    sorry: str
    ringing: str
    nobody: str
    whisper: str
    thanks: str = ""
    last_resort: tuple[str, ...] = ()


def line_fallback_of(
    texts: Texts, language: str, now: datetime, desk: str = "", zone: str = "UTC"
) -> LineFallback:
    """Put the lifeline's sentences into one language, without anybody to ring."""

    def told(key: str, **values: str) -> str:
        message = Message(key, language, tuple(values.items()))
        return texts.render(message, now=now, time_zone=zone, spoken=True)

    return LineFallback(
        language=language,
        sorry=told("lifeline_sorry"),
        ringing=told("lifeline_ringing"),
        nobody=told("lifeline_message" if desk else "lifeline_nobody"),
        whisper=told("whisper_lifeline", desk=desk),
        thanks=told("lifeline_taken") if desk else "",  # without a desk nobody would hear it
    )


def line_fallbacks(
    desks: Iterable[tuple[Desk, Roster | None]], texts: Texts, now: datetime
) -> dict[str, LineFallback]:
    """Return every line's fallback by its number."""
    return {
        line.number: replace(
            _in_words(desk, line, texts, now), last_resort=last_resort_of(desk, roster)
        )
        for desk, roster in desks
        for line in desk.lines
    }


def last_resort_of(desk: Desk, roster: Roster | None) -> tuple[str, ...]:
    """Return whom the lifeline rings, in order: the last resort, else the first line."""
    if roster and roster.last_resort_numbers:
        return roster.last_resort_numbers
    return tuple(dict.fromkeys(phone.number for phone in desk.first_line.phones))


def _in_words(desk: Desk, line: Line, texts: Texts, now: datetime) -> LineFallback:
    language = line.languages[0] if line.languages else OTHER_LANGUAGE
    name = desk.spoken_name.in_language(language) or desk.name
    return line_fallback_of(texts, language, now, name, desk.time_zone)
