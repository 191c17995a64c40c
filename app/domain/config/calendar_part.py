"""A calendar in a document: hours by weekday, holidays, dated exceptions, early closings."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.config.date_part import date_at
from app.domain.config.table_reader import TableReader
from app.domain.message_refs import MessageError, ref
from app.domain.time.calendars import (
    ROUND_THE_CLOCK_ID,
    Calendar,
    DatedException,
    EarlyClosing,
    HolidayPolicy,
    Season,
    Window,
    YearlyDay,
    parse_yearly_day,
)
from app.domain.time.public_holidays import is_known_country
from app.domain.time.wall_time import CLOCK_TEXT, MINUTES_A_DAY, WEEKDAYS, parse_clock

HOURS: Final = re.compile(rf"({CLOCK_TEXT}) ?[-–—] ?({CLOCK_TEXT})( next day)?")
NO_HOLIDAYS: Final = "none"
MONTH_DAY: Final = re.compile(r"(\d\d)-(\d\d)")
# Every month and day that there is, in order: 2024 has a 29 February.
YEAR: Final = tuple(date(2024, 1, 1) + timedelta(days=count) for count in range(366))


def time_zone(top: TableReader) -> str:
    """Read the time zone in which a document's wall times are told."""
    name = top.text("time_zone")
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (LookupError, ValueError, OSError):
        top.error("time_zone", ref("diagnostic.unknown_time_zone", name=name))
        return "UTC"


def calendar(table: TableReader, calendar_id: str, time_zone: str) -> Calendar:
    """Read one calendar; what is wrong is noted and left out."""
    if calendar_id == ROUND_THE_CLOCK_ID:
        table.document.error(table.path, ref("diagnostic.reserved_id", name=calendar_id))
    name = table.text("name", calendar_id)
    holidays = country(table)
    policy = _policy(table, holidays)
    national = None
    if table.has("on_national_days"):
        national = table.choice("on_national_days", HolidayPolicy)
    windows = tuple(_windows(table))
    own_seasons = tuple(_seasons(table))
    has_hours = any(season.windows for season in own_seasons)
    has_hours = has_hours or any(days_of(key) and each for key, each in table.values.items())
    if not windows and not has_hours:
        table.document.error(table.path, ref("diagnostic.never_open"))
    exceptions = tuple(_exceptions(table))
    closings = tuple(_early_closings(table))
    _known_days(table)
    table.close()
    return Calendar(
        id=calendar_id,
        name=name,
        time_zone=time_zone,
        windows=windows,
        holidays=holidays,
        holiday_policy=policy,
        exceptions=exceptions,
        early_closings=closings,
        national_day_policy=national,
        seasons=own_seasons,
    )


def country(table: TableReader) -> str | None:
    """Read whose public holidays count; none for “none”."""
    code = table.text("holidays")
    if not code or code == NO_HOLIDAYS:
        return None
    if is_known_country(code):
        return code
    table.error(
        "holidays",
        ref("diagnostic.unknown_country", country=code),
    )
    return None


def _policy(table: TableReader, country: str | None) -> HolidayPolicy:
    """A10: the sources leave open what a holiday is, so every calendar has to choose."""
    if country is None:
        return table.choice("on_holidays", HolidayPolicy, HolidayPolicy.AS_WEEKDAY)
    if table.has("on_holidays"):
        return table.choice("on_holidays", HolidayPolicy)
    table.document.error(
        table.path,
        ref("diagnostic.no_holiday_choice"),
    )
    return HolidayPolicy.CLOSED


def _windows(table: TableReader) -> Iterator[Window]:
    claimed: dict[int, str] = {}
    for key in table.values:
        days = days_of(key)
        if not days:
            continue
        for day in sorted(days):
            if day in claimed:
                table.error(key, ref("diagnostic.day_twice", day=WEEKDAYS[day], key=claimed[day]))
            claimed[day] = key
        for start, end in hours(table, key):
            yield Window(days, start, end)


def days_of(key: str) -> frozenset[int]:
    """Read "monday", "monday-friday" or "saturday-monday"; nothing for any other key."""
    first, dash, last = key.partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        return frozenset()
    start = WEEKDAYS.index(first)
    count = (WEEKDAYS.index(last) - start) % 7 if dash else 0
    return frozenset((start + step) % 7 for step in range(count + 1))


def _known_days(table: TableReader) -> None:
    """Weekdays count as known keys, also in the hints for a misspelt one."""
    table.asked.update(WEEKDAYS)
    table.asked.add("monday-friday")
    table.asked.update(key for key in table.values if days_of(key))


def hours(table: TableReader, key: str) -> tuple[tuple[int, int], ...]:
    """Read a list of windows in minutes since midnight; an overlap and a bad one are noted."""
    found: list[tuple[int, int]] = []
    for index, text in enumerate(table.texts(key)):
        try:
            window = parse_hours(text)
        except MessageError as wrong:
            table.document.error((*table.path, key, index), wrong.message)
            continue
        if any(window[0] < end and start < window[1] for start, end in found):
            table.document.error(
                (*table.path, key, index), ref("diagnostic.overlap", text=text, key=key)
            )
        found.append(window)
    return tuple(sorted(found))


def parse_hours(text: str) -> tuple[int, int]:
    """Read "08:00-16:00" or "15:30-08:00 next day"; MessageError says why it is none."""
    match = HOURS.fullmatch(text)
    if match is None:
        raise MessageError(ref("diagnostic.bad_window.format", text=text))
    try:
        start, end = parse_clock(match[1]), parse_clock(match[2])
    except ValueError:
        raise MessageError(ref("diagnostic.bad_window.no_such_time", text=text)) from None
    if start == MINUTES_A_DAY:
        raise MessageError(ref("diagnostic.bad_window.starts_at_midnight", text=text))
    if match[3]:
        if end > start:
            raise MessageError(ref("diagnostic.bad_window.too_long", text=text))
        return start, end + MINUTES_A_DAY
    if end <= start:
        raise MessageError(ref("diagnostic.bad_window.backwards", text=text))
    return start, end


def _exceptions(table: TableReader) -> Iterator[DatedException]:
    seen = set()
    for part in table.list_of_tables("exceptions"):
        day = date_at(part, "date")
        if part.needs("hours"):
            found = hours(part, "hours")
            if day in seen:
                part.error("date", ref("diagnostic.date_twice", day=str(day)))
            if day:
                seen.add(day)
                yield DatedException(day, found, part.text("note", ""))
        part.has("note")
        part.close()


def _early_closings(table: TableReader) -> Iterator[EarlyClosing]:
    for part in table.list_of_tables("early_closings"):
        day = part.parsed("day", yearly_day, None) if part.needs("day") else None
        closes = part.clock("closes")
        note = part.text("note", "")
        part.close()
        if day and closes is not None:
            yield EarlyClosing(day, closes, note)


def _seasons(table: TableReader) -> Iterator[Season]:
    """Read the parts of every year that have hours of their own; no two may share a date."""
    found: list[tuple[TableReader, Season]] = []
    for part in table.list_of_tables("seasons"):
        first = part.parsed("from", _month_day, None) if part.needs("from") else None
        last = part.parsed("to", _month_day, None) if part.needs("to") else None
        windows = tuple(_windows(part))
        if not any(days_of(key) for key in part.values):
            part.document.error(
                part.path,
                ref("diagnostic.no_season_hours"),
            )
        name = part.text("name", "")
        _known_days(part)
        part.close()
        if first and last:
            name = name or f"{first[0]:02d}-{first[1]:02d} – {last[0]:02d}-{last[1]:02d}"
            found.append((part, Season(first, last, windows, name)))
    _no_date_twice(found)
    _some_date_left(table, [season for _, season in found])
    yield from (season for _, season in found)


def _no_date_twice(found: list[tuple[TableReader, Season]]) -> None:
    for (_, earlier), (part, later) in combinations(found, 2):
        shared = [day for day in YEAR if earlier.holds(day) and later.holds(day)]
        if shared:
            message = ref(
                "diagnostic.seasons_overlap", day=f"{shared[0]:%m-%d}", season=earlier.name
            )
            part.error("from", message)


def _some_date_left(table: TableReader, seasons: list[Season]) -> None:
    """Hours outside the seasons that no date has are a line without effect."""
    if not seasons or any(not any(each.holds(day) for each in seasons) for day in YEAR):
        return
    key = next((key for key in table.values if days_of(key)), None)
    if key:
        message = ref("diagnostic.hours_never_used", key=key)
        table.document.warn((*table.path, key), message)


def _month_day(text: str) -> tuple[int, int] | None:
    match = MONTH_DAY.fullmatch(text)
    try:
        day = date(2024, int(match[1]), int(match[2])) if match else None
    except ValueError:
        raise MessageError(ref("diagnostic.bad_day.no_such_day", text=text)) from None
    if day is None:
        raise MessageError(ref("diagnostic.bad_day.month_and_day", text=text))
    return day.month, day.day


def yearly_day(text: str) -> YearlyDay | None:
    """Read a day of every year; MessageError says why it is none."""
    try:
        return parse_yearly_day(text)
    except ValueError:
        raise MessageError(ref("diagnostic.bad_day.yearly", text=text)) from None
