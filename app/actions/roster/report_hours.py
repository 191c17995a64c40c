"""Reports hours of duty: per person and period, with the balance over the year. Changes nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domain.desks.desk import Desk
from app.domain.roster.entries import RosterEntry
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.duty_time import PlanInForce
from app.domain.roster.working_hours.period import read_period
from app.domain.roster.working_hours.plan_history import Version, plans_in_force
from app.domain.roster.working_hours.report import HoursReport, Sources, report, year_of
from app.domain.roster.working_hours.rest import LOOK_AROUND
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.confirmed_call_outs import confirmed_call_outs
from app.store.desks import LiveDesk, list_desks
from app.store.plan_history import call_outs_between, desk_history, roster_history
from app.store.roster_entries import entries_in_force

WhoseHours = tuple[str, Roster, tuple[str, ...]]  # the name of it, the roster, the desks


class HoursRefusal(StrEnum):
    """Why there is no report."""

    UNKNOWN_DESK = "unknown_desk"
    NO_ROSTER = "no_roster"


@dataclass(frozen=True, slots=True)
class HoursOf:
    """Whose hours: of one desk's duty, or of all desks that share its roster.

    The name is a desk's; where no desk is called so, a roster's with all its desks.
    """

    name: str
    whole_roster: bool = False


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """From when to when, as it was written."""

    from_: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class ReportedHours:
    """A report, and what it is about. `corrections` were made for time of it that was gone."""

    name: str
    desks: tuple[str, ...]
    roster: Roster
    report: HoursReport
    corrections: tuple[RosterEntry, ...] = ()


def report_hours(
    database: Database, asked: HoursOf, period: AskedPeriod, now: datetime
) -> ReportedHours | HoursRefusal:
    """Report a period's hours; WrongPeriod for one that cannot be counted."""
    with database.read() as connection:
        found = _found(connection, asked)
        return found if isinstance(found, HoursRefusal) else _report(connection, found, period, now)


def report_hours_of_roster(
    database: Database, roster: str, period: AskedPeriod, now: datetime
) -> ReportedHours | HoursRefusal:
    """Report the hours of a roster, whose id it is: a desk may be called like another's roster."""
    with database.read() as connection:
        found = _of_roster(list_desks(connection), roster)
        return _report(connection, found, period, now) if found else HoursRefusal.NO_ROSTER


def _report(
    connection: Connection, found: WhoseHours, period: AskedPeriod, now: datetime
) -> ReportedHours:
    name, roster, desks = found
    span = read_period(period.from_, period.to, now, roster.time_zone)
    sources = load_sources(connection, roster, desks, span)
    entries = entries_in_force(connection, roster.id)
    corrections = tuple(
        each
        for each in entries
        if each.is_correction and each.dated.from_ < span.to and each.dated.to > span.from_
    )
    return ReportedHours(name, desks, roster, report(sources, span), corrections)


def load_sources(
    connection: Connection, roster: Roster, desks: Collection[str], span: Interval
) -> Sources:
    """Load what the hours of a period, of its year and of rest around it are counted from."""
    year = year_of(span, ZoneInfo(roster.time_zone))
    from_, to = min(span.from_, year.from_), max(span.to, year.to)
    wide = Interval(from_ - LOOK_AROUND, to + LOOK_AROUND)
    versions = [desk_history(connection, desk, wide) for desk in desks]
    rosters = dict.fromkeys(each.document.roster for theirs in versions for each in theirs)
    plans = _plans(connection, filter(None, rosters), versions, wide)
    known = (
        *call_outs_between(connection, desks, wide),
        *confirmed_call_outs(connection, desks, wide),
    )
    return Sources.of(roster, plans, known)


def load_plans(
    connection: Connection, rosters: Iterable[str], desks: Iterable[str], span: Interval
) -> tuple[PlanInForce, ...]:
    """Load the plans of some rosters that had these desks' duty in a span."""
    versions = [desk_history(connection, desk, span) for desk in desks]
    return _plans(connection, rosters, versions, span)


def _plans(
    connection: Connection,
    rosters: Iterable[str],
    versions: Sequence[tuple[Version[Desk], ...]],
    span: Interval,
) -> tuple[PlanInForce, ...]:
    histories = [roster_history(connection, each, span) for each in rosters]
    return tuple(
        plan for each in histories if each for plan in plans_in_force(versions, each, span)
    )


def _found(connection: Connection, asked: HoursOf) -> WhoseHours | HoursRefusal:
    live = list_desks(connection)
    desk = next((each for each in live if each.desk.id == asked.name), None)
    if desk is None:
        return _of_roster(live, asked.name) or HoursRefusal.UNKNOWN_DESK
    if desk.roster is None:
        return HoursRefusal.NO_ROSTER
    if asked.whole_roster:
        return _of_roster(live, desk.roster.id) or HoursRefusal.NO_ROSTER
    return desk.desk.name, desk.roster, (desk.desk.id,)


def _of_roster(live: Collection[LiveDesk], name: str) -> WhoseHours | None:
    theirs = [each for each in live if each.roster and each.roster.id == name]
    roster = theirs[0].roster if theirs else None
    return (name, roster, tuple(each.desk.id for each in theirs)) if roster else None
