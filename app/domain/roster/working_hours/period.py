"""A period as somebody writes it: dates, both of them included, or moments; else a month."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.texts.operator_input import read_when
from app.domain.time.intervals import Interval
from app.domain.time.parsing import (
    DATE,
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_SHOWN,
    NotAMoment,
    read_date,
)
from app.domain.time.wall_time import starts_at, wall

LONGEST_DAYS: Final = 400


class WrongPeriod(MessageError):
    """A period that cannot be counted; `field` is "from" or "to"."""

    def __init__(self, field: str, message: MessageRef) -> None:
        super().__init__(message)
        self.field = field


def read_period(from_: str | None, to: str | None, now: datetime, time_zone: str) -> Interval:
    """Read a period on the roster's wall.

    A date stands for the whole day, so the last one is included. What is not given is the
    beginning, or the end, of the month that the other one lies in; without both, of this month.
    """
    zone = ZoneInfo(time_zone)
    starts = _read("from", from_, zone) if from_ else None
    ends = _read("to", to, zone, whole_day=True) if to else None
    near = starts or (ends - timedelta.resolution if ends else now)
    month = near.astimezone(zone).date().replace(day=1)
    starts = starts or _midnight(month, zone)
    ends = ends or _midnight((month + timedelta(days=32)).replace(day=1), zone)
    if ends <= starts:
        raise WrongPeriod("to", ref("working_hours.ends_before_start"))
    if ends - starts > timedelta(days=LONGEST_DAYS):
        raise WrongPeriod("to", ref("working_hours.too_long", days=LONGEST_DAYS))
    return Interval(starts, ends)


def _read(field: str, text: str, zone: ZoneInfo, *, whole_day: bool = False) -> datetime:
    try:
        if not DATE.match(text.strip()):
            raise NotAMoment(ref("working_hours.no_day", text=text[:LONGEST_SHOWN]))
        if not DATE.fullmatch(text.strip()):
            return read_when(text, zone.key)
        day = read_date(text)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            wrong = ref("moment.year", first=FIRST_YEAR, last=LAST_YEAR, year=day.year)
            raise NotAMoment(wrong)
    except NotAMoment as wrong_moment:
        raise WrongPeriod(field, wrong_moment.message) from None
    return _midnight(day + timedelta(days=1 if whole_day else 0), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return starts_at(wall(day, 0), zone)
