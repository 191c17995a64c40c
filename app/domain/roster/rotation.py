"""A rotation: whose turn it is at an instant, worked out and not stepped through.

Shifts are counted in wall time from the first handover, each handover being the wall time
read as a start; so a week across a clock change has 167 or 169 hours, and none is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.roles import RotationRole
from app.domain.roster.turn_order import TurnOrder, Weights
from app.domain.time.wall_time import MINUTES_A_DAY, starts_at, wall

MAX_CACHED_TURNS: Final = 5000


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
    role: RotationRole
    members: tuple[str, ...]
    kind: RotationKind
    handover_minute: int
    start: date
    handover_weekday: int | None = None
    every: int = 1
    until: date | None = None
    weights: tuple[Weights, ...] = ()  # by date; none: every member alike
    backup_is_next: bool = False  # whose turn is next is backup meanwhile

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
class RotationTurn:
    """One turn of a rotation: its number, its member (None when there are none), its time."""

    number: int
    person: str | None
    from_: datetime
    to: datetime


class RotationTurns:
    """A rotation's turns in a time zone; a turn once worked out is kept."""

    __slots__ = ("_cache", "_first", "_order", "_period", "_zone", "begins", "ends", "rotation")

    def __init__(self, rotation: Rotation, time_zone: str) -> None:
        """Finds the instants at which the rotation begins and ends."""
        self.rotation = rotation
        self._zone = ZoneInfo(time_zone)
        self._first = rotation.first_handover
        self._period = rotation.period
        self._cache: dict[int, RotationTurn] = {}
        changes = [(self._number_from(each.from_), each) for each in rotation.weights]
        self._order = TurnOrder(rotation.members, changes)
        self.begins = starts_at(self._first, self._zone)
        self.ends: datetime | None = None
        if rotation.until:
            self.ends = starts_at(wall(rotation.until, rotation.handover_minute), self._zone)

    def at(self, at: datetime) -> RotationTurn | None:
        """The turn that holds the instant; None before the first handover and after the end."""
        if at < self.begins or (self.ends and at >= self.ends):
            return None
        local = at.astimezone(self._zone).replace(tzinfo=None)
        number = (local - self._first) // self._period
        turn = self._turn(number)
        # In the hour that comes twice the wall shows the time before a handover once more.
        while turn.to <= at:
            turn = self._turn(turn.number + 1)
        return turn

    def after(self, turn: RotationTurn) -> Iterator[str]:
        """Every member, in the order of their next turns after this one."""
        return self._order.after(turn.number)

    def _number_from(self, day: date | None) -> int:
        """The number of the first turn that begins on the date or after it."""
        if day is None:
            return 0
        return max(0, -((self._first - wall(day, 0)) // self._period))

    def _turn(self, number: int) -> RotationTurn:
        turn = self._cache.get(number)
        if turn is None:
            if len(self._cache) >= MAX_CACHED_TURNS:
                self._cache.clear()
            turn = self._cache[number] = self._work_out(number)
        return turn

    def _work_out(self, number: int) -> RotationTurn:
        from_ = starts_at(self._first + number * self._period, self._zone)
        to = starts_at(self._first + (number + 1) * self._period, self._zone)
        return RotationTurn(
            number, self._order.person(number), from_, min(to, self.ends) if self.ends else to
        )
