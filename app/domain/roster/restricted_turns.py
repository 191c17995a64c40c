"""A rotation that holds in some hours only: its turns cut to them, and the time between."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.domain.reasons import RosterCode
from app.domain.roster.rotation import Rotation
from app.domain.roster.turns import RotationTurn, Turns, no_turn
from app.domain.time.calendars import Calendar
from app.domain.time.hours import open_intervals
from app.domain.time.intervals import complement

MAX_CACHED_TURNS: Final = 1000


class RestrictedTurns:
    """The turns of a rotation within its hours; those of a turn once worked out are kept."""

    __slots__ = ("_cache", "_hours", "_turns")

    def __init__(self, turns: Turns, hours: Calendar) -> None:
        """Takes whose turn it is at all, and the hours; their borders are read as starts."""
        self._turns = turns
        self._hours = hours
        self._cache: dict[int, list[RotationTurn]] = {}

    @property
    def rotation(self) -> Rotation:
        """The rotation itself."""
        return self._turns.rotation

    def at(self, at: datetime) -> RotationTurn:
        """The part of a turn that holds the instant, or the stretch around it that has none."""
        turn = self._turns.at(at)
        if not turn.is_turn:
            return replace(turn, turns=self)
        parts = self._parts(turn)
        return parts[bisect_right(parts, at, key=lambda part: part.span.from_) - 1]

    def after(self, turn: RotationTurn) -> Iterator[str]:
        """Every member who takes turns then, in the order of their next turns after this one."""
        return self._turns.after(turn)

    def _parts(self, turn: RotationTurn) -> list[RotationTurn]:
        parts = self._cache.get(turn.number)
        if parts is None:
            if len(self._cache) >= MAX_CACHED_TURNS:
                self._cache.clear()
            parts = self._cache[turn.number] = self._work_out(turn)
        return parts

    def _work_out(self, turn: RotationTurn) -> list[RotationTurn]:
        from_, to = turn.span.from_, turn.span.to
        held = open_intervals(self._hours, from_, to, as_borders=True)
        why = RosterCode.OUTSIDE_ROTATION
        parts = [replace(turn, turns=self, span=piece) for piece in held]
        parts += [no_turn(self, piece, why) for piece in complement(held, from_, to)]
        return sorted(parts, key=lambda part: part.span.from_)
