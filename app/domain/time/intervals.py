"""Stretches of time between two instants, and their union, difference and overlap.

Half-open, aware, no wall time. A tuple of intervals is sorted, merged and free of empty ones.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From an instant up to, not including, another."""

    from_: datetime
    to: datetime

    @property
    def length(self) -> timedelta:
        return self.to - self.from_

    def __contains__(self, at: datetime) -> bool:
        return self.from_ <= at < self.to


Intervals = tuple[Interval, ...]
BEGINS: Final = attrgetter("from_")


def union(*groups: Iterable[Interval]) -> Intervals:
    """Every instant that is in any of the groups; what touches is joined."""
    merged: list[Interval] = []
    pieces = [piece for group in groups for piece in group if piece.from_ < piece.to]
    for piece in sorted(pieces, key=BEGINS):
        if merged and piece.from_ <= merged[-1].to:
            merged[-1] = Interval(merged[-1].from_, max(merged[-1].to, piece.to))
        else:
            merged.append(piece)
    return tuple(merged)


def overlapping(pieces: Intervals, span: Interval) -> Intervals:
    """Those of merged pieces that share an instant with a stretch, found by bisection."""
    first = bisect_right(pieces, span.from_, key=lambda piece: piece.to)
    last = bisect_left(pieces, span.to, key=lambda piece: piece.from_)
    return pieces[first:last]


def clip(pieces: Iterable[Interval], from_: datetime, to: datetime) -> Intervals:
    """The part of the pieces that lies between two instants."""
    cut = (Interval(max(piece.from_, from_), min(piece.to, to)) for piece in pieces)
    return union(cut)


def within(pieces: Intervals, span: Interval) -> Intervals:
    """What lies in a span of pieces that are merged already: found by bisection."""
    first = bisect_right(pieces, span.from_, key=lambda piece: piece.to)
    last = bisect_left(pieces, span.to, key=lambda piece: piece.from_)
    return clip(pieces[first:last], span.from_, span.to)


def starts_within(pieces: Intervals, piece: Interval) -> bool:
    """Whether a piece begins in one of others that are merged already."""
    place = bisect_right(pieces, piece.from_, key=lambda each: each.to)
    return place < len(pieces) and pieces[place].from_ <= piece.from_


def subtract(pieces: Iterable[Interval], holes: Iterable[Interval]) -> Intervals:
    """Every instant of the pieces that is in none of the holes."""
    merged, merged_holes = union(pieces), union(holes)
    if not merged_holes:
        return merged
    left: list[Interval] = []
    for piece in merged:
        start = piece.from_
        for hole in overlapping(merged_holes, piece):
            if start < hole.from_:
                left.append(Interval(start, hole.from_))
            start = hole.to
        if start < piece.to:
            left.append(Interval(start, piece.to))
    return tuple(left)


def intersect(pieces: Iterable[Interval], others: Iterable[Interval]) -> Intervals:
    """Every instant that is in both groups."""
    merged_others = union(others)
    return tuple(
        Interval(max(piece.from_, other.from_), min(piece.to, other.to))
        for piece in union(pieces)
        for other in overlapping(merged_others, piece)
    )


def complement(pieces: Iterable[Interval], from_: datetime, to: datetime) -> Intervals:
    """Every instant between two instants that is in none of the pieces."""
    return subtract((Interval(from_, to),), pieces)


def total(pieces: Iterable[Interval]) -> timedelta:
    """How long all of them last together, in real time."""
    return sum((piece.length for piece in union(pieces)), timedelta())
