"""Who is on duty at a desk at a moment, in ringing order, with every reason.

Puts together what on_duty.py and duty_hours.py calculate; calculates nothing itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.desks.desk import Desk, Duty
from app.domain.desks.duty_hours import in_duty_hours, next_duty, told_duty_hours
from app.domain.message_refs import MessageRef
from app.domain.reasons import Code, DutyHoursCode, Reason, RosterCode, because, known
from app.domain.roles import Role
from app.domain.roster.on_duty import DutyList, OnDuty, Roster, Shadow, on_duty
from app.domain.roster.shifts import shifts_at
from app.domain.time.segments import END


@dataclass(frozen=True, slots=True)
class PersonReason(Reason):
    """A reason why somebody is rung or not; `told_as` is the text that names them too."""

    told_as: str = ""

    @property
    def ref(self) -> MessageRef:
        """Return the text that tells it."""
        return MessageRef(self.told_as, self.values)


@dataclass(frozen=True, slots=True)
class DutyStatus:
    """Who would be rung, in order, and why. `handover` is the next moment at which it changes."""

    at: datetime
    ringing: tuple[OnDuty, ...] = ()
    reasons: tuple[Reason, ...] = ()
    shadows: tuple[Shadow, ...] = ()  # who only get the duty's SMS, now
    handover: datetime | None = None
    after: tuple[OnDuty, ...] = ()  # who has duty from the handover on


def duty_status(desk: Desk, roster: Roster | None, at: datetime) -> DutyStatus:
    """Tell who is on duty; nobody, with the reason, in a gap or without a duty."""
    if desk.duty is None:
        return DutyStatus(at, reasons=(because(Code.DESK_HAS_NO_DUTY), *_empty(roster, at)))
    hours = in_duty_hours(desk.duty.hours, desk.telephone_calendars(), at)
    in_hours = told_duty_hours(hours)
    if roster is None:
        return DutyStatus(at, reasons=(in_hours, because(RosterCode.NO_ROSTER)))
    if not hours and hours.reason.code is not DutyHoursCode.DESK_STAFFED:
        return _nobody_is_there(desk, desk.duty, roster, at, in_hours)
    listed = on_duty(roster, at)
    handover = _handover(roster, listed, at)
    return DutyStatus(
        at,
        listed.ringing,
        (in_hours, *_reasons(roster, at)),
        tuple(each for each in listed.shadows if each.hindrance is None),
        handover,
        _people(on_duty(roster, handover).ringing) if handover else (),
    )


def _handover(roster: Roster, listed: DutyList, at: datetime) -> datetime | None:
    """When the first of them hands over; with nobody there, when somebody may have it next."""
    ends = [entry.to for entry in listed.ringing if entry.to]
    ends = ends or [shift.to for shift in shifts_at(roster, at)]
    return min((end for end in ends if end != END), default=None)


def _nobody_is_there(
    desk: Desk, duty: Duty, roster: Roster, at: datetime, why: Reason
) -> DutyStatus:
    """In a gap nobody is on duty, whoever's week it is; next come those with whom it begins."""
    begins = next_duty(duty.hours, desk.telephone_calendars(), at)
    after = _people(on_duty(roster, begins).ringing) if begins else ()
    return DutyStatus(at, reasons=(why,), handover=begins, after=after)


def _empty(roster: Roster | None, at: datetime) -> tuple[Reason, ...]:
    """Why the roster of a desk without duty gives nobody."""
    return on_duty(roster, at).gaps if roster else (because(RosterCode.NO_ROSTER),)


def _reasons(roster: Roster, at: datetime) -> Iterator[Reason]:
    listed = on_duty(roster, at)
    for entry in listed.ringing:
        yield from _why_listed(entry)
    for skipped in listed.skipped:
        yield _about("duty.skipped", skipped.why, roster.name_of(skipped.person), skipped.role)
    for shadow in listed.shadows:
        text = "duty.skipped" if shadow.hindrance else "duty.listed"
        yield _about(text, shadow.hindrance or shadow.why, shadow.person.name, Role.SHADOW)
    yield from listed.gaps


def _why_listed(entry: OnDuty) -> Iterator[Reason]:
    if entry.person is None:
        yield because(RosterCode.LAST_RESORT)
        return
    for why in entry.why:
        yield _about("duty.listed", why, entry.person.name, entry.role)


def _about(text: str, why: Reason, name: str, role: Role) -> PersonReason:
    values = known(name=name, role=MessageRef(f"role.{role}"), why=why.ref)
    return PersonReason(why.code, values, text)


def _people(ringing: tuple[OnDuty, ...]) -> tuple[OnDuty, ...]:
    return tuple(entry for entry in ringing if entry.role is not Role.LAST_RESORT)
