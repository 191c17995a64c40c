"""How many nights, weekend days and holidays somebody had: the counts that people compare.

One is counted for whoever has at least half of its duty hours, so that a handover in the morning
makes no night of two. Nights, Saturdays and holidays lie inside one date each: periods that meet
at midnight add up.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum

from app.domain.roster.working_hours.bands import ON_WEEKEND, Band, PartOfDay, Stretch


class DayCount(StrEnum):
    """What is counted by dates."""

    NIGHTS = "nights"  # from midnight on
    WEEKEND_DAYS = "weekend_days"  # Saturdays and Sundays
    HOLIDAYS = "holidays"  # public holidays, and eves from their hour on


Lengths = Mapping[tuple[DayCount, date], timedelta]


def day_lengths(pieces: Iterable[Stretch]) -> Lengths:
    """How much of each night, weekend day and holiday is in the stretches."""
    found: dict[tuple[DayCount, date], timedelta] = {}
    for piece in pieces:
        for count in _counts_as(piece):
            key = count, piece.day
            found[key] = found.get(key, timedelta()) + piece.interval.length
    return found


def counted_days(theirs: Lengths, everybodys: Lengths) -> Mapping[DayCount, int]:
    """How many of each somebody had, of those in which there were duty hours."""
    had = [count for (count, day), length in theirs.items() if 2 * length >= everybodys[count, day]]
    return {count: had.count(count) for count in DayCount}


def _counts_as(piece: Stretch) -> Iterator[DayCount]:
    if piece.part is PartOfDay.AFTER_MIDNIGHT:
        yield DayCount.NIGHTS
    if piece.day.weekday() in ON_WEEKEND:
        yield DayCount.WEEKEND_DAYS
    if piece.band in (Band.HOLIDAY, Band.EVE):
        yield DayCount.HOLIDAYS
