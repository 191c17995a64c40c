"""A desk that is open Monday to Friday 08-16, its duty at all other times, and who counts it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.desks.duty_hours import DutyHours
from app.domain.reasons import FigureKind
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.call_out_time import CallOutTime
from app.domain.roster.working_hours.duty_time import DeskDuty, PlanInForce
from app.domain.roster.working_hours.figures import Amount
from app.domain.roster.working_hours.report import PersonsHours, Sources, persons_hours
from app.domain.time.intervals import Interval
from tests.domain.time.wall_clock import oslo, weekdays_8_to_16

UNSTAFFED = DeskDuty("desk", DutyHours(when_unstaffed=True), (weekdays_8_to_16(),))
ALL_TIME = Interval(oslo("2020-01-01 00:00"), oslo("2035-01-01 00:00"))


def sources(roster: Roster, *desks: DeskDuty, call_outs: Iterable[CallOutTime] = ()) -> Sources:
    """One plan for all time."""
    return Sources.of(
        roster, (PlanInForce(ALL_TIME, roster, desks or (UNSTAFFED,)),), tuple(call_outs)
    )


def span(from_: str, to: str) -> Interval:
    """A period between two wall times in Oslo."""
    return Interval(oslo(from_), oslo(to))


def called_out(
    person: str, from_: str, to: str, about: str = "", *, confirmed: bool = False
) -> CallOutTime:
    return CallOutTime(person, span(from_, to), about, is_confirmed=confirmed)


def of(found: Iterable[PersonsHours], person: str) -> PersonsHours:
    return next(each for each in found if each.person == person)


def counted(counts: Sources, period: Interval, person: str, kind: FigureKind) -> Amount:
    return of(persons_hours(counts, period), person).of(kind)


def hours(amount: Amount) -> float:
    assert isinstance(amount, timedelta)
    return amount / timedelta(hours=1)


def days(from_: datetime, count: int) -> Interval:
    return Interval(from_, from_ + timedelta(days=count))
