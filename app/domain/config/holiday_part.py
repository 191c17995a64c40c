"""The holidays of a rotation that shares them out apart: days of every year, or given dates."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.domain.config.calendar_part import yearly_day
from app.domain.config.date_part import date_at
from app.domain.config.table_reader import TableReader
from app.domain.message_refs import ref
from app.domain.roster.rotation import LONGEST_HOLIDAY, HolidayPeriod
from app.domain.time.calendars import YearlyDay

KEY: Final = "holidays"
SOME_YEARS: Final = (2026, 2028)  # one without 29 February, and one with it

Day = YearlyDay | date


def holidays(part: TableReader) -> tuple[HolidayPeriod, ...]:
    """Read every [[rotations.holidays]]; what is wrong is noted and left out."""
    return tuple(_holidays(part))


def _holidays(part: TableReader) -> Iterator[HolidayPeriod]:
    for table in part.list_of_tables(KEY):
        name = table.text("name")
        first = _day(table, "from") if table.needs("from") else None
        last = _day(table, "to") if table.has("to") else first
        table.close()
        if not name or first is None or last is None:
            continue
        if isinstance(first, date) is not isinstance(last, date):
            table.error("to", ref("diagnostic.date_and_day"))
            continue
        period = HolidayPeriod(name, first, last)
        if _is_in_order(table, period):
            yield period


def _day(table: TableReader, key: str) -> Day | None:
    """Read 12-24, easter-3 or 2027-03-09, with or without quotation marks where TOML allows it."""
    value = table.values[key]
    if isinstance(value, date) or (isinstance(value, str) and value[:4].isdigit()):
        return date_at(table, key)
    return table.parsed(key, yearly_day, None)


def _is_in_order(table: TableReader, period: HolidayPeriod) -> bool:
    years = (period.first.year,) if isinstance(period.first, date) else SOME_YEARS
    days = next(filter(None, map(period.in_year, years)), None)
    if days is None:
        return True
    first, last = days
    if last < first:
        table.error("to", ref("diagnostic.ends_before_start.span"))
    elif (last - first).days >= LONGEST_HOLIDAY:
        said = ref("diagnostic.holiday_too_long", name=period.name, most=LONGEST_HOLIDAY)
        table.error("to", said)
    else:
        return True
    return False
