"""Holidays that are shared out, as somebody types them: `Jul: 24.12 – 26.12`, one on each line."""

import re
from datetime import date
from typing import Final

from app.domain.config.clean_text import cleaned
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.rotation import HolidayPeriod
from app.domain.time.calendars import YearlyDay
from app.domain.time.parsing import LONGEST_SHOWN
from app.domain.time.typed_days import TimeField
from app.domain.time.typed_parts import read_typed_day

Day = YearlyDay | date

MOST_LINES: Final = 60
LEAP_YEAR: Final = 2024  # which has every date that there is
BETWEEN: Final = re.compile(r"\s+(?:[-–—]|til|to)\s+")
FEAST: Final = re.compile(r"(påske|easter|pinse|pentecost)\s*(?:([+\-−–])\s*(\d{1,2}))?")
YEARLY: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.?")
AWAY_FROM_EASTER: Final = {"påske": 0, "easter": 0, "pinse": 49, "pentecost": 49}


def read_typed_holidays(text: str, field: TimeField) -> tuple[HolidayPeriod, ...] | MessageRef:
    """Read every line; or say what is wrong with the first that is none."""
    lines = [line for line in (cleaned(each) for each in text.splitlines()) if line]
    if not lines or len(lines) > MOST_LINES:
        return ref("typed_holidays.none", most=MOST_LINES)
    found: list[HolidayPeriod] = []
    for line in lines:
        period = _period(line, field)
        if period is None:
            return ref("typed_holidays.not_read", text=line[:LONGEST_SHOWN])
        found.append(period)
    return tuple(found)


def typed_holidays(periods: tuple[HolidayPeriod, ...]) -> str:
    """Write holidays as they are typed."""
    return "\n".join(_typed(each) for each in periods)


def _typed(period: HolidayPeriod) -> str:
    first, last = _typed_day(period.first), _typed_day(period.last)
    return f"{period.name}: {first}" if first == last else f"{period.name}: {first} – {last}"


def _typed_day(day: Day) -> str:
    if isinstance(day, date):
        return f"{day:%d.%m.%Y}"
    if day.from_easter is None:
        return f"{day.day}.{day.month}"
    return f"påske{day.from_easter:+d}" if day.from_easter else "påske"


def _period(line: str, field: TimeField) -> HolidayPeriod | None:
    name, colon, days = line.partition(":")
    ends = BETWEEN.split(days.strip().casefold())
    if not (name.strip() and colon) or len(ends) > 2:
        return None
    first, last = _day(ends[0], field), _day(ends[-1], field)
    if first is None or last is None or isinstance(first, date) is not isinstance(last, date):
        return None
    return HolidayPeriod(name.strip(), first, last)


def _day(text: str, field: TimeField) -> Day | None:
    if feast := FEAST.fullmatch(text):
        away = int(feast[3] or 0) * (1 if feast[2] == "+" else -1)
        return YearlyDay(from_easter=AWAY_FROM_EASTER[feast[1]] + away)
    if yearly := YEARLY.fullmatch(text):
        on = YearlyDay(int(yearly[2]), int(yearly[1]))
        return on if on.in_year(LEAP_YEAR) else None
    day = read_typed_day(text, field)
    return day if isinstance(day, date) else None
