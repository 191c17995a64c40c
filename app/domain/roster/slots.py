"""A place on duty and the rotations that fill it, each laid over the ones before.

At every instant the last one that has somebody has the place; so one rotation can have the
weekdays and another the weekends, and holidays an order of their own.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from app.domain.reasons import RosterCode
from app.domain.roles import TURN_ROLES, Role, TurnRole
from app.domain.roster.holiday_turns import HolidayTurns
from app.domain.roster.member_days import MemberDays
from app.domain.roster.restricted_turns import RestrictedTurns
from app.domain.roster.rotation import Rotation, RotationKind
from app.domain.roster.turns import RegularTurns, RotationTurn, Turns
from app.domain.time.intervals import Interval
from app.domain.time.segments import BEGINNING, END

# Why a rotation that has begun and not ended has nobody: says more than that another has ended.
IN_FORCE: Final = frozenset({RosterCode.OUTSIDE_ROTATION, RosterCode.ROTATION_EMPTY})


class Slot:
    """The rotations of one place, the one below first."""

    __slots__ = ("_below", "backup_is_next", "layers")

    def __init__(self, layers: tuple[Turns, ...]) -> None:
        """Takes at least one. The one below says whether whoever is next in line is backup."""
        self.layers = layers
        self._below = layers[0]
        self.backup_is_next = layers[0].rotation.backup_is_next

    def at(self, at: datetime) -> tuple[RotationTurn, Interval]:
        """The turn that the rotations alone give the place at an instant, and for how long.

        All through that time the place is just this turn's, or nobody's for just this reason.
        """
        if len(self.layers) > 1:
            return self._of_several(at)
        turn = self._below.at(at)
        return turn, turn.span

    def _of_several(self, at: datetime) -> tuple[RotationTurn, Interval]:
        from_, to = BEGINNING, END
        nobodys: list[RotationTurn] = []
        for layer in reversed(self.layers):
            turn = layer.at(at)
            from_, to = max(from_, turn.span.from_), min(to, turn.span.to)
            if turn.person is not None:
                return turn, Interval(from_, to)
            nobodys.insert(0, turn)
        turn = next((each for each in nobodys if each.nobody in IN_FORCE), nobodys[0])
        return turn, Interval(from_, to)


def slots_of(
    rotations: Iterable[Rotation], time_zone: str, days: Mapping[str, MemberDays]
) -> dict[TurnRole, tuple[Slot, ...]]:
    """Every role's places, in the order of the rotations below.

    Of the backups those come last who are next in line of a primary rotation: its own place.
    """
    layers: list[list[Turns]] = []
    placed: dict[str, list[Turns]] = {}
    for rotation in rotations:
        place = placed.get(rotation.over) if rotation.over else None
        if place is None:
            place = []
            layers.append(place)
        place.append(_turns(rotation, time_zone, days))
        placed[rotation.id] = place
    slots = [Slot(tuple(each)) for each in layers]
    by_role = {
        role: tuple(slot for slot in slots if slot.layers[0].rotation.role is role)
        for role in TURN_ROLES
    }
    followed = (slot for slot in by_role[Role.PRIMARY] if slot.backup_is_next)
    return {**by_role, Role.BACKUP: (*by_role[Role.BACKUP], *followed)}


def _turns(rotation: Rotation, time_zone: str, days: Mapping[str, MemberDays]) -> Turns:
    of_holidays = rotation.kind is RotationKind.HOLIDAYS
    turns = (HolidayTurns if of_holidays else RegularTurns)(rotation, time_zone, days)
    return RestrictedTurns(turns, rotation.hours) if rotation.hours else turns
