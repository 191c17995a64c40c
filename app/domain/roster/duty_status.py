"""Who is on duty at a desk at a moment, in ringing order, with every reason.

Puts together what on_duty.py and duty_hours.py calculate; calculates nothing itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.desks.desk import Desk, Duty
from app.domain.reasons import Reason
from app.domain.roles import Role
from app.domain.roster.duty_hours import DutyReason, duty_code, in_duty_hours, next_duty
from app.domain.roster.hours_values import duty_hours_values
from app.domain.roster.on_duty import OnDuty, Roster, on_duty
from app.domain.texts.message import MessageRef, Value
from app.domain.time.segments import END

# Details that are keys of a name in the texts, and under which heading it stands there.
MESSAGE_PREFIXES: Final = {"role": "role"}
PEOPLE: Final = frozenset({"person", "instead_of"})


@dataclass(frozen=True, slots=True)
class DutyStatusReason:
    """One reason: its code, and the text of ours that tells it."""

    code: str
    key: str
    values: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class DutyStatus:
    """Who would be rung, in order, and why. `handover` is the next moment at which it changes."""

    at: datetime
    ringing: tuple[OnDuty, ...] = ()
    reasons: tuple[DutyStatusReason, ...] = ()
    handover: datetime | None = None
    after: tuple[OnDuty, ...] = ()  # who has duty from the handover on


def duty_status(desk: Desk, roster: Roster | None, at: datetime) -> DutyStatus:
    """Tell who is on duty; nobody, with the reason, in a gap or without a duty."""
    if desk.duty is None:
        return DutyStatus(at, reasons=(*_no_duty(), *_empty(roster, at)))
    hours = in_duty_hours(desk.duty.hours, desk.telephone_calendars(), at)
    code = duty_code(hours).value
    in_hours = DutyStatusReason(code, f"reason.{code}", tuple(duty_hours_values(hours).items()))
    if roster is None:
        return DutyStatus(at, reasons=(in_hours, DutyStatusReason("no_roster", "duty.no_roster")))
    if not hours and hours.reason is not DutyReason.DESK_STAFFED:
        return _nobody_is_there(desk, desk.duty, roster, at, in_hours)
    listed = on_duty(roster, at)
    ends = [entry.to for entry in listed.ringing if entry.to and entry.to != END]
    handover = min(ends, default=None)
    return DutyStatus(
        at,
        listed.ringing,
        (in_hours, *_reasons(roster, at)),
        handover,
        _people(on_duty(roster, handover).ringing) if handover else (),
    )


def _nobody_is_there(
    desk: Desk, duty: Duty, roster: Roster, at: datetime, why: DutyStatusReason
) -> DutyStatus:
    """In a gap nobody is on duty, whoever's week it is; next come those with whom it begins."""
    begins = next_duty(duty.hours, desk.telephone_calendars(), at)
    after = _people(on_duty(roster, begins).ringing) if begins else ()
    return DutyStatus(at, reasons=(why,), handover=begins, after=after)


def _no_duty() -> tuple[DutyStatusReason, ...]:
    return (DutyStatusReason("desk_has_no_duty", "reason.desk_has_no_duty"),)


def _empty(roster: Roster | None, at: datetime) -> Iterator[DutyStatusReason]:
    """Why the roster of a desk without duty gives nobody."""
    if roster is None:
        yield DutyStatusReason("no_roster", "duty.no_roster")
        return
    for gap in on_duty(roster, at).gaps:
        yield _because(gap, roster)


def _reasons(roster: Roster, at: datetime) -> Iterator[DutyStatusReason]:
    listed = on_duty(roster, at)
    for entry in listed.ringing:
        yield from _why_listed(entry, roster)
    for skipped in listed.skipped:
        name = _name(skipped.person, roster)
        values = (*reason_values(skipped.why, roster), ("name", name), ("why", _named(skipped.why)))
        yield DutyStatusReason(skipped.why.code, "duty.skipped", values)
    for gap in listed.gaps:
        yield _because(gap, roster)


def _why_listed(entry: OnDuty, roster: Roster) -> Iterator[DutyStatusReason]:
    if entry.person is None:
        yield DutyStatusReason("last_resort", "duty.last_resort")
        return
    for why in entry.why:
        role = MessageRef(f"role.{entry.role}")
        own = (("name", entry.person.name), ("role", role), ("why", _named(why)))
        values = tuple((k, v) for k, v in reason_values(why, roster) if k not in dict(own))
        yield DutyStatusReason(why.code, "duty.listed", (*values, *own))


def _because(why: Reason, roster: Roster) -> DutyStatusReason:
    return DutyStatusReason(why.code, f"roster.{why.code}", reason_values(why, roster))


def _named(why: Reason) -> MessageRef:
    return MessageRef(f"roster.{why.code}")


def reason_values(why: Reason, roster: Roster) -> tuple[tuple[str, Value], ...]:
    """What fills the sentence of a reason, people by their names."""
    return tuple((name, _value(name, value, roster)) for name, value in why.values)


def _value(name: str, value: Value, roster: Roster) -> Value:
    if name in MESSAGE_PREFIXES:
        return MessageRef(f"{MESSAGE_PREFIXES[name]}.{value}")
    return _name(str(value), roster) if name in PEOPLE else value


def _name(person_id: str, roster: Roster) -> str:
    person = roster.person(person_id)
    return person.name if person else person_id


def _people(ringing: tuple[OnDuty, ...]) -> tuple[OnDuty, ...]:
    return tuple(entry for entry in ringing if entry.role is not Role.LAST_RESORT)
