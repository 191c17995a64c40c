"""Wall time to instants: the two readings of a time that comes twice or never.

Only the hours and the roster ask. Nothing here knows a calendar or a clock.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY_CODES: Final = tuple(name[:3] for name in WEEKDAYS)  # mon: in reasons, and keys of texts
SHORT_WEEKDAYS: Final = tuple(code.capitalize() for code in WEEKDAY_CODES)  # Mon


MINUTES_A_DAY = 1440
CLOCK_TEXT: Final = r"[0-9]{1,2}[:.][0-9]{2}|[0-9]{4}"  # as people write it: 8:00, 08.00, 0800
CLOCK: Final = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})|([0-9]{2})([0-9]{2})")


def parse_clock(text: str) -> int:
    """Minutes since midnight of "08:00", also written "08.00" or "0800"; "24:00" is 1440.

    Anything else raises ValueError.
    """
    found = CLOCK.fullmatch(text)
    if not found:
        raise ValueError(f"not a clock time: {text!r}")
    hours, minutes = int(found[1] or found[3]), int(found[2] or found[4])
    minute = hours * 60 + minutes
    if minutes > 59 or minute > MINUTES_A_DAY:
        raise ValueError(f"not a clock time: {text!r}")
    return minute


def clock(minute: int) -> str:
    """Minutes since midnight as "08:00"; past midnight is the next day's clock."""
    if minute == MINUTES_A_DAY:
        return "24:00"
    hours, minutes = divmod(minute % MINUTES_A_DAY, 60)
    return f"{hours:02d}:{minutes:02d}"


def wall(day: date, minute: int) -> datetime:
    """The naive wall time that many clock minutes after a date's midnight."""
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def starts_at(wall_time: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall time read as a start.

    The first occurrence of one that comes twice, the first existing instant of one that is skipped.
    """
    return _instant(wall_time, zone, fold=0)


def gap_around(wall_time: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """From which wall time to which the clocks are put forward over this one; None if not."""
    first = wall_time.replace(tzinfo=zone)
    second = first.replace(fold=1)
    before, after = zone.utcoffset(first), zone.utcoffset(second)
    if before is None or after is None or before >= after:
        return None
    to = clock_change_between(second.astimezone(UTC), first.astimezone(UTC), zone).astimezone(zone)
    return to.replace(tzinfo=None) - (after - before), to.replace(tzinfo=None)


def ends_at(wall_time: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall time read as the end of an opening window: the last occurrence."""
    return _instant(wall_time, zone, fold=1)


def _instant(wall_time: datetime, zone: ZoneInfo, fold: int) -> datetime:
    first = wall_time.replace(tzinfo=zone)
    second = first.replace(fold=1)
    before, after = zone.utcoffset(first), zone.utcoffset(second)
    assert before is not None
    assert after is not None
    if before < after:
        return clock_change_between(second.astimezone(UTC), first.astimezone(UTC), zone)
    chosen = after if fold else before
    return (wall_time - chosen).replace(tzinfo=UTC)


def clock_change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two at which the clocks are put forward or back, to the second."""
    old_offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
