"""The bands of a day: weekday, evening, night, Saturday, Sunday, public holiday, eve.

Each instant is in one band. Limits are wall times read as starts, so that the night of a clock
change is as long as it really is: 23 or 25 hours a day.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.roster.working_hours.rules import WorkingHoursRules
from app.domain.time.day_plan import next_day
from app.domain.time.intervals import Interval
from app.domain.time.public_holidays import holiday
from app.domain.time.wall_time import MINUTES_A_DAY, starts_at, wall

SATURDAY, SUNDAY = 5, 6


class Band(StrEnum):
    """What an hour is by its day and its time. The first that fits, from below."""

    WEEKDAY = "weekday"  # daytime
    EVENING = "evening"
    NIGHT = "night"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    EVE = "eve"
    HOLIDAY = "holiday"


class PartOfDay(StrEnum):
    """What an hour is by its time alone, whatever day it is. Night is in two parts of a date."""

    AFTER_MIDNIGHT = "after_midnight"
    DAY = "day"
    EVENING = "evening"
    BEFORE_MIDNIGHT = "before_midnight"


NIGHT: Final = (PartOfDay.AFTER_MIDNIGHT, PartOfDay.BEFORE_MIDNIGHT)
ON_WEEKDAY: Final[Mapping[PartOfDay, Band]] = {
    PartOfDay.AFTER_MIDNIGHT: Band.NIGHT,
    PartOfDay.DAY: Band.WEEKDAY,
    PartOfDay.EVENING: Band.EVENING,
    PartOfDay.BEFORE_MIDNIGHT: Band.NIGHT,
}
ON_WEEKEND: Final[Mapping[int, Band]] = {SATURDAY: Band.SATURDAY, SUNDAY: Band.SUNDAY}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some time of one date that is in one band and one part of the day."""

    day: date
    band: Band
    part: PartOfDay
    interval: Interval


def stretches(rules: WorkingHoursRules, span: Interval, zone: ZoneInfo) -> Iterator[Stretch]:
    """Yield the whole time between two instants, band by band, in order."""
    day, last = (at.astimezone(zone).date() for at in (span.from_, span.to))
    while day <= last:
        for each in _of_day(rules, day, zone):
            from_, to = max(each.interval.from_, span.from_), min(each.interval.to, span.to)
            if from_ < to:
                yield Stretch(each.day, each.band, each.part, Interval(from_, to))
        day = next_day(day)


def cut(pieces: Iterable[Interval], into: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield what of the pieces lies in each stretch. The stretches are in order, without a gap."""
    for piece in pieces:
        place = bisect_right(into, piece.from_, key=lambda stretch: stretch.interval.to)
        for at in range(place, len(into)):
            stretch = into[at]
            from_ = max(piece.from_, stretch.interval.from_)
            to = min(piece.to, stretch.interval.to)
            if from_ >= to:
                break
            yield Stretch(stretch.day, stretch.band, stretch.part, Interval(from_, to))


def band_of(rules: WorkingHoursRules, day: date, minute: int) -> Band:
    """The band of a minute of a date."""
    if rules.holidays and holiday(rules.holidays, day):
        return Band.HOLIDAY
    if any(eve.on.falls_on(day) and minute >= eve.from_minute for eve in rules.eves):
        return Band.EVE
    return ON_WEEKEND.get(day.weekday()) or ON_WEEKDAY[part_of(rules, minute)]


def part_of(rules: WorkingHoursRules, minute: int) -> PartOfDay:
    """The part of the day of a minute."""
    begins = (rules.night_ends, rules.evening_begins, rules.night_begins)
    return tuple(PartOfDay)[bisect_right(begins, minute)]


def _of_day(rules: WorkingHoursRules, day: date, zone: ZoneInfo) -> Iterator[Stretch]:
    eves = (eve.from_minute for eve in rules.eves if eve.on.falls_on(day))
    limits = {0, rules.night_ends, rules.evening_begins, rules.night_begins, *eves}
    instants = [(minute, _instant(day, minute, zone)) for minute in sorted(limits)]
    instants.append((MINUTES_A_DAY, _instant(day, MINUTES_A_DAY, zone)))
    for (minute, from_), (_, to) in pairwise(instants):
        band, part = band_of(rules, day, minute), part_of(rules, minute)
        yield Stretch(day, band, part, Interval(from_, to))


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return starts_at(wall(day, minute), zone)


@dataclass(frozen=True, slots=True)
class BandTimes:
    """How long somebody had duty in each band, and in each part of the day."""

    bands: Mapping[Band, timedelta]
    parts: Mapping[PartOfDay, timedelta]

    @property
    def whole(self) -> timedelta:
        """All of it."""
        return sum(self.bands.values(), timedelta())

    @property
    def any_night(self) -> timedelta:
        """Night, whatever day it is."""
        return sum((self.parts[part] for part in NIGHT), timedelta())


def band_times(pieces: Iterable[Stretch]) -> BandTimes:
    """Sum up stretches."""
    bands = dict.fromkeys(Band, timedelta())
    parts = dict.fromkeys(PartOfDay, timedelta())
    for each in pieces:
        bands[each.band] += each.interval.length
        parts[each.part] += each.interval.length
    return BandTimes(bands, parts)
