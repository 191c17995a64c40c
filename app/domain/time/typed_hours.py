"""Hours of a day as somebody types them: `08.00–16.00, 18–22`; and as they are shown again."""

import re
from itertools import pairwise
from typing import Final

from app.domain.reasons import Reason, TypedMomentCode, because
from app.domain.time.parsing import LONGEST_SHOWN
from app.domain.time.typed_parts import read_typed_clock
from app.domain.time.wall_time import MINUTES_A_DAY, clock

DayWindows = tuple[
    tuple[int, int], ...
]  # windows in minutes since midnight; beyond 1440 the next day's

BETWEEN_WINDOWS: Final = re.compile(r"[,;]|\bog\b|\band\b")
WITHIN_WINDOW: Final = re.compile(r"[-–—]|\btil\b|\bto\b")
MIDNIGHT: Final = frozenset({"24", "24.00", "24:00", "2400"})
LONGEST_READ: Final = 120
MOST_WINDOWS: Final = 6


def read_typed_hours(text: str) -> DayWindows | Reason:
    """Read the windows of a day in order; the reason why it is none, or why two overlap.

    One that ends at or before its beginning ends on the next day. An empty text has no windows.
    """
    typed = text.strip().casefold()
    if not typed:
        return ()
    windows = BETWEEN_WINDOWS.split(typed[:LONGEST_READ])
    found: list[tuple[int, int]] = []
    for each in windows[:MOST_WINDOWS]:
        window = _window(each)
        if isinstance(window, Reason):
            return window
        found.append(window)
    found.sort()
    is_apart = all(one[1] <= other[0] for one, other in pairwise(found))
    if len(text) > LONGEST_READ or len(windows) > MOST_WINDOWS or not is_apart:
        return because(TypedMomentCode.NOT_HOURS, text=text[:LONGEST_SHOWN])
    return tuple(found)


def typed_hours(hours: DayWindows) -> str:
    """Write windows as they are typed."""
    return ", ".join(f"{_typed(start)}–{_typed(end)}" for start, end in hours)


def _window(text: str) -> tuple[int, int] | Reason:
    ends = [each.strip() for each in WITHIN_WINDOW.split(text)]
    if len(ends) != 2:
        return because(TypedMomentCode.NOT_HOURS, text=text[:LONGEST_SHOWN])
    start, end = _minute(ends[0]), _minute(ends[1])
    if isinstance(start, Reason):
        return start
    if isinstance(end, Reason):
        return end
    if start == MINUTES_A_DAY:
        return because(TypedMomentCode.NOT_HOURS, text=text[:LONGEST_SHOWN])
    return start, end if end > start else end + MINUTES_A_DAY


def _minute(text: str) -> int | Reason:
    return MINUTES_A_DAY if text in MIDNIGHT else read_typed_clock(text)


def _typed(minute: int) -> str:
    return clock(minute).replace(":", ".")
