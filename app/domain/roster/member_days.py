"""Members who join or leave: how turns are dealt to those who are there.

A day on duty goes from handover to handover: whoever has a last day has it until the handover of
the day after. A turn belongs only to somebody who is there for the whole of it. From the first turn
that somebody leaves to others, or can take for the first time, turns go round those who are there,
as they are listed and beginning with whoever would have been next.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from app.domain.roster.rotation import Rotation
from app.domain.roster.turn_order import EQUAL, Deal
from app.domain.time.wall_time import wall

FOREVER: Final = 1 << 60  # more turns than any rotation has

TurnNumber = Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class MemberDays:
    """The first and the last day of a person; None where there is no such day."""

    first: date | None = None
    last: date | None = None


NO_DAYS: Final = MemberDays()
ALWAYS: Final[Mapping[str, MemberDays]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TurnNumbers:
    """Which turn it is by wall time: the first one that begins then or later, or ends later."""

    begins_from: TurnNumber
    ends_after: TurnNumber

    def of(self, days: MemberDays, handover: int) -> range:
        """The turns that somebody with such days can have."""
        first, last = 0, FOREVER
        if days.first:
            first = self.begins_from(wall(days.first, handover))
        if days.last:
            last = self.ends_after(wall(days.last + timedelta(days=1), handover))
        return range(first, max(first, last))


def deals(
    rotation: Rotation, days: Mapping[str, MemberDays], numbers: TurnNumbers
) -> Iterator[Deal]:
    """Yield how the turns of a rotation are dealt, anew where weights or members change."""
    weights = {
        numbers.begins_from(wall(each.from_, 0)) if each.from_ else 0: each
        for each in rotation.weights
    }
    there = [
        numbers.of(days.get(member, NO_DAYS), rotation.handover_minute)
        for member in rotation.members
    ]
    changes = {0, *weights, *(each.start for each in there), *(each.stop for each in there)}
    now, before = EQUAL, None
    for first in sorted(changes - {FOREVER}):
        now = weights.get(first, now)
        places = tuple(place for place, turns in enumerate(there) if first in turns)
        if places != before or first in weights:
            yield Deal(first, places, now)
        before = places
