"""Who is fairest to take a shift: everybody, the one with the least duty this year first.

Whoever cannot take it comes last, with why not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final

from app.domain.reasons import FigureKind, Reason, RosterCode, because
from app.domain.roster.plan import Roster, absences_of
from app.domain.roster.working_hours.balance import PersonsBalance
from app.domain.roster.working_hours.call_out_time import CallOutTime
from app.domain.roster.working_hours.duty_time import DutyTime, duty_times
from app.domain.roster.working_hours.numbers_written import quantity
from app.domain.roster.working_hours.report import Sources, balance_over, year_of
from app.domain.time.intervals import Interval, Intervals, intersect, union

FAR_ENOUGH: Final = timedelta(days=14)  # rest that nobody has to be told of


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might take a shift.

    `rest_before` and `rest_after` are the time to their nearest duty or call-out; None where
    there is none within a fortnight.
    """

    person: str
    name: str
    balance: PersonsBalance | None  # of the year; None for whoever takes no turns
    conflicts: tuple[Reason, ...]
    rest_before: timedelta | None
    rest_after: timedelta | None

    @property
    def hours(self) -> int:
        """Hours of duty in the year, what is planned included."""
        return round(quantity(self.balance.of(FigureKind.DUTY).amount)) if self.balance else 0

    @property
    def percent(self) -> int | None:
        """How much of an equal share that is; None for whoever takes no turns."""
        return self.balance.of(FigureKind.DUTY).percent if self.balance else None


def candidates(sources: Sources, shift: Interval) -> tuple[Candidate, ...]:
    """Everybody on the roster, the fairest first."""
    roster = sources.roster
    balance = {each.person: each for each in balance_over(sources, year_of(shift, sources.zone))}
    around = Interval(shift.from_ - FAR_ENOUGH, shift.to + FAR_ENOUGH)
    duty, called = duty_times(sources.plans, around), sources.call_outs
    found = [
        Candidate(
            person.id,
            person.name,
            balance.get(person.id),
            tuple(_conflicts(roster, person.id, shift, duty)),
            *_rest(_work_of(person.id, duty, called), shift),
        )
        for person in roster.people
    ]
    return tuple(sorted(found, key=_unfairness))


def _unfairness(candidate: Candidate) -> tuple[bool, bool, Fraction]:
    """Who has no share comes after those who have, and who cannot take it last of all."""
    balance = candidate.balance
    load = balance.of(FigureKind.DUTY).load if balance else None
    return bool(candidate.conflicts), load is None, load or Fraction()


def _conflicts(
    roster: Roster, person: str, shift: Interval, duty: tuple[DutyTime, ...]
) -> Iterator[Reason]:
    known = roster.person(person)
    if known is None or not known.numbers:
        yield because(RosterCode.NO_NUMBER)
    if intersect(absences_of(roster, person), (shift,)):
        yield because(RosterCode.ABSENT)
    own = (each.interval for each in duty if each.person == person)
    if intersect(own, (shift,)):
        yield because(RosterCode.ALREADY_ON_DUTY, person=roster.name_of(person))


def _work_of(person: str, duty: tuple[DutyTime, ...], called: tuple[CallOutTime, ...]) -> Intervals:
    on_duty = (each.interval for each in duty if each.person == person)
    at_work = (each.interval for each in called if each.person == person)
    return union(on_duty, at_work)


def _rest(work: Intervals, shift: Interval) -> tuple[timedelta | None, timedelta | None]:
    before = [shift.from_ - each.to for each in work if each.to <= shift.from_]
    after = [each.from_ - shift.to for each in work if each.from_ >= shift.to]
    return _near(before), _near(after)


def _near(gaps: list[timedelta]) -> timedelta | None:
    nearest = min(gaps, default=FAR_ENOUGH)
    return nearest if nearest < FAR_ENOUGH else None
