"""Planned gaps in a document: days and hours in one text, three ways to name the days."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from app.domain.config.calendar_part import days_of, parse_hours
from app.domain.config.table_reader import TableReader
from app.domain.roster.planned_gaps import PlannedGap, PlannedGaps
from app.domain.time.calendars import YearlyDay, parse_yearly_day

KEY: Final = "planned_gaps"
DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
WRITTEN_AS: Final = (
    "write its days and hours: “monday-friday 06:00-07:00”, “12-24 12:00-15:30” for every year,"
    " or “2026-12-24 12:00-15:30” for once"
)


def planned_gaps(part: TableReader, time_zone: str) -> PlannedGaps:
    """Read the hours that are meant to be left to nobody."""
    return PlannedGaps(time_zone, tuple(_gaps(part)))


def _gaps(part: TableReader) -> Iterator[PlannedGap]:
    seen: set[PlannedGap] = set()
    for index, text in enumerate(part.texts(KEY)):
        place = (*part.path, KEY, index)
        try:
            gap = parse_gap(text)
        except ValueError as wrong:
            part.document.error(place, "bad_gap", str(wrong))
            continue
        if gap in seen:
            part.document.warn(place, "gap_twice", f"“{text}” stands here already")
        seen.add(gap)
        yield gap


def parse_gap(text: str) -> PlannedGap:
    """Read one planned gap; ValueError says why it is none."""
    day, _, hours = text.partition(" ")
    days = days_of(day) or _date(day) or _yearly(day)
    if days is None or not hours.strip():
        raise ValueError(f"“{text}” is no planned gap: {WRITTEN_AS}")
    try:
        start, end = parse_hours(hours.strip())
    except ValueError as wrong:
        raise ValueError(f"the planned gap “{text}”: {wrong}") from None
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
