"""The one reader of moments, dates and whole numbers that somebody wrote: one meaning, or why not.

Documents, commands and API read with it. Nothing is asked of a clock or a calendar here.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.time.wall_time import CLOCK_TEXT, clock, gap_around, parse_clock, starts_at, wall

DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
NORWEGIAN_DATE: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(.*)")
MOMENT: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]| +)"
    rf"(?P<clock>{CLOCK_TEXT})"
    r"(?::(?P<seconds>[0-5][0-9])(?:\.(?P<fraction>[0-9]{1,6}))?)?"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
OFFSET: Final = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})")
FURTHEST_OFFSET: Final = timedelta(hours=14)  # Kiribati; further is no place on earth
WHOLE: Final = re.compile(r"-?[0-9]{1,19}")
LONGEST_SHOWN: Final = 40
FIRST_YEAR: Final = 2000  # of what people ask about and plan
LAST_YEAR: Final = 2100


class NotAMoment(MessageError):
    """A text that names no moment, or not one alone; the words say what to write."""


def read_whole(text: str) -> int:
    """Read a whole number in the digits 0-9; MessageError says what to write."""
    bare = text.strip()
    if not WHOLE.fullmatch(bare):
        raise MessageError(ref("moment.no_whole_number", text=_shown(text)))
    return int(bare)


def read_date(text: str) -> date:
    """Read 2026-12-24; NotAMoment says what to write."""
    bare = text.strip()
    found = DATE.fullmatch(bare)
    if not found:
        raise NotAMoment(ref("moment.no_date", text=_shown(text), example=_example(bare, "")))
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise NotAMoment(ref("moment.no_such_date", text=bare)) from None


def read_moment(text: str) -> datetime:
    """Read a date and a clock time: 2026-12-24 15:30, also 15.30 or 1530, with an offset or not.

    Aware where an offset is written. NotAMoment says what to write.
    """
    bare = text.strip()
    found = MOMENT.fullmatch(bare)
    if not found or (found["seconds"] and ":" not in found["clock"]):
        raise NotAMoment(_not_read(bare))
    day = read_date(found["day"])
    try:
        minute = parse_clock(found["clock"])
    except ValueError:
        raise NotAMoment(ref("moment.no_such_time", text=bare)) from None
    fraction = timedelta(microseconds=int((found["fraction"] or "0").ljust(6, "0")))
    seconds = timedelta(seconds=int(found["seconds"] or 0))
    try:
        at = wall(day, minute) + seconds + fraction
        return at.replace(tzinfo=UTC) - _offset(found["offset"]) if found["offset"] else at
    except OverflowError:
        raise NotAMoment(ref("moment.beyond_all_time", text=bare)) from None


def instant_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment as a UTC instant: without an offset it is the zone's wall time.

    The first occurrence of one that comes twice; NotAMoment for one that is skipped.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    gap = gap_around(moment, zone)
    if gap:
        from_, to = (clock(each.hour * 60 + each.minute) for each in gap)
        time, day = f"{moment:%H:%M}", f"{moment:%Y-%m-%d}"
        raise NotAMoment(
            ref("moment.skipped", time=time, date=day, zone=zone.key, start=from_, end=to)
        )
    return starts_at(moment, zone)


def _offset(text: str) -> timedelta:
    found = OFFSET.fullmatch(text)
    if not found:  # Z
        return timedelta()
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if ahead > FURTHEST_OFFSET or int(found[3]) > 59:
        raise NotAMoment(ref("moment.no_offset", text=text))
    return ahead if found[1] == "+" else -ahead


def _not_read(text: str) -> MessageRef:
    """Say what to write, with the date that was meant where there is one."""
    if DATE.fullmatch(text):
        return ref("moment.date_alone", text=text)
    return ref("moment.no_moment", text=_shown(text), example=_example(text, " 15:30"))


def _example(text: str, time: str) -> str:
    found = NORWEGIAN_DATE.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12 and 1 <= int(found[1]) <= 31:
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}{time}"
    return f"2026-12-24{time}"


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
