"""Many stretches of time as a usual week and the days that differ from it.

Values only; the words for them are the command's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.time.intervals import Interval, Intervals
from app.domain.time.wall_time import MINUTES_A_DAY, starts_at, wall

HALF_A_MINUTE: Final = timedelta(seconds=30)

# Minutes since midnight on the wall, from and to.
Hours = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Weekly:
    """The hours of a usual week, weekdays in a row with the same hours together."""

    usual: tuple[tuple[int, int, Hours], ...]  # first and last weekday, Monday is 0
    others: tuple[date, ...]  # whole days of the span that are otherwise

    @property
    def pieces(self) -> int:
        """How much there is to say about the usual week."""
        return sum(len(hours) for _, _, hours in self.usual)


def weekly(pieces: Intervals, span: Interval, time_zone: str) -> Weekly:
    """The usual week of some stretches, by what each weekday mostly is on the wall.

    Days that the span cuts are left out.
    """
    zone = ZoneInfo(time_zone)
    days = {day: tuple(hours) for day, hours in _by_day(pieces, span, zone)}
    mostly = {weekday: _mostly(days, weekday) for weekday in range(7)}
    others = tuple(day for day, hours in days.items() if hours != mostly[day.weekday()])
    runs = groupby(range(7), key=lambda weekday: mostly[weekday])
    named = ((hours, tuple(weekdays)) for hours, weekdays in runs)
    usual = tuple((weekdays[0], weekdays[-1], hours) for hours, weekdays in named if hours)
    return Weekly(usual, others)


def _mostly(days: dict[date, Hours], weekday: int) -> Hours:
    seen = Counter(hours for day, hours in days.items() if day.weekday() == weekday)
    return seen.most_common(1)[0][0] if seen else ()


def _by_day(
    pieces: Intervals, span: Interval, zone: ZoneInfo
) -> Iterator[tuple[date, list[tuple[int, int]]]]:
    left = list(reversed(pieces))
    for day in _whole_days(span, zone):
        from_, to = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        hours: list[tuple[int, int]] = []
        while left and left[-1].from_ < to:
            piece = left[-1]
            if piece.to <= from_:  # before the first whole day
                left.pop()
                continue
            start, end = _on_the_wall(piece, from_, to, zone)
            if start < end:
                hours.append((start, end))
            if piece.to > to:
                break
            left.pop()
        yield day, hours


def _on_the_wall(piece: Interval, from_: datetime, to: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """To the nearest minute: what is shorter is no part of a usual day."""
    start, end = piece.from_ + HALF_A_MINUTE, piece.to + HALF_A_MINUTE
    return (
        _minute(start, zone) if start >= from_ else 0,
        _minute(end, zone) if end < to else MINUTES_A_DAY,
    )


def _minute(at: datetime, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return local.hour * 60 + local.minute


def _whole_days(span: Interval, zone: ZoneInfo) -> Iterable[date]:
    day = span.from_.astimezone(zone).date()
    if _midnight(day, zone) < span.from_:
        day += timedelta(days=1)
    while _midnight(day + timedelta(days=1), zone) <= span.to:
        yield day
        day += timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return starts_at(wall(day, 0), zone)
