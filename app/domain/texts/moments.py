"""How an instant is told: the day as seen from now, and the clock, in the desk's zone.

Chooses the sentence and its values; the words are in voice_prompts/names.toml under `when`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.texts.message import Message, MessageRef, Value
from app.domain.time.wall_time import WEEKDAY_CODES

DAYS_BY_WEEKDAY: Final = 6  # beyond that a weekday alone would be this one or the next
DAYS_WITHOUT_YEAR: Final = 300


class Today(StrEnum):
    """What is told of an instant of today: "i dag kl. 16.00", or in "til kl. 16.00" the clock."""

    DAY = "today"
    CLOCK = "clock_of_today"


def moment(
    at: datetime,
    now: datetime,
    time_zone: str,
    language: str,
    today: Today = Today.DAY,
    *,
    spoken: bool,
) -> Message:
    """Tell an instant as day and clock time: "i dag klokka 14 30", or "man. 4. jan. kl. 08.00".

    Both instants are aware; days are counted on the wall of `time_zone`.
    """
    zone = ZoneInfo(time_zone)
    local = at.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    form = "spoken" if spoken else "written"
    weekday = WEEKDAY_CODES[local.weekday()]
    values: dict[str, Value] = {
        "weekday": MessageRef(f"weekday.{weekday}"),
        "weekday_short": MessageRef(f"weekday_short.{weekday}"),
        "day": local.day,
        "month": MessageRef(f"month.{local.month}"),
        "month_short": MessageRef(f"month_short.{local.month}"),
        "year": local.year,
        "clock": MessageRef(f"when.{form}.{_clock(local, spoken)}"),
        "hour": local.hour,
        "minute": local.minute,
        "hour2": f"{local.hour:02}",
        "minute2": f"{local.minute:02}",
    }
    day = today if days == 0 and not spoken else _day(days)
    return Message(f"when.{form}.{day}", language, tuple(values.items()))


def _day(days: int) -> str:
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case _ if 1 < days <= DAYS_BY_WEEKDAY:
            return "weekday"
        case _ if abs(days) <= DAYS_WITHOUT_YEAR:
            return "date"
        case _:
            return "year"


def _clock(local: datetime, spoken: bool) -> str:
    if not spoken:
        return "clock"
    if local.minute == 0:
        return "hour"
    return "first_minutes" if local.minute < 10 else "minute"
