"""Hours of a week as the windows that roster.toml has: each at most a day, by weekdays in a row."""

from collections.abc import Iterable, Iterator
from typing import Final

from app.domain.time.calendars import Calendar, HolidayPolicy, Window
from app.domain.time.wall_time import MINUTES_A_DAY

WEEK: Final = 7 * MINUTES_A_DAY
Piece = tuple[int, int]  # minutes from Monday's midnight; an end beyond the week is the next one's


def piece_of_week(start_day: int, start: int, end_day: int, end: int) -> Piece:
    """Return the piece between two clock times of weekdays (Monday is 0); never an empty one."""
    from_, to = start_day * MINUTES_A_DAY + start, end_day * MINUTES_A_DAY + end
    return from_, to if to > from_ else to + WEEK


def every_day(start: int, end: int) -> tuple[Piece, ...]:
    """Return the same hours of each day; an end at or before the start is the next day's."""
    length = end - start if end > start else end - start + MINUTES_A_DAY
    begins = (day * MINUTES_A_DAY + start for day in range(7))
    return tuple((from_, from_ + length) for from_ in begins)


def hours_of(pieces: Iterable[Piece], zone: str) -> Calendar | None:
    """Make the hours of a rotation; None where they are the whole week."""
    merged = _merged(pieces)
    if merged == [(0, WEEK)]:
        return None
    of_day: dict[int, list[tuple[int, int]]] = {day: [] for day in range(7)}
    for from_, to in _over_the_border(merged):
        for day, start, end in _days(from_, to):
            of_day[day].append((start, end))
    windows = tuple(
        Window(frozenset(days), start, end)
        for days, hours in _rows({day: tuple(hours) for day, hours in of_day.items()})
        for start, end in hours
    )
    policy = HolidayPolicy.AS_WEEKDAY
    return Calendar("rotation", "rotation", zone, windows, None, policy)


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Within one week, in order, none touching another."""
    cut: list[Piece] = []
    for from_, to in pieces:
        if to - from_ >= WEEK:
            return [(0, WEEK)]
        begin = from_ % WEEK
        end = begin + to - from_
        cut += [(begin, min(end, WEEK))] + ([(0, end - WEEK)] if end > WEEK else [])
    merged: list[Piece] = []
    for from_, to in sorted(cut):
        if merged and from_ <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(to, merged[-1][1])
        else:
            merged.append((from_, to))
    return merged


def _over_the_border(merged: list[Piece]) -> list[Piece]:
    """What goes on over Monday's midnight as one piece again."""
    if len(merged) > 1 and merged[0][0] == 0 and merged[-1][1] == WEEK:
        return [*merged[1:-1], (merged[-1][0], WEEK + merged[0][1])]
    return merged


def _days(from_: int, to: int) -> Iterator[tuple[int, int, int]]:
    """One window for what lasts at most a day, else day by day."""
    while from_ < to:
        day, start = divmod(from_, MINUTES_A_DAY)
        end = to if to - from_ <= MINUTES_A_DAY else (day + 1) * MINUTES_A_DAY
        yield day % 7, start, end - day * MINUTES_A_DAY
        from_ = end


def _rows(
    of_day: dict[int, tuple[tuple[int, int], ...]],
) -> Iterator[tuple[tuple[int, ...], tuple[tuple[int, int], ...]]]:
    """Days in a row with the same hours."""
    row: list[int] = []
    for day in range(7):
        if row and of_day[row[0]] != of_day[day]:
            yield tuple(row), of_day[row[0]]
            row = []
        row.append(day)
    yield tuple(row), of_day[row[0]]
