"""The whole report of a period: everybody's figures, broken rest, and the balance over the year."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.reasons import FigureKind
from app.domain.roles import ROTATION_ROLES
from app.domain.roster.plan import Roster, absences_of
from app.domain.roster.working_hours.balance import COMPARED, PersonsBalance, balances
from app.domain.roster.working_hours.bands import cut, stretches
from app.domain.roster.working_hours.call_out_time import (
    CallOutTime,
    call_outs_of,
    settled,
)
from app.domain.roster.working_hours.counted_days import day_lengths
from app.domain.roster.working_hours.counting_call_outs import begun_on_duty
from app.domain.roster.working_hours.duty_time import (
    DutyTime,
    PlanInForce,
    duty_hours,
    duty_times,
    intervals_of,
    parts_of,
)
from app.domain.roster.working_hours.figures import Amount, Figure, Period
from app.domain.roster.working_hours.rest import (
    LOOK_AROUND,
    BrokenRest,
    PersonsWork,
    broken_rest,
)
from app.domain.roster.working_hours.rules import WorkingHoursRules
from app.domain.roster.working_hours.shares import share_times
from app.domain.time.hours import open_intervals
from app.domain.time.intervals import Interval, clip, subtract, within
from app.domain.time.wall_time import starts_at, wall


@dataclass(frozen=True, slots=True)
class PersonsHours:
    """What one person had in the period."""

    person: str
    name: str
    figures: tuple[Figure, ...]
    duty: tuple[DutyTime, ...]
    call_outs: tuple[CallOutTime, ...]

    def of(self, kind: FigureKind) -> Amount:
        """The figure of this kind."""
        return next(each.amount for each in self.figures if each.kind is kind)


@dataclass(frozen=True, slots=True)
class Sources:
    """What hours are counted from: the plans in force one after another, and the call-outs.

    Both reach beyond the period: over its year, and as far as rest is looked at. `roster` is the
    roster as it is now: its names, its zone and its rules are used throughout.
    """

    roster: Roster
    plans: tuple[PlanInForce, ...]
    call_outs: tuple[CallOutTime, ...] = ()  # those that count

    @classmethod
    def of(
        cls, roster: Roster, plans: tuple[PlanInForce, ...], known: Iterable[CallOutTime]
    ) -> "Sources":
        """Take of what is known the call-outs that count."""
        return cls(roster, plans, settled(begun_on_duty(plans, known)))

    @property
    def rules(self) -> WorkingHoursRules:
        """By which rules hours are counted."""
        return self.roster.working_hours

    @property
    def zone(self) -> ZoneInfo:
        """The roster's own time zone."""
        return ZoneInfo(self.roster.time_zone)

    def name_of(self, person: str) -> str:
        """A person's name, as the latest plan that has them says it."""
        rosters = (self.roster, *(plan.roster for plan in reversed(self.plans)))
        known = (roster.person(person) for roster in rosters)
        return next((each.name for each in known if each), person)


@dataclass(frozen=True, slots=True)
class HoursReport:
    """A period, everybody's hours in it, and the balance over the year in which it ends.

    `names` has everybody who is named anywhere in it.
    """

    span: Interval
    year: Interval
    people: tuple[PersonsHours, ...]
    rest: tuple[BrokenRest, ...]
    balance: tuple[PersonsBalance, ...]
    names: Mapping[str, str]


def report(sources: Sources, span: Interval) -> HoursReport:
    """Count a period."""
    year = year_of(span, sources.zone)
    people, rest = persons_hours(sources, span), tuple(_broken_rest(sources, span))
    balance = balance_over(sources, year)
    named = {each.person: None for part in (people, rest, balance) for each in part}
    names = {person: sources.name_of(person) for person in named}
    return HoursReport(span, year, people, rest, balance, names)


def year_of(span: Interval, zone: ZoneInfo) -> Interval:
    """The calendar year in which a period ends."""
    year = (span.to - timedelta.resolution).astimezone(zone).year
    first, after = (starts_at(wall(date(each, 1, 1), 0), zone) for each in (year, year + 1))
    return Interval(first, after)


def persons_hours(sources: Sources, span: Interval) -> tuple[PersonsHours, ...]:
    """Everybody who takes turns, had duty, or was called out; in the order of the roster."""
    times, hours = duty_times(sources.plans, span), duty_hours(sources.plans, span)
    days = tuple(stretches(sources.rules, span, sources.zone))
    period = Period(days, day_lengths(cut(hours, days)), sources.rules)
    duty, called = intervals_of(times), call_outs_of(_cut(sources.call_outs, span))
    return tuple(
        PersonsHours(
            person,
            sources.name_of(person),
            period.figures(duty.get(person, ()), called.get(person, ())),
            tuple(each for each in times if each.person == person),
            called.get(person, ()),
        )
        for person in _people(sources, span, {*duty, *called})
    )


# A year takes longer to count than all else on the pages that show it, and each change of a form
# asks for the same one again. What has changed in roster, plans or call-outs is counted anew.
@lru_cache(maxsize=8)
def balance_over(sources: Sources, year: Interval) -> tuple[PersonsBalance, ...]:
    """Everybody's year beside an equal share of it, planned duty included."""
    amounts = {
        each.person: {kind: each.of(kind) for kind in COMPARED}
        for each in persons_hours(sources, year)
    }
    return balances(amounts, share_times(parts_of(sources.plans, year)))


def _broken_rest(sources: Sources, span: Interval) -> Iterator[BrokenRest]:
    """Told of everybody who was called out."""
    around = Interval(span.from_ - LOOK_AROUND, span.to + LOOK_AROUND)
    calendar = sources.rules.ordinary_in(sources.roster.time_zone)
    usual = open_intervals(calendar, around.from_, around.to)
    for person, called in call_outs_of(_cut(sources.call_outs, around)).items():
        ordinary = subtract(usual, within(absences_of(sources.roster, person), around))
        yield from broken_rest(PersonsWork(person, ordinary, called), span, sources.zone)


def _people(sources: Sources, span: Interval, besides: set[str]) -> Iterator[str]:
    """The roster as it is now comes first, then whoever is on it no more."""
    plans = parts_of(sources.plans, span)
    take_turns = {
        person
        for plan in plans
        for rotation in plan.roster.layers
        if rotation.role in ROTATION_ROLES
        for person in rotation.members
    }
    listed = (person.id for plan in (*reversed(plans),) for person in plan.roster.people)
    known = dict.fromkeys((*(person.id for person in sources.roster.people), *listed))
    wanted = take_turns | besides
    yield from (person for person in known if person in wanted)
    yield from sorted(wanted - known.keys())


def _cut(call_outs: Iterable[CallOutTime], span: Interval) -> Iterator[CallOutTime]:
    for each in call_outs:
        for piece in clip((each.interval,), span.from_, span.to):
            yield replace(each, interval=piece)
