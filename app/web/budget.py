"""A limit on how long one turn may take, whatever the database does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from typing import TypeVar

T = TypeVar("T")


class TooSlow(Exception):
    """The work was not done in time. It may still be done, unseen."""


def within(seconds: float, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    """Return what the work returns; TooSlow when it takes longer.

    A statement has a limit of its own, but a server that has vanished from the
    network answers nothing at all, not even that.
    """
    running = pool.submit(work)
    try:
        return running.result(timeout=seconds)
    except NotInTime:
        running.cancel()
        raise TooSlow(f"not done in {seconds} s") from None
