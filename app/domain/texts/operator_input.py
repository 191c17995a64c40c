"""WHEN and KEYS as operators write them: text in, values or plain words out.

Nothing is asked of a clock or a calendar here.
"""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageError, ref
from app.domain.time.parsing import FIRST_YEAR, LAST_YEAR, NotAMoment, instant_of, read_moment

# A plus sign that a query string has turned into a space: 23:10:00 01:00.
LOST_PLUS: Final = re.compile(
    r"(T[0-9]{2}[:.]?[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?) ([0-9]{2}:?[0-9]{2})$"
)
KEYS_AT_MOST: Final = 100
ONE_ANSWER: Final = re.compile(r"-|hangup|(?:speak|noise) [0-9]{1,3}|[0-9*]{1,20}#?|#")


def read_when(text: str, time_zone: str) -> datetime:
    """Read a moment; without an offset it is the wall time of `time_zone`, the first of two.

    Returns UTC. NotAMoment in plain words, also for a wall time that does not exist there.
    """
    at = check_when(text)
    return instant_of(at, ZoneInfo(time_zone))


def check_when(text: str) -> datetime:
    """Read a moment whose time zone is not known yet; NotAMoment in plain words."""
    at = read_moment(LOST_PLUS.sub(r"\1+\2", text.strip()))
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise NotAMoment(ref("moment.year", first=FIRST_YEAR, last=LAST_YEAR, year=at.year))
    return at


def read_keys(text: str) -> tuple[str, ...]:
    """Read the caller's answers, one per prompt: `1001#,1,1`, `-` for silence.

    After a tone `speak 20` speaks for 20 seconds, and on `noise 20` only the line is heard;
    `hangup` hangs up. MessageError says what to write.
    """
    keys = tuple(key.strip() for key in text.split(",")) if text.strip() else ()
    return check_keys(keys)


def check_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the answers as they are; MessageError for one that is none."""
    if len(keys) > KEYS_AT_MOST:
        raise MessageError(ref("answers.too_many", most=KEYS_AT_MOST))
    for key in keys:
        if not ONE_ANSWER.fullmatch(key) or not key.isascii():
            raise MessageError(ref("answers.no_answer", text=key[:20]))
    return keys
