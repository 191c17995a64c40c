"""Dates and moments in documents: as TOML writes them, or as a text in quotation marks."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.config.table_reader import TableReader
from app.domain.message_refs import MessageRef, ref
from app.domain.time.parsing import NotAMoment, instant_of, read_date, read_moment
from app.domain.time.wall_time import WEEKDAY_CODES

# No duty is older, none is planned further ahead; calculations near the ends of time fail.
YEARS: Final = range(2000, 2200)


def date_at(table: TableReader, key: str) -> date | None:
    """Return the date under a key that is needed: 2026-12-24."""
    if not table.needs(key):
        return None
    value = table.values[key]
    try:
        day = read_date(value) if isinstance(value, str) else value
    except NotAMoment as wrong:
        table.error(key, ref("diagnostic.wrong_type.moment", why=wrong.message))
        return None
    if isinstance(day, date) and not isinstance(day, datetime) and day.year in YEARS:
        return day
    table.error(key, ref("diagnostic.wrong_type.date", key=key))
    return None


def instant_at(table: TableReader, key: str, zone: ZoneInfo) -> datetime | None:
    """Return the instant under a key that is needed, in UTC.

    A wall time such as 2026-12-24T08:00:00 is the zone's, the first of one that comes twice.
    """
    if not table.needs(key):
        return None
    try:
        moment = _moment(key, table.values[key])
        return instant_of(moment, zone)
    except NotAMoment as wrong:
        table.error(key, ref("diagnostic.wrong_type.moment", why=wrong.message))
        return None


def _moment(key: str, value: object) -> datetime:
    if isinstance(value, date) and not isinstance(value, datetime):
        raise NotAMoment(ref("diagnostic.wrong_type.date_without_time", key=key, date=str(value)))
    moment = read_moment(value) if isinstance(value, str) else value
    if isinstance(moment, datetime) and moment.replace(tzinfo=UTC).year in YEARS:
        return moment
    raise NotAMoment(ref("diagnostic.wrong_type.wall_time", key=key))


def wall_text(at: datetime, zone: ZoneInfo) -> MessageRef:
    """Write an instant as the wall shows it, the date first: diagnostics are sorted by it."""
    local = at.astimezone(zone)
    return ref(
        "diagnostic_part.wall_time",
        date=f"{local:%Y-%m-%d}",
        weekday=MessageRef(f"weekday_short.{WEEKDAY_CODES[local.weekday()]}"),
        time=f"{local:%H:%M}",
    )
