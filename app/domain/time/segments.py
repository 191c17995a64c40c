"""Which of many dated intervals hold an instant, found by bisection."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from app.domain.time.intervals import Interval

BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)


class Segments:
    """The stretches between all starts and ends, each with the positions that hold it.

    Positions are in the order given, so that a later one can win over an earlier one.
    """

    __slots__ = ("_bounds", "_holding", "_stretches")

    def __init__(self, intervals: Sequence[Interval]) -> None:
        """Sorts n intervals once; each question after that costs log n."""
        edges: dict[datetime, tuple[list[int], list[int]]] = {}
        for position, interval in enumerate(intervals):
            if interval.from_ < interval.to:
                edges.setdefault(interval.from_, ([], []))[0].append(position)
                edges.setdefault(interval.to, ([], []))[1].append(position)
        self._bounds = sorted(edges)
        bounds = [BEGINNING, *self._bounds, END]
        self._stretches = [Interval(start, end) for start, end in pairwise(bounds)]
        self._holding: list[tuple[int, ...]] = [()]
        now: set[int] = set()
        for bound in self._bounds:
            begin, end = edges[bound]
            now.difference_update(end)
            now.update(begin)
            self._holding.append(tuple(sorted(now)))

    def at(self, at: datetime) -> tuple[tuple[int, ...], Interval]:
        """The positions of the intervals that hold the instant, and how long just these do."""
        place = bisect_right(self._bounds, at)
        return self._holding[place], self._stretches[place]
