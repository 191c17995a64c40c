"""WHEN and KEYS as operators write them (contract.md): text in, values or plain words out.

Nothing is asked of a clock or a calendar here.
"""

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.time.wall_time import starts_at

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
# A plus sign that a query string has turned into a space: 23:10:00 01:00.
LOST_PLUS: Final = re.compile(r"(T\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?) (\d\d:?\d\d)$")
KEYS_AT_MOST: Final = 100
ONE_ANSWER: Final = re.compile(r"-|hangup|(?:speak|noise) \d{1,3}|[0-9*]{1,20}#?|#")


def read_when(text: str, time_zone: str) -> datetime:
    """Read ISO 8601; without an offset it is the wall time of `time_zone`, read as a start.

    Returns UTC. ValueError in plain words.
    """
    words = LOST_PLUS.sub(r"\1+\2", text.strip())
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        raise ValueError(
            f"“{text[:40]}” is no moment: write it like 2026-11-21T23:10, "
            "with or without an offset such as +01:00"
        ) from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"the year must be from {FIRST_YEAR} to {LAST_YEAR}, not {at.year}")
    return starts_at(at, ZoneInfo(time_zone)) if at.tzinfo is None else at.astimezone(UTC)


def read_keys(text: str) -> tuple[str, ...]:
    """Read the caller's answers, one per prompt: `1001#,1,1`, `-` for silence.

    After a tone `speak 20` speaks for 20 seconds, and on `noise 20` only the line is heard;
    `hangup` hangs up. ValueError in plain words.
    """
    keys = tuple(key.strip() for key in text.split(",")) if text.strip() else ()
    return check_keys(keys)


def check_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the answers as they are; ValueError in plain words for one that is none."""
    if len(keys) > KEYS_AT_MOST:
        raise ValueError(f"at most {KEYS_AT_MOST} answers")
    for key in keys:
        if not ONE_ANSWER.fullmatch(key) or not key.isascii():
            raise ValueError(
                f"“{key[:20]}” is no answer: write keys such as 1 or 1001#, - for silence, "
                "speak 20, or hangup"
            )
    return keys
