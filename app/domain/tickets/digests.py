"""When a desk gets its digest of open tickets: as it opens, and an hour before it closes.

By the hours in which any of its telephones is answered. No digest on a day that is closed, and
none for a desk that never closes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.time.hours import open_intervals
from app.domain.time.intervals import Interval, Intervals, union

LOOKS: Final = timedelta(days=3)  # both ways: no stretch of opening that has an end is longer
BREAK: Final = timedelta(hours=2)  # closed for no longer is a break, such as lunch
BEFORE_CLOSING: Final = timedelta(hours=1)


class Occasion(StrEnum):
    """Why a digest is sent."""

    OPENING = "opening"
    CLOSING = "closing"


# A worker that was away sends it late, as long as it still says what its subject says.
LATEST: Final = {Occasion.OPENING: timedelta(hours=2), Occasion.CLOSING: BEFORE_CLOSING}


@dataclass(frozen=True, slots=True)
class Digest:
    """One occasion: when it is due."""

    occasion: Occasion
    due: datetime

    @property
    def key(self) -> str:
        """Return what tells this occasion from every other of the desk."""
        return f"{self.occasion}:{self.due:%Y%m%dT%H%M}"


def due_digests(desk: Desk, now: datetime) -> tuple[Digest, ...]:
    """Return the digests that are due now, and not too late."""
    found = _digests(_stretches(desk, now), now - LOOKS, now + LOOKS)
    return tuple(each for each in found if each.due <= now < each.due + LATEST[each.occasion])


def _stretches(desk: Desk, now: datetime) -> Intervals:
    """When the desk is there, breaks included."""
    calendars = desk.telephone_calendars()
    hours = union(*(open_intervals(each, now - LOOKS, now + LOOKS) for each in calendars))
    joined: list[Interval] = []
    for piece in hours:
        if joined and piece.from_ - joined[-1].to <= BREAK:
            joined[-1] = Interval(joined[-1].from_, piece.to)
        else:
            joined.append(piece)
    return tuple(joined)


def _digests(stretches: Intervals, from_: datetime, to: datetime) -> Iterator[Digest]:
    """Where the look begins or ends, nothing opens or closes."""
    for stretch in stretches:
        if stretch.from_ > from_:
            yield Digest(Occasion.OPENING, stretch.from_)
        closing = stretch.to - BEFORE_CLOSING
        if stretch.to < to and closing > stretch.from_:
            yield Digest(Occasion.CLOSING, closing)
