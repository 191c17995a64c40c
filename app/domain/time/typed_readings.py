"""What a text in a time field says: a clock time, and what it says of the day. No day is chosen.

Every way of reading the text is found; one that leaves anything over is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from app.domain.time.typed_words import (
    AT,
    BEFORE_DAYS,
    MONTHS,
    OCCURRENCES,
    RELATIVE_DAYS,
    WEEKDAYS,
    any_of,
)
from app.domain.time.wall_time import MINUTES_A_DAY

CENTURY: Final = 2000  # of a year in two digits


@dataclass(frozen=True, slots=True)
class DayAndMonth:
    """A date as it was typed; whether there is one is not known. Without a year it has none."""

    day: int
    month: int
    year: int | None = None

    @property
    def text(self) -> str:
        """The date in digits."""
        return f"{self.day}.{self.month}." + (str(self.year) if self.year else "")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text. None is what it does not say; `minute` is since midnight.

    A clock time that no clock shows, such as 25:00, is -1. `is_marked` tells that a word such as
    `kl.` stands before it.
    """

    minute: int | None = None
    is_marked: bool = False
    relative: int | None = None  # days from today
    weekday: int | None = None
    date: DayAndMonth | None = None
    occurrence: int | None = None  # of a time that comes twice: 0 is the first

    @property
    def has_year(self) -> bool:
        """Whether the text names a year."""
        return self.date is not None and self.date.year is not None

    @property
    def is_weekday_alone(self) -> bool:
        """Whether a weekday is all that the text says of the day."""
        return self.weekday is not None and self.relative is None and self.date is None


NO_CLOCK_SHOWS: Final = -1
_END: Final = r"(?: |$)"
_BEFORE_DAY: Final = rf"(?:(?:{any_of(*BEFORE_DAYS)}) )?"
_DAY: Final = r"(?P<day>[0-9]{1,2})"
_MONTH_WORD: Final = rf"(?:\.|st|nd|rd|th)? ?(?:of )?(?P<word>{any_of(*MONTHS)})\.?"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text + _END)


_RELATIVE: Final = _pattern(rf"{_BEFORE_DAY}(?P<word>{any_of(*RELATIVE_DAYS)})")
_WEEKDAY: Final = _pattern(rf"{_BEFORE_DAY}(?P<word>{any_of(*WEEKDAYS)})\.?")
_OCCURRENCE: Final = _pattern(rf"(?P<word>{any_of(*OCCURRENCES)})")
_CLOCK: Final = _pattern(
    rf"(?P<at>(?:{any_of(*AT)}) ?)?"
    r"(?:(?P<hour>[0-9]{1,2})[.:](?P<minute>[0-9]{2})|(?P<four>[0-9]{4})|(?P<alone>[0-9]{1,2}))"
)
_DATES: Final = tuple(
    _pattern(_BEFORE_DAY + form)
    for form in (
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
        rf"{_DAY}\. ?(?P<month>[0-9]{{1,2}})\.(?P<year> ?[0-9]{{4}}|[0-9]{{2}})",
        rf"{_DAY}\. ?(?P<month>[0-9]{{1,2}})\.?",
        rf"{_DAY}{_MONTH_WORD} (?P<year>[0-9]{{4}})",
        rf"{_DAY}{_MONTH_WORD}",
    )
)


def readings(folded: str) -> frozenset[Reading]:
    """Find every way to read a folded text as a whole, also those without a clock time."""
    return frozenset(_ways(folded, Reading()))


def _ways(rest: str, before: Reading) -> Iterator[Reading]:
    if not rest:
        yield before
        return
    for reading, end in _one_part_more(rest, before):
        yield from _ways(rest[end:], reading)


def _one_part_more(rest: str, before: Reading) -> Iterator[tuple[Reading, int]]:
    """Read what the rest begins with; each part of a moment is said at most once."""
    if before.relative is None and (found := _RELATIVE.match(rest)):
        yield replace(before, relative=RELATIVE_DAYS[found["word"]]), found.end()
    if before.weekday is None and (found := _WEEKDAY.match(rest)):
        yield replace(before, weekday=WEEKDAYS[found["word"]]), found.end()
    if before.minute is None and (found := _CLOCK.match(rest)):
        clock = replace(before, minute=_minute(found), is_marked=bool(found["at"]))
        yield clock, found.end()
    if (
        before.minute is not None
        and before.occurrence is None
        and (found := _OCCURRENCE.match(rest))
    ):
        yield replace(before, occurrence=OCCURRENCES[found["word"]]), found.end()
    if before.date is None:
        yield from _with_a_date(rest, before)


def _with_a_date(rest: str, before: Reading) -> Iterator[tuple[Reading, int]]:
    """Read a date. After a clock time it needs a word: of `8.12 9.12` the date comes first."""
    for pattern in _DATES:
        found = pattern.match(rest)
        if found is None:
            continue
        groups = found.groupdict()
        in_words = "word" in groups
        if before.minute is not None and not (before.is_marked or in_words):
            continue
        month = MONTHS[groups["word"]] if in_words else int(groups["month"])
        date = DayAndMonth(int(groups["day"]), month, _year(groups.get("year")))
        yield replace(before, date=date), found.end()


def _year(digits: str | None) -> int | None:
    if digits is None:
        return None
    bare = digits.strip()
    return int(bare) + (CENTURY if len(bare) == 2 else 0)


def _minute(found: re.Match[str]) -> int:
    """The minute since midnight. 24 alone may be a day: it is a clock time where a word says so."""
    four = found["four"]
    hours = int(four[:2] if four else found["hour"] or found["alone"])
    minutes = int(four[2:] if four else found["minute"] or 0)
    minute = hours * 60 + minutes
    may_be_day = bool(found["alone"]) and hours == 24 and not found["at"]
    return NO_CLOCK_SHOWS if minutes > 59 or minute > MINUTES_A_DAY or may_be_day else minute
