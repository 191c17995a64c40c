"""Two clocks compared across a question and its answer."""

from datetime import datetime, timedelta
from typing import Final

AGREE: Final = timedelta(0)
MAY_DIFFER: Final = timedelta(seconds=2)


def is_wrong(clock_skew: timedelta) -> bool:
    """Tell whether a clock is so far from another one that somebody must know."""
    return abs(clock_skew) > MAY_DIFFER


def clock_skew(
    reported: datetime, asked: datetime, answered: datetime, precision: timedelta = AGREE
) -> timedelta:
    """Return how far another clock is at least ahead of ours; negative when it is behind.

    It told its time somewhere between our question and its answer, cut to its precision.
    """
    if reported > answered:
        return reported - answered
    if reported + precision < asked:
        return reported + precision - asked
    return AGREE
