"""Which day a typed text means: said in words, by a date, by a weekday, or by the field it is in.

What is said twice must agree. How the text is taken apart is typed_readings.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef, Value, ref
from app.domain.reasons import TypedMomentCode, because
from app.domain.time.parsing import FIRST_YEAR, LAST_YEAR
from app.domain.time.typed_readings import DayAndMonth, Reading
from app.domain.time.wall_time import WEEKDAY_CODES

A_DAY: Final = timedelta(days=1)
UNTIL_LEAP_DAY: Final = 9  # years, as from 2096 to 2104


class TypingRefused(Exception):
    """What was typed is not one moment; `reason` says why, and what to type."""

    def __init__(self, code: TypedMomentCode, **values: Value) -> None:
        super().__init__(code)
        self.reason = because(code, **values)


@dataclass(frozen=True, slots=True)
class TimeField:
    """What a text is read against: now, the zone, and what is meant where the text does not say.

    `day` is the day of a time without one: today, if it is not given. In the field of an end
    `start` is known; what is not said is then the first such time after it. `answer` is that to
    the question which of two is meant: `first` or `second`.
    """

    now: datetime
    time_zone: str
    day: date | None = None
    start: datetime | None = None
    answer: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The zone on whose wall the times are."""
        return ZoneInfo(self.time_zone)

    @property
    def today(self) -> date:
        """The day that it is."""
        return self.now.astimezone(self.zone).date()

    @property
    def first_day(self) -> date:
        """The day on which a time without one is, and from which a day is looked for."""
        if self.start:
            return self.start.astimezone(self.zone).date()
        return self.day or self.today


def days_meant(reading: Reading, field: TimeField) -> Iterator[date]:
    """The days that the reading can mean, the first one first."""
    first = field.first_day
    if reading.date:
        yield _date(reading.date, first)
    elif reading.relative is not None:
        yield field.today + reading.relative * A_DAY
    elif reading.weekday is not None:
        this_week = first + (reading.weekday - first.weekday()) % 7 * A_DAY
        yield from (this_week, this_week + 7 * A_DAY)
    else:
        yield from (first, first + A_DAY) if field.start else (first,)


def _date(typed: DayAndMonth, first: date) -> date:
    """The date as it is typed; without a year the first such date from a day on."""
    years = range(first.year, first.year + UNTIL_LEAP_DAY) if typed.year is None else (typed.year,)
    for year in years:
        check_year(year)
        try:
            day = date(year, typed.month, typed.day)
        except ValueError:  # 29 February of another year, or no date at all
            continue
        if typed.year or day >= first:
            return day
    raise TypingRefused(TypedMomentCode.NO_SUCH_DATE, text=typed.text)


def check_agreement(reading: Reading, day: date, field: TimeField) -> None:
    """Refuse a day that is named twice and differently: `i morgen` that is no Friday."""
    if reading.relative is not None and day != field.today + reading.relative * A_DAY:
        raise TypingRefused(TypedMomentCode.OTHER_DAY, date=day_text(day))
    if reading.weekday is not None and day.weekday() != reading.weekday:
        is_one = MessageRef(f"weekday.{WEEKDAY_CODES[day.weekday()]}")
        raise TypingRefused(TypedMomentCode.OTHER_WEEKDAY, date=day_text(day), weekday=is_one)


def check_year(year: int) -> None:
    """Refuse a year of which nobody asks."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise TypingRefused(TypedMomentCode.YEAR_TOO_FAR, first=FIRST_YEAR, last=LAST_YEAR)


def day_text(day: date) -> MessageRef:
    """Write a date in the reader's language."""
    month = MessageRef(f"month_short.{day.month}")
    return ref("full_day", day=day.day, month=month, year=day.year)
