"""What share of a roster's duty is whose: by weight, and by the time in which they could have it.

Whoever takes turns has a share from the beginning of their rotation to its end, but not while they
are absent: six months of leave leave no debt. Of several rotations the largest weight counts.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.domain.roles import ROTATION_ROLES
from app.domain.roster.plan import Roster, absences_of
from app.domain.roster.rotation import Rotation
from app.domain.roster.turn_order import FULL
from app.domain.roster.working_hours.duty_time import PlanInForce
from app.domain.time.intervals import Interval, Intervals, intersect, subtract
from app.domain.time.wall_time import starts_at, wall

Weighted = tuple[Interval, int]


def share_times(plans: Iterable[PlanInForce]) -> Mapping[str, int]:
    """How long everybody could have duty, in seconds times percent."""
    found: dict[str, int] = {}
    for plan in plans:
        for person, pieces in _of_plan(plan).items():
            found[person] = found.get(person, 0) + _measure(pieces)
    return found


def _of_plan(plan: PlanInForce) -> Mapping[str, list[Weighted]]:
    found: dict[str, list[Weighted]] = {}
    for rotation in plan.roster.layers:
        if rotation.role not in ROTATION_ROLES:
            continue
        for person in dict.fromkeys(rotation.members):
            there = _there(plan.roster, person, plan.span)
            theirs = found.setdefault(person, [])
            for weighted, percent in _weights(rotation, person, plan):
                theirs.extend((each, percent) for each in intersect(there, (weighted,)))
    return found


def _there(roster: Roster, person: str, span: Interval) -> Intervals:
    return subtract((span,), absences_of(roster, person))


def _weights(rotation: Rotation, person: str, plan: PlanInForce) -> Iterator[Weighted]:
    """The person's weights in a rotation, while it goes on."""
    zone = ZoneInfo(plan.roster.time_zone)

    def at(naive: datetime) -> datetime:
        return starts_at(naive, zone)

    begins = max(plan.span.from_, at(rotation.first_handover))
    ends = plan.span.to
    if rotation.until:
        ends = min(ends, at(wall(rotation.until, rotation.handover_minute)))
    if begins >= ends:
        return
    changes = [
        (at(wall(each.from_, 0)) if each.from_ else begins, each.of(person))
        for each in rotation.weights
    ]
    limits = sorted({begins, ends, *(day for day, _ in changes if begins < day < ends)})
    for from_, to in pairwise(limits):
        which = bisect_right([day for day, _ in changes], from_) - 1
        yield Interval(from_, to), changes[which][1] if which >= 0 else FULL


def _measure(pieces: list[Weighted]) -> int:
    """The seconds times the largest percent that holds."""
    limits = sorted({at for piece, _ in pieces for at in (piece.from_, piece.to)})
    measured = 0
    for from_, to in pairwise(limits):
        holding = [percent for piece, percent in pieces if from_ in piece]
        measured += int((to - from_).total_seconds()) * max(holding, default=0)
    return measured
