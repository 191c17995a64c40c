"""How long to wait before something that failed is tried again."""

from datetime import timedelta
from typing import Final

LONGEST_PAUSE: Final = timedelta(minutes=5)
MOST_DOUBLINGS: Final = 20  # far beyond the longest pause, and no huge number is calculated


def pause_after(failures: int, first_pause: timedelta) -> timedelta:
    """Return the pause after so many failures in a row: twice as long each time, up to a limit."""
    doublings = min(max(failures - 1, 0), MOST_DOUBLINGS)
    return min(first_pause * (1 << doublings), LONGEST_PAUSE)
