"""Whose turn it is in a rotation at an instant, worked out and not stepped through.

Turns are counted in wall time from the first handover, each handover being the wall time
read as a start; so a week across a clock change has 167 or 169 hours, and none is lost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from app.domain.reasons import RosterCode
from app.domain.roster.member_days import ALWAYS, MemberDays, TurnNumbers, deals
from app.domain.roster.rotation import Rotation
from app.domain.roster.turn_order import TurnOrder
from app.domain.time.intervals import Interval
from app.domain.time.segments import BEGINNING, END
from app.domain.time.wall_time import starts_at, wall

MAX_CACHED_TURNS: Final = 5000
NO_TURN: Final = -1


@dataclass(frozen=True, slots=True)
class RotationTurn:
    """One turn of a rotation, or a stretch of time in which it has none.

    `nobody` says why it has no person: a turn that nobody is there for has its number all the
    same, a stretch without a turn has NO_TURN.
    """

    turns: "Turns"
    number: int
    person: str | None
    span: Interval
    nobody: RosterCode | None = None

    @property
    def is_turn(self) -> bool:
        """Whether it is a turn."""
        return self.number != NO_TURN


class Turns(Protocol):
    """What answers whose turn it is in one rotation."""

    @property
    def rotation(self) -> Rotation: ...

    def at(self, at: datetime) -> RotationTurn:
        """The turn that holds the instant, or the stretch around it that has none."""

    def after(self, turn: RotationTurn) -> Iterator[str]:
        """Every member who takes turns then, in the order of their next turns after this one."""


class RegularTurns:
    """The turns of a rotation that are all of one length; a turn once worked out is kept."""

    __slots__ = ("_begins", "_cache", "_ends", "_first", "_order", "_period", "_zone", "rotation")

    def __init__(
        self, rotation: Rotation, time_zone: str, days: Mapping[str, MemberDays] = ALWAYS
    ) -> None:
        """Finds the instants at which the rotation begins and ends."""
        self.rotation = rotation
        self._zone = ZoneInfo(time_zone)
        self._first = rotation.first_handover
        self._period = rotation.period
        self._cache: dict[int, RotationTurn] = {}
        numbers = TurnNumbers(self._begins_from, self._ends_after)
        self._order = TurnOrder(rotation.members, deals(rotation, days, numbers))
        self._begins = starts_at(self._first, self._zone)
        self._ends = end_of(rotation, self._zone)

    def at(self, at: datetime) -> RotationTurn:
        """The turn that holds the instant; before the first handover and after the end none."""
        if at < self._begins:
            return not_begun(self, self._begins)
        if at >= self._ends:
            return ended(self, self._ends)
        local = at.astimezone(self._zone).replace(tzinfo=None)
        number = (local - self._first) // self._period
        turn = self._turn(number)
        # In the hour that comes twice the wall shows the time before a handover once more.
        while turn.span.to <= at:
            turn = self._turn(turn.number + 1)
        return turn

    def after(self, turn: RotationTurn) -> Iterator[str]:
        """Every member who takes turns then, in the order of their next turns after this one."""
        return self._order.after(turn.number)

    def _begins_from(self, at: datetime) -> int:
        """The number of the first turn that begins at a wall time or later."""
        return max(0, -((self._first - at) // self._period))

    def _ends_after(self, at: datetime) -> int:
        """The number of the first turn that ends after a wall time."""
        return max(0, (at - self._first) // self._period)

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
        person = self._order.person(number)
        nobody = None if person else RosterCode.ROTATION_EMPTY
        return RotationTurn(self, number, person, Interval(from_, min(to, self._ends)), nobody)


def end_of(rotation: Rotation, zone: ZoneInfo) -> datetime:
    """The instant at which a rotation ends; END where it does not."""
    if rotation.until is None:
        return END
    return starts_at(wall(rotation.until, rotation.handover_minute), zone)


def not_begun(turns: Turns, begins: datetime) -> RotationTurn:
    """The time before a rotation."""
    return no_turn(turns, Interval(BEGINNING, begins), RosterCode.ROTATION_NOT_BEGUN)


def ended(turns: Turns, ends: datetime) -> RotationTurn:
    """The time after a rotation."""
    return no_turn(turns, Interval(ends, END), RosterCode.ROTATION_ENDED)


def no_turn(turns: Turns, span: Interval, why: RosterCode) -> RotationTurn:
    """A stretch in which a rotation has no turn."""
    return RotationTurn(turns, NO_TURN, None, span, why)
