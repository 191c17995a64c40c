"""The length of a turn that a source tells in seconds or as a duration, in weeks, days or hours."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from app.domain.roster.rotation import RotationKind
from app.domain.time.wall_time import starts_at

Member = TypeVar("Member")

HOUR: Final = 3600
DURATION: Final = re.compile(r"P(?:([0-9]+)W)?(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?)?")
UNITS: Final = (
    (RotationKind.WEEKLY, 7 * 24 * HOUR),
    (RotationKind.DAILY, 24 * HOUR),
    (RotationKind.HOURS, HOUR),
)


@dataclass(frozen=True, slots=True)
class TurnLength:
    """So many weeks, days or hours."""

    kind: RotationKind
    every: int

    @property
    def on_the_wall(self) -> timedelta:
        """How long it is on the wall clock."""
        return timedelta(seconds=dict(UNITS)[self.kind] * self.every)


def turn_length(seconds: int) -> TurnLength | None:
    """Return the largest unit of which it is a whole number; None for minutes and less."""
    for kind, unit in UNITS:
        if seconds > 0 and seconds % unit == 0:
            return TurnLength(kind, seconds // unit)
    return None


def seconds_of(duration: str) -> int:
    """Return a duration as `P7D` or `PT8H` in seconds; 0 for what is none."""
    found = DURATION.fullmatch(duration.strip().upper())
    if not found:
        return 0
    weeks, days, hours, minutes = (int(each or 0) for each in found.groups())
    return ((weeks * 7 + days) * 24 + hours) * HOUR + minutes * 60


def rotated(
    counted_from: datetime,
    begins: datetime,
    length: TurnLength,
    members: tuple[Member, ...],
    zone: ZoneInfo,
) -> tuple[datetime, tuple[Member, ...]]:
    """Begin with the turn that holds when a layer begins, where it is counted from earlier on.

    Turns are counted on the wall clock. The turn may begin a little before the layer.
    """
    first = counted_from.astimezone(zone).replace(tzinfo=None)
    there = begins.astimezone(zone).replace(tzinfo=None)
    turns = (there - first) // length.on_the_wall
    ahead = turns % len(members) if members else 0
    return starts_at(first + turns * length.on_the_wall, zone), (*members[ahead:], *members[:ahead])
