"""Whose holiday it is: a turn for each holiday of a rotation, every holiday shared out by itself.

Each holiday goes round the members year by year, the first one beginning with the first member, the
next one with the second: so everybody has each of them equally often, and seldom two in one year.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.reasons import RosterCode
from app.domain.roster.member_days import ALWAYS, MemberDays, TurnNumbers, deals
from app.domain.roster.rotation import HolidayPeriod, Rotation
from app.domain.roster.turn_order import TurnOrder
from app.domain.roster.turns import RotationTurn, end_of, ended, no_turn, not_begun
from app.domain.time.intervals import Interval
from app.domain.time.segments import END
from app.domain.time.wall_time import starts_at, wall

LAST_YEAR: Final = 2200  # documents name no later date

Named = tuple[tuple[HolidayPeriod, ...], ...]  # the periods of each holiday, in its order


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A holiday of one year, by the wall. `count` is how often it has come before."""

    holiday: int
    count: int
    from_: datetime
    to: datetime


class HolidayTurns:
    """The turns of a rotation of holidays; a turn once worked out is kept."""

    __slots__ = ("_begins", "_cache", "_ends", "_orders", "_starts", "_turns", "_zone", "rotation")

    def __init__(
        self, rotation: Rotation, time_zone: str, days: Mapping[str, MemberDays] = ALWAYS
    ) -> None:
        """Finds every holiday, and whose it is each year."""
        self.rotation = rotation
        self._zone = ZoneInfo(time_zone)
        self._begins = starts_at(rotation.first_handover, self._zone)
        self._ends = end_of(rotation, self._zone)
        self._cache: dict[int, RotationTurn] = {}
        bare = replace(rotation, members=(), weights=(), hours=None, until=None)
        self._turns = occurrences(bare)
        self._starts = [each.from_ for each in self._turns]
        self._orders = tuple(
            _order(rotation, which, [each for each in self._turns if each.holiday == which], days)
            for which in range(len(_by_name(rotation)))
        )

    def at(self, at: datetime) -> RotationTurn:
        """The holiday that holds the instant, or the time around it that is none."""
        if at < self._begins:
            return not_begun(self, self._begins)
        if at >= self._ends:
            return ended(self, self._ends)
        local = at.astimezone(self._zone).replace(tzinfo=None)
        number = bisect_right(self._starts, local) - 1
        # In the hour that comes twice the wall shows the time before a handover once more.
        while number + 1 < len(self._turns) and self._turn(number + 1).span.from_ <= at:
            number += 1
        if number >= 0 and at < self._turn(number).span.to:
            return self._turn(number)
        return self._between(number)

    def after(self, turn: RotationTurn) -> Iterator[str]:
        """Every member who takes turns then, in the order in which they get this holiday."""
        this = self._turns[turn.number]
        return self._orders[this.holiday].after(this.count)

    def _between(self, number: int) -> RotationTurn:
        from_ = self._turn(number).span.to if number >= 0 else self._begins
        is_last = number + 1 == len(self._turns)
        to = END if is_last else self._turn(number + 1).span.from_
        return no_turn(self, Interval(from_, min(to, self._ends)), RosterCode.OUTSIDE_ROTATION)

    def _turn(self, number: int) -> RotationTurn:
        turn = self._cache.get(number)
        if turn is None:
            turn = self._cache[number] = self._work_out(number)
        return turn

    def _work_out(self, number: int) -> RotationTurn:
        this = self._turns[number]
        from_, to = (starts_at(each, self._zone) for each in (this.from_, this.to))
        person = self._orders[this.holiday].person(this.count)
        nobody = None if person else RosterCode.ROTATION_EMPTY
        return RotationTurn(self, number, person, Interval(from_, min(to, self._ends)), nobody)


@lru_cache(maxsize=64)
def occurrences(rotation: Rotation) -> tuple[Occurrence, ...]:
    """Every holiday of a rotation from its start on. Of two that overlap the first one goes on."""
    found: list[Occurrence] = []
    counts: dict[int, int] = {}
    until = rotation.first_handover
    for from_, to, which in sorted(_every_year(rotation)):
        begins = max(from_, until)
        if from_ >= rotation.first_handover and begins < to:
            count = counts.get(which, 0)
            found.append(Occurrence(which, count, begins, to))
            counts[which], until = count + 1, to
    return tuple(found)


def _every_year(rotation: Rotation) -> Iterator[tuple[datetime, datetime, int]]:
    named = _by_name(rotation)
    for year in range(rotation.start.year, LAST_YEAR):
        for which, periods in enumerate(named):
            for days in filter(None, (period.in_year(year) for period in periods)):
                from_, to = _whole_weeks(rotation, *days)
                yield (
                    wall(from_, rotation.handover_minute),
                    wall(to, rotation.handover_minute),
                    which,
                )


def _whole_weeks(rotation: Rotation, first: date, last: date) -> tuple[date, date]:
    """The days of the handover before and after a holiday; without whole weeks its own."""
    after = last + timedelta(days=1)
    weekday = rotation.handover_weekday
    if weekday is None:
        return first, after
    return (
        first - timedelta(days=(first.weekday() - weekday) % 7),
        after + timedelta(days=(weekday - after.weekday()) % 7),
    )


def _by_name(rotation: Rotation) -> Named:
    names = dict.fromkeys(period.name for period in rotation.holidays)
    return tuple(
        tuple(period for period in rotation.holidays if period.name == name) for name in names
    )


def _order(
    rotation: Rotation, which: int, turns: list[Occurrence], days: Mapping[str, MemberDays]
) -> TurnOrder:
    """In what order members get one holiday; the next one's begins with the next member."""
    members = rotation.members
    ahead = which % len(members) if members else 0
    of_this = replace(rotation, members=(*members[ahead:], *members[:ahead]))
    starts, ends = [each.from_ for each in turns], [each.to for each in turns]
    numbers = TurnNumbers(lambda at: bisect_left(starts, at), lambda at: bisect_right(ends, at))
    return TurnOrder(of_this.members, deals(of_this, days, numbers))
