"""The duty as somebody asks for it by SMS: who has it, and the running shift that they can take.

Everything by the functions that calls are routed by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, RefValue, ref
from app.domain.roles import Role
from app.domain.roster.duty_status import duty_status
from app.domain.roster.on_duty import OnDuty, on_duty
from app.domain.roster.plan import Roster, absences_of
from app.domain.roster.shifts import shifts_at

LONGEST_TAKEN: Final = timedelta(days=1)  # of a gap, which may last for months


@dataclass(frozen=True, slots=True)
class RunningShift:
    """What is left of the shift of the first who is rung; `person` is None where nobody has it."""

    person: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class HasDuty:
    """It is theirs already."""

    until: datetime


def running_shift(roster: Roster, person: str, now: datetime) -> RunningShift | HasDuty | None:
    """Say what somebody takes who takes the duty now; None where the roster has no such place.

    It ends before they are absent: nobody would have the duty then.
    """
    away = (each.from_ for each in absences_of(roster, person) if each.from_ > now)
    there_until = min(away, default=datetime.max.replace(tzinfo=UTC))
    for each in on_duty(roster, now).ringing:
        if each.role is Role.PRIMARY and each.person and each.to:
            if each.person.id == person:
                return HasDuty(each.to)
            return RunningShift(each.person.id, min(each.to, there_until))
    shift = next((each for each in shifts_at(roster, now) if each.role is Role.PRIMARY), None)
    if shift is None:
        return None
    return RunningShift(shift.person, min(shift.to, now + LONGEST_TAKEN, there_until))


def who_is_on_duty(desks: Sequence[Desk], roster: Roster, now: datetime) -> tuple[MessageRef, ...]:
    """Tell of each desk who would be rung now, in order, and until when. No numbers."""
    return tuple(_at_desk(desk, roster, now) for desk in desks)


def _at_desk(desk: Desk, roster: Roster, now: datetime) -> MessageRef:
    status = duty_status(desk, roster, now)
    people = [each for each in status.ringing if each.role is not Role.LAST_RESORT]
    if people:
        return _and_then(desk, people)
    nobody = ref("sms_staff.nobody_on_duty", desk=desk.name)
    if status.handover and status.after:
        next_one = _name(status.after[0])
        return ref("sms_staff.nobody_until", desk=desk.name, who=next_one, since=status.handover)
    return nobody


def _and_then(desk: Desk, people: list[OnDuty]) -> MessageRef:
    first, *others = people
    if first.to is None:
        return ref("sms_staff.nobody_on_duty", desk=desk.name)
    told: dict[str, RefValue] = {"desk": desk.name, "who": _name(first), "until": first.to}
    if not others:
        return ref("sms_staff.on_duty", **told)
    return ref("sms_staff.on_duty_then", **told, then=", ".join(map(_name, others)))


def _name(entry: OnDuty) -> str:
    return entry.person.name if entry.person else ""
