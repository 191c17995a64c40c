"""After the night: people confirm when they were called out, or say when it really was."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.actions.roster.entry_audit import wall
from app.actions.roster.report_hours import load_plans
from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, Values, audit_event
from app.domain.access.users import PersonLink
from app.domain.calls.call import LONGEST_CALL
from app.domain.message_refs import MessageError, ref
from app.domain.roster.working_hours.call_out_confirmation import (
    LOOK_BACK,
    CallOutRefusal,
    refusal_of,
)
from app.domain.roster.working_hours.call_out_time import (
    CallOutTime,
    is_still_said,
    measured_as_one,
)
from app.domain.roster.working_hours.counting_call_outs import begun_on_duty
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.audit import add_audit_event
from app.store.confirmed_call_outs import (
    AboutCall,
    about_calls,
    confirmed_call_outs,
    save_confirmed_call_out,
)
from app.store.plan_history import call_outs_between
from app.store.roster_entries import lock_roster


@dataclass(frozen=True, slots=True)
class OwnCallOut:
    """A call that somebody took, as it was measured, and what they say of it."""

    measured: CallOutTime
    said: CallOutTime | None
    desk: str  # its name
    ticket: int | None


@dataclass(frozen=True, slots=True)
class SaidCallOut:
    """What somebody says: about which call, from when to when, and why it is another time."""

    about: str
    when: Interval
    reason: str = ""


def own_call_outs(
    database: Database, in_use: RosterInUse, person: str, now: datetime
) -> tuple[OwnCallOut, ...]:
    """List the calls of the last month that somebody took and that are over, the newest first."""
    with database.read() as connection:
        measured = _measured(connection, in_use, person, now)
        about = about_calls(connection, [each.about for each in measured])
        said = {each.about: each for each in _said(connection, in_use, person, now)}
    names = {desk.id: desk.name for desk in in_use.desks}
    nowhere = AboutCall("", None)
    return tuple(
        OwnCallOut(each, _still_said(said.get(each.about), each), names.get(at.desk, ""), at.ticket)
        for each in reversed(measured)
        for at in (about.get(each.about, nowhere),)
    )


def confirm_call_out(
    database: Database, whose: PersonLink, said: SaidCallOut, by: Author
) -> CallOutTime:
    """Store what somebody says of a call of theirs; MessageError says what is wrong."""
    return database.write(partial(_confirm, whose=whose, said=said, by=by))


def _confirm(
    connection: Connection, whose: PersonLink, said: SaidCallOut, by: Author
) -> CallOutTime:
    lock_roster(connection, whose.roster)
    in_use = roster_in_use(connection, whose.roster)
    found = _measured(connection, in_use, whose.person, by.at) if in_use else ()
    measured = next((each for each in found if each.about == said.about), None)
    if in_use is None or measured is None:
        raise _refused(CallOutRefusal.UNKNOWN)
    reason = " ".join(said.reason.split())
    why_not = refusal_of(measured.interval, said.when, reason, by.at)
    if why_not:
        raise _refused(why_not)
    before = next(
        (
            each
            for each in _said(connection, in_use, whose.person, by.at)
            if each.about == said.about
        ),
        None,
    )
    after = replace(
        measured,
        interval=said.when,
        is_confirmed=True,
        measured=measured.interval,
        reason=reason,
        is_over=True,
    )
    if before == after:
        return before  # said twice
    save_confirmed_call_out(connection, whose.roster, after, by)
    _audit(connection, in_use, before, after, by)
    return after


def _refused(why: CallOutRefusal) -> MessageError:
    return MessageError(ref(f"call_out_refused.{why}"))


def _measured(
    connection: Connection, in_use: RosterInUse, person: str, now: datetime
) -> tuple[CallOutTime, ...]:
    span = Interval(now - LOOK_BACK, now)
    found = call_outs_between(connection, [each.id for each in in_use.desks], span)
    theirs = [each for each in found if each.person == person]
    if not theirs:
        return ()
    # Whoever had this id on the desk's roster before may be somebody else.
    plans = load_plans(connection, [in_use.id], {each.desk for each in theirs}, span)
    counting = measured_as_one(begun_on_duty(plans, theirs))
    # No call is longer than that: of an older one the end was never told.
    longest = now - LONGEST_CALL
    return tuple(each for each in counting if each.is_over or each.interval.from_ < longest)


def _still_said(said: CallOutTime | None, measured: CallOutTime) -> CallOutTime | None:
    return said if said and is_still_said(said, measured) else None


def _said(
    connection: Connection, in_use: RosterInUse, person: str, now: datetime
) -> tuple[CallOutTime, ...]:
    desks = [each.id for each in in_use.desks]
    found = confirmed_call_outs(connection, desks, Interval(now - LOOK_BACK, now))
    return tuple(each for each in found if each.person == person)


def _audit(
    connection: Connection,
    in_use: RosterInUse,
    before: CallOutTime | None,
    after: CallOutTime,
    by: Author,
) -> None:
    zone = ZoneInfo(in_use.plan.time_zone)
    was: Values = _values(before, zone) if before else {}
    told = {**_values(after, zone), "duty_person": in_use.plan.name_of(after.person)}
    subject = Subject(SubjectKind.ROSTER, in_use.id)
    event = audit_event(AuditKind.CALL_OUT_CONFIRMED, by, subject, was, told)
    add_audit_event(connection, event)


def _values(one: CallOutTime, zone: ZoneInfo) -> Values:
    measured = one.measured or one.interval
    return {
        "since": wall(one.interval.from_, zone),
        "until": wall(one.interval.to, zone),
        "measured_since": wall(measured.from_, zone),
        "measured_until": wall(measured.to, zone),
        **({"why": one.reason} if one.reason else {}),
    }
