"""How moments and numbers are written for the eye: in transcripts and by commands."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.numbers import NORWAY, in_pairs
from app.domain.time.weekdays import SHORT_WEEKDAYS

ZONE_OF_NOBODY: Final = "Europe/Oslo"  # of a call to a number that no desk has
# fmt: off
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun",
                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# fmt: on
SECOND_TIME: Final = " (second)"  # a wall time that comes twice, its second occurrence


def moment_text(at: datetime, time_zone: str) -> str:
    """Write an instant as the wall shows it: `Sat 21 Nov 2026 23:10`."""
    local = at.astimezone(ZoneInfo(time_zone))
    day = f"{SHORT_WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{day} {local:%H:%M}{SECOND_TIME if local.fold else ''}"


def spaced(digits: str) -> str:
    """Write a number for the eye: `+47 49 00 00 11`."""
    return f"{NORWAY} {in_pairs(digits)}" if digits.startswith(NORWAY) else in_pairs(digits)
