"""Planned gaps in a document: days and hours in one text, three ways to name the days."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from app.domain.config.calendar_part import days_of, parse_hours
from app.domain.config.table_reader import TableReader
from app.domain.desks.planned_gaps import PlannedGap, PlannedGaps
from app.domain.message_refs import MessageError, ref
from app.domain.time.calendars import YearlyDay, parse_yearly_day

KEY: Final = "planned_gaps"
DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


def planned_gaps(part: TableReader, time_zone: str) -> PlannedGaps:
    """Read the hours that are meant to be left to nobody."""
    return PlannedGaps(time_zone, tuple(_gaps(part)))


def _gaps(part: TableReader) -> Iterator[PlannedGap]:
    seen: set[PlannedGap] = set()
    for index, text in enumerate(part.texts(KEY)):
        place = (*part.path, KEY, index)
        try:
            gap = parse_gap(text)
        except MessageError as wrong:
            part.document.error(place, wrong.message)
            continue
        if gap in seen:
            part.document.warn(place, ref("diagnostic.gap_twice", text=text))
        seen.add(gap)
        yield gap


def parse_gap(text: str) -> PlannedGap:
    """Read one planned gap; MessageError says why it is none."""
    day, _, hours = text.partition(" ")
    days = days_of(day) or _date(day) or _yearly(day)
    if days is None or not hours.strip():
        raise MessageError(ref("diagnostic.bad_gap.format", text=text))
    try:
        start, end = parse_hours(hours.strip())
    except MessageError as wrong:
        raise MessageError(ref("diagnostic.bad_gap.hours", text=text, why=wrong.message)) from None
    return PlannedGap(days, start, end, text)


def _date(text: str) -> date | None:
    if not DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _yearly(text: str) -> YearlyDay | None:
    try:
        return parse_yearly_day(text)
    except ValueError:
        return None
