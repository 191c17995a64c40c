"""Two clocks compared across a question and its answer."""

from datetime import datetime, timedelta
from typing import Final

AGREE: Final = timedelta(0)
MAY_DIFFER: Final = timedelta(seconds=2)


def is_wrong(ahead: timedelta) -> bool:
    """Tell whether a clock is so far from another one that somebody must know."""
    return abs(ahead) > MAY_DIFFER


def ahead(
    told: datetime, asked: datetime, answered: datetime, precision: timedelta = AGREE
) -> timedelta:
    """Return how far another clock is at least ahead of ours; negative when it is behind.

    It told its time somewhere between our question and its answer, cut to its precision.
    """
    if told > answered:
        return told - answered
    if told + precision < asked:
        return told + precision - asked
    return AGREE
