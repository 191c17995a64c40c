"""Rest that call-outs have broken: 11 hours in a day, 35 hours in a week (aml § 10-8).

Home duty is rest until somebody is called out. A day begins with the work after a rest, and the
next rest of 11 hours has to lie in the 24 hours from there. A week is a calendar week; a rest
belongs to the week in which it begins. What breaks rest without any call-out is not told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.reasons import CountedCode, Reason, because
from app.domain.roster.working_hours.call_out_time import CallOutTime, worked
from app.domain.time.intervals import Interval, Intervals, complement, union, within
from app.domain.time.wall_time import starts_at, wall

DAY: Final = timedelta(hours=24)
LOOK_AROUND: Final = timedelta(days=9)  # beyond the period: what a week's rest may reach to


class RestKind(StrEnum):
    """Which rest."""

    DAILY = "daily"
    WEEKLY = "weekly"


LEAST: Final = {RestKind.DAILY: timedelta(hours=11), RestKind.WEEKLY: timedelta(hours=35)}
CODES: Final = {
    RestKind.DAILY: CountedCode.DAILY_REST,
    RestKind.WEEKLY: CountedCode.WEEKLY_REST,
}


@dataclass(frozen=True, slots=True)
class BrokenRest:
    """A day or a week in which call-outs left somebody no rest that is long enough."""

    person: str
    kind: RestKind
    within: Interval
    longest: timedelta
    call_outs: tuple[CallOutTime, ...]
    why: Reason


@dataclass(frozen=True, slots=True)
class PersonsWork:
    """When a person works as usual, and when they were called out besides."""

    person: str
    ordinary: Intervals
    call_outs: tuple[CallOutTime, ...]


def broken_rest(work: PersonsWork, span: Interval, zone: ZoneInfo) -> Iterator[BrokenRest]:
    """Yield the days and weeks that begin in a span. The work around it has to be known as well."""
    if work.call_outs:
        yield from _of_days(work, span)
        yield from _of_weeks(work, span, zone)


def _of_days(work: PersonsWork, span: Interval) -> Iterator[BrokenRest]:
    all_work = union(work.ordinary, worked(work.call_outs))
    least, begins = LEAST[RestKind.DAILY], all_work[0].from_
    while begins < span.to:
        day = Interval(begins, begins + DAY)
        rest = next((each for each in _free(all_work, day) if each.length >= least), None)
        if rest is None and begins >= span.from_:
            yield from _broken(work, RestKind.DAILY, day, _longest(_free(all_work, day)))
        following = _work_from(all_work, rest.to if rest else day.to)
        if following is None:
            return
        begins = following


def _work_from(all_work: Intervals, at: datetime) -> datetime | None:
    """The first instant of work from one on."""
    return next((max(each.from_, at) for each in all_work if each.to > at), None)


def _of_weeks(work: PersonsWork, span: Interval, zone: ZoneInfo) -> Iterator[BrokenRest]:
    all_work = union(work.ordinary, worked(work.call_outs))
    for week in _weeks(span, zone):
        around = Interval(week.from_, week.to + LOOK_AROUND)
        longest = _longest(each for each in _free(all_work, around) if each.from_ < week.to)
        if longest < LEAST[RestKind.WEEKLY]:
            yield from _broken(work, RestKind.WEEKLY, week, longest)


def _broken(
    work: PersonsWork, kind: RestKind, where: Interval, longest: timedelta
) -> Iterator[BrokenRest]:
    """The call-outs have broken it where the ordinary hours alone would have left it."""
    called = tuple(each for each in work.call_outs if _meets(each.interval, where))
    usual = _longest(_free(work.ordinary, where))
    if called and usual >= LEAST[kind]:
        why = because(CODES[kind], least=LEAST[kind] // timedelta(hours=1))
        yield BrokenRest(work.person, kind, where, longest, called, why)


def _weeks(span: Interval, zone: ZoneInfo) -> Iterator[Interval]:
    """The calendar weeks that begin in a span."""
    first = span.from_.astimezone(zone).date()
    monday = first - timedelta(days=first.weekday())
    while (begins := starts_at(wall(monday, 0), zone)) < span.to:
        monday += timedelta(days=7)
        if begins >= span.from_:
            yield Interval(begins, starts_at(wall(monday, 0), zone))


def _free(work: Intervals, span: Interval) -> Intervals:
    return complement(within(work, span), span.from_, span.to)


def _longest(pieces: Iterable[Interval]) -> timedelta:
    return max((each.length for each in pieces), default=timedelta())


def _meets(one: Interval, other: Interval) -> bool:
    return one.from_ < other.to and other.from_ < one.to
