"""Shifts: who has a role, and from when to when, by the rotations and the overrides.

Whether that person can be rung (absent, no number) is on_duty.py.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.domain.message_refs import MessageRef
from app.domain.reasons import Reason, RosterCode, because
from app.domain.roles import ROTATION_ROLES, Role, TurnRole
from app.domain.roster.holders import Holder, Look, look
from app.domain.roster.plan import Roster, Shift, index
from app.domain.time.intervals import Interval

MAX_CACHED_SHIFTS: Final = 10_000
SHADOWS: Final[tuple[TurnRole, ...]] = (Role.SHADOW,)


def shifts_at(roster: Roster, at: datetime) -> tuple[Shift, ...]:
    """The shift of every place at the instant, gaps too, in ringing order."""
    return _at(roster, ROTATION_ROLES, at)


def shadow_shifts_at(roster: Roster, at: datetime) -> tuple[Shift, ...]:
    """The shifts at the instant of those who get the duty's SMS and are never rung; or a gap."""
    return _at(roster, SHADOWS, at)


def shifts(roster: Roster, from_: datetime, to: datetime) -> tuple[Shift, ...]:
    """Every place's shifts between two instants, cut at both, gaps too.

    Those of one place follow each other without gap or overlap.
    """
    return _between(roster, ROTATION_ROLES, Interval(from_, to))


def shadow_shifts(roster: Roster, from_: datetime, to: datetime) -> tuple[Shift, ...]:
    """The same of those who get the duty's SMS and are never rung."""
    return _between(roster, SHADOWS, Interval(from_, to)) if roster.slots(Role.SHADOW) else ()


def _at(roster: Roster, roles: tuple[TurnRole, ...], at: datetime) -> tuple[Shift, ...]:
    looks = ((role, look(roster, role, at)) for role in roles)
    return tuple(
        _shift(roster, role, slot, found)
        for role, found in looks
        for slot in range(len(found.holders))
    )


def _between(roster: Roster, roles: tuple[TurnRole, ...], span: Interval) -> tuple[Shift, ...]:
    return tuple(
        shift
        for role in roles
        for slot in range(max(1, len(roster.slots(role))))
        for shift in _slot_shifts(roster, role, slot, span)
    )


def _slot_shifts(roster: Roster, role: TurnRole, slot: int, span: Interval) -> Iterator[Shift]:
    at = span.from_
    while at < span.to:
        shift = _shift(roster, role, slot, look(roster, role, at))
        if shift.from_ < span.from_ or shift.to > span.to:
            yield replace(shift, from_=max(shift.from_, span.from_), to=min(shift.to, span.to))
        else:
            yield shift
        at = shift.to


def _shift(roster: Roster, role: TurnRole, slot: int, found: Look) -> Shift:
    """The place's shift; one that was worked out before is found again by what decided it."""
    seen = index(roster).shifts
    plans = tuple(holder.within.from_ for holder in found.holders)
    key = (role, slot, found.around.from_, plans)
    shift = seen.get(key)
    if shift is None:
        if len(seen) >= MAX_CACHED_SHIFTS:
            seen.clear()
        shift = seen[key] = _work_out(roster, role, slot, found)
    return shift


def _work_out(roster: Roster, role: TurnRole, slot: int, found: Look) -> Shift:
    holder = found.holders[slot]
    from_, to = _extent(roster, role, slot, found)
    reason = _why(roster, role, slot, holder)
    replaced = holder.planned if holder.override else None
    return Shift(role, slot, holder.person, from_, to, reason, replaced, holder.override)


def _extent(roster: Roster, role: TurnRole, slot: int, found: Look) -> tuple[datetime, datetime]:
    """As far to both sides as the same turn or override goes on."""
    holder = found.holders[slot]
    limit = holder.limit

    def goes_on(moment: datetime) -> Look | None:
        there = look(roster, role, moment)
        return there if there.holders[slot].is_same_shift(holder) else None

    from_, to = found.stretch(slot)
    while to < limit.to and (further := goes_on(to)):
        to = further.stretch(slot)[1]
    while from_ > limit.from_ and (further := goes_on(from_ - datetime.resolution)):
        from_ = further.stretch(slot)[0]
    return max(from_, limit.from_), min(to, limit.to)


def _why(roster: Roster, role: TurnRole, slot: int, holder: Holder) -> Reason:
    if holder.override:
        note = holder.override.note or None
        planned = roster.name_of(holder.planned) if holder.planned else None
        return because(RosterCode.OVERRIDE, instead_of=planned, note=note)
    turn = holder.turn
    if turn is None:
        return because(RosterCode.NO_ROTATION, role=MessageRef(f"role.{role}"))
    is_next = role is Role.BACKUP and roster.slots(role)[slot].backup_is_next
    code = RosterCode.NEXT_IN_LINE if is_next else RosterCode.ROTATION
    if not turn.is_turn and turn.nobody:
        code = turn.nobody
    elif holder.person is None:
        code = RosterCode.NOBODY_NEXT_IN_LINE if is_next else RosterCode.ROTATION_EMPTY
    return because(code, rotation=turn.turns.rotation.id)
