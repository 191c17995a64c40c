"""How moments and numbers are written for the eye: on pages, in transcripts, by commands, API."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef, ref
from app.domain.numbers import NORWAY, in_pairs
from app.domain.time.wall_time import SHORT_WEEKDAYS, WEEKDAY_CODES

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


def moment_ref(at: datetime, time_zone: str) -> MessageRef:
    """Write an instant as the wall shows it, in the reader's language: `lør. 21. nov. 2026 …`."""
    local = at.astimezone(ZoneInfo(time_zone))
    return ref(
        "full_moment",
        weekday=MessageRef(f"weekday_short.{WEEKDAY_CODES[local.weekday()]}"),
        day=local.day,
        month=MessageRef(f"month_short.{local.month}"),
        year=local.year,
        hour=f"{local.hour:02}",
        minute=f"{local.minute:02}",
        again=ref("second_time") if local.fold else "",
    )


def day_ref(at: datetime, time_zone: str) -> MessageRef:
    """Write the day of an instant, in the reader's language: `21. nov. 2026`."""
    local = at.astimezone(ZoneInfo(time_zone))
    month = MessageRef(f"month_short.{local.month}")
    return ref("full_day", day=local.day, month=month, year=local.year)


def long_day_ref(day: date) -> MessageRef:
    """Write a date in full, in the reader's language: `lørdag 28. november 2026`."""
    return ref(
        "long_day",
        weekday=MessageRef(f"weekday.{WEEKDAY_CODES[day.weekday()]}"),
        day=day.day,
        month=MessageRef(f"month.{day.month}"),
        year=day.year,
    )


def clock_ref(at: datetime, time_zone: str) -> MessageRef:
    """Write what the clock shows, in the reader's language: `08.00`, in English `08:00`."""
    local = at.astimezone(ZoneInfo(time_zone))
    return ref("when.written.clock", hour2=f"{local.hour:02}", minute2=f"{local.minute:02}")


def spaced(digits: str) -> str:
    """Write a number for the eye: `+47 49 00 00 11`."""
    return f"{NORWAY} {in_pairs(digits)}" if digits.startswith(NORWAY) else in_pairs(digits)
