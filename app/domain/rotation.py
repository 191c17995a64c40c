"""A rotation: whose turn it is at an instant, worked out and not stepped through.

Shifts are counted in wall time from the first handover, each handover being the wall time
read as a start; so a week across a clock change has 167 or 169 hours, and none is lost.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.wall_time import MINUTES_A_DAY, starts_at, wall


class Role(StrEnum):
    """In what order people on duty are rung."""

    PRIMARY = "primary"
    BACKUP = "backup"
    LAST_RESORT = "last_resort"


class RotationKind(StrEnum):
    """The unit of a shift's length."""

    WEEKLY = "weekly"
    DAILY = "daily"
    HOURS = "hours"


_UNIT = {
    RotationKind.WEEKLY: timedelta(weeks=1),
    RotationKind.DAILY: timedelta(days=1),
    RotationKind.HOURS: timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class Rotation:
    """Members who take turns in one role, each for `every` weeks, days or hours.

    The first turn begins at the first handover on or after `start`: at the handover minute,
    for a weekly one on the handover weekday (Monday is 0). With `until` the rotation ends at
    the handover minute of that date.
    """

    id: str
    role: Role
    members: tuple[str, ...]
    kind: RotationKind
    handover_minute: int
    start: date
    handover_weekday: int | None = None
    every: int = 1
    until: date | None = None

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError("a turn lasts at least one unit")
        if not 0 <= self.handover_minute < MINUTES_A_DAY:
            raise ValueError("a handover is between 00:00 and 23:59")
        if self.kind is RotationKind.WEEKLY and self.handover_weekday not in range(7):
            raise ValueError("a weekly rotation has a handover weekday, 0 to 6")

    @property
    def period(self) -> timedelta:
        """How long a turn is on the wall clock."""
        return _UNIT[self.kind] * self.every

    @property
    def first_handover(self) -> datetime:
        """The wall time at which the first turn begins."""
        ahead = 0
        if self.kind is RotationKind.WEEKLY and self.handover_weekday is not None:
            ahead = (self.handover_weekday - self.start.weekday()) % 7
        return wall(self.start + timedelta(days=ahead), self.handover_minute)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a rotation: its number, its member (None when there are none), its time."""

    number: int
    person: str | None
    from_: datetime
    to: datetime


def turn_at(rotation: Rotation, time_zone: str, at: datetime) -> Turn | None:
    """The turn that holds the instant; None before the first handover and after the end."""
    zone = ZoneInfo(time_zone)
    first, period = rotation.first_handover, rotation.period
    number = (at.astimezone(zone).replace(tzinfo=None) - first) // period
    while _handover(first, period, number, zone) > at:
        number -= 1
    while _handover(first, period, number + 1, zone) <= at:
        number += 1
    end = ends(rotation, time_zone)
    if number < 0 or (end and at >= end):
        return None
    to = _handover(first, period, number + 1, zone)
    members = rotation.members
    return Turn(
        number,
        members[number % len(members)] if members else None,
        _handover(first, period, number, zone),
        min(to, end) if end else to,
    )


def begins(rotation: Rotation, time_zone: str) -> datetime:
    """The instant of the first handover."""
    return starts_at(rotation.first_handover, ZoneInfo(time_zone))


def ends(rotation: Rotation, time_zone: str) -> datetime | None:
    """The instant at which the rotation ends, or None where it goes on."""
    if rotation.until is None:
        return None
    return starts_at(wall(rotation.until, rotation.handover_minute), ZoneInfo(time_zone))


@lru_cache(maxsize=4096)
def _handover(first: datetime, period: timedelta, number: int, zone: ZoneInfo) -> datetime:
    return starts_at(first + number * period, zone)
