"""The lifeline: what a caller gets when something inside has failed. Needs no database.

It says sorry and rings the desk's last resort, else its first line, with press 1. What it
needs stands in a file that is written at each import; its state lives in its URLs, the one
exception to the rule that state is a row.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog

from app.domain.desks.desk import Desk
from app.domain.roster.on_duty import Roster
from app.domain.texts.message import Message
from app.gateways.twilio.addresses import Addresses
from app.gateways.twilio.speech import Texts, say
from app.gateways.twilio.twiml import (
    CONNECT,
    HANGUP,
    SHORTEST_DIAL,
    SILENCE_ENDS_RECORDING,
    bridge_from_queue,
)
from app.gateways.twilio.xml import document, verb, words

RING_SECONDS: Final = 25
TALK_SECONDS: Final = 7200
WHISPER_SECONDS: Final = 8
ACCEPT: Final = "1"
REPEAT: Final = "*"
OTHER_LANGUAGE: Final = "nb"
MESSAGE_SECONDS: Final = 180
WORDS: Final = ("language", "sorry", "ringing", "nobody", "whisper", "thanks")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LineFallback:
    """What one line's callers need when everything else has failed, words and all."""

    language: str
    sorry: str
    ringing: str
    nobody: str
    whisper: str
    thanks: str = ""
    last_resort: tuple[str, ...] = ()


@dataclass(slots=True)
class Lifeline:
    """The file's ropes by line, read again when the file is a new one.

    `otherwise` serves lines that nobody knows, and all of them where there is no file.
    """

    path: Path
    otherwise: LineFallback
    _fallbacks: Mapping[str, LineFallback] = field(default_factory=dict, init=False, repr=False)
    _read_at: tuple[int, int, int] | None = field(default=None, init=False, repr=False)

    def fallback(self, line: str) -> LineFallback:
        """Return what this line's callers get; never fails."""
        try:
            found = self.path.stat()
            mark = (found.st_ino, found.st_mtime_ns, found.st_size)
            if mark != self._read_at:
                self._fallbacks, self._read_at = _read(self.path), mark
        except Exception:  # no file, or any broken one: what was read before still holds
            log.warning("lifeline_unreadable", file=str(self.path), exc_info=True)
        return self._fallbacks.get(line, self.otherwise)


def answer(fallback: LineFallback, to: str, addresses: Addresses, tried: int = 0) -> str:
    """Say sorry and ring who is left; where there is none left, say so and take a message."""
    if tried >= len(fallback.last_resort):
        sorry = say(fallback.sorry, fallback.language) if tried == 0 else ""
        record = verb(
            "Record",
            action=addresses.lifeline("message"),
            method="POST",
            timeout=SILENCE_ENDS_RECORDING,
            maxLength=MESSAGE_SECONDS,
            finishOnKey="#",
            playBeep=True,
        )
        nobody = say(fallback.nobody, fallback.language)
        return document(sorry, nobody, record if fallback.thanks else "", HANGUP)
    first = say(fallback.sorry, fallback.language) if tried == 0 else ""
    number = verb(
        "Number",
        words(fallback.last_resort[tried]),
        url=addresses.lifeline("whisper"),
        method="POST",
    )
    dial = verb(
        "Dial",
        number,
        action=addresses.lifeline(f"ring/{tried + 1}"),
        method="POST",
        timeout=max(RING_SECONDS, SHORTEST_DIAL),
        timeLimit=TALK_SECONDS,
        callerId=to,
    )
    return document(first, say(fallback.ringing, fallback.language), dial)


def after_ring(
    fallback: LineFallback, to: str, addresses: Addresses, tried: int, talked: bool
) -> str:
    """Go on after a ring: the talk has ended, or the next one is rung."""
    return document(HANGUP) if talked else answer(fallback, to, addresses, tried)


def message_taken(fallback: LineFallback) -> str:
    """Thank for the message and hang up."""
    return document(say(fallback.thanks, fallback.language), HANGUP)


def whisper(fallback: LineFallback, key_address: str) -> str:
    """Ask whoever answers for key 1; silence hangs up, so that no voicemail takes the call."""
    gather = verb(
        "Gather",
        say(fallback.whisper, fallback.language),
        input="dtmf",
        action=key_address,
        method="POST",
        timeout=WHISPER_SECONDS,
        numDigits=1,
        finishOnKey="",
    )
    return document(gather, HANGUP)


def key_pressed(key: str, fallback: LineFallback, key_address: str, queue: str = "") -> str:
    """Connect on 1, whatever has failed behind us; `queue` names where the caller waits."""
    if key == ACCEPT:
        return bridge_from_queue(queue, TALK_SECONDS) if queue else CONNECT
    return whisper(fallback, key_address) if key == REPEAT else document(HANGUP)


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


def last_resort_of(desk: Desk, roster: Roster | None) -> tuple[str, ...]:
    """Return whom the lifeline rings, in order: the last resort, else the first line."""
    if roster and roster.last_resort_numbers:
        return roster.last_resort_numbers
    return tuple(dict.fromkeys(phone.number for phone in desk.first_line.phones))


def write_lifeline(
    desks: Iterable[tuple[Desk, Roster | None]], texts: Texts, path: Path, now: datetime
) -> None:
    """Write every line's line fallback, in one move: a reader sees the old file or the new one."""
    fallbacks: dict[str, dict[str, Any]] = {}
    for desk, roster in desks:
        for line in desk.lines:
            language = line.languages[0] if line.languages else OTHER_LANGUAGE
            name = desk.spoken_name.in_language(language) or desk.name
            fallback = line_fallback_of(texts, language, now, name, desk.time_zone)
            fallbacks[line.number] = asdict(fallback) | {
                "last_resort": list(last_resort_of(desk, roster))
            }
    _write(path, {"written_at": now.isoformat(), "lines": fallbacks})


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path) -> Mapping[str, LineFallback]:
    lines: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["lines"]
    return {
        number: LineFallback(
            **{name: str(fallback.get(name, "")) for name in WORDS},
            last_resort=tuple(str(each) for each in fallback["last_resort"]),
        )
        for number, fallback in lines.items()
    }
