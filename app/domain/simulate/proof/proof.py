"""The proof: every call that could be made in a span of time, and which of them reach nobody.

Simulates are verdicts.py, the moments instants.py; how it is shown is left to the commands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from app.domain.desks.desk import Desk, Priority
from app.domain.reasons import Code
from app.domain.roster.coverage import backup_lost, uncovered, with_backup, without_backup
from app.domain.roster.on_duty import Roster
from app.domain.simulate.proof.callers import Caller, callers
from app.domain.simulate.proof.instants import changes, moments, settled, to_changes
from app.domain.simulate.proof.outlook import Outlook, Outlooks
from app.domain.simulate.proof.verdicts import CallAttempt, Verdict, is_hole, verdict
from app.domain.simulate.simulation import SimulationFacts
from app.domain.time.intervals import Interval, Intervals, total, union

MOMENT: Final = timedelta(minutes=1)

# Who calls whom about what; a caller is told by agreement and by whether anybody knows them.
ClassKey = tuple[Priority, str, str, bool]


@dataclass(frozen=True, slots=True)
class SilentClass:
    """Calls of one kind that end without anybody having been rung, for the same reasons."""

    attempt: CallAttempt
    causes: tuple[Code, ...]
    when: Intervals
    is_hole: bool  # the documents say that somebody should have been rung
    at: datetime  # an example
    keys: tuple[str, ...]

    @property
    def key(self) -> ClassKey:
        """What the class is about, without its reasons."""
        return key_of(self.attempt)


@dataclass(frozen=True, slots=True)
class Reach:
    """How few telephones a call of one kind rings at its worst while nobody answers, and when."""

    attempt: CallAttempt
    fewest: int
    at: datetime
    connects: bool = True
    rung: tuple[tuple[int, Intervals], ...] = ()  # how many telephones ring, and when so many


@dataclass(frozen=True, slots=True)
class Proof:
    """What was simulated, what rings nobody, and the hours of duty that nobody covers."""

    desk: Desk
    span: Interval
    changes: int
    moments: int
    simulations: int
    reaches: tuple[Reach, ...]  # one for each kind of call
    silent: tuple[SilentClass, ...]  # critical ones first
    uncovered: Intervals
    with_backup: Intervals = ()  # when somebody on duty who can be rung is behind the first one
    without_backup: Intervals = ()  # hours of duty in which nobody is
    backup_lost: Intervals = ()  # of these, where the rotations by themselves have somebody

    @property
    def has_holes(self) -> bool:
        """Tell whether the documents promise somebody where there is nobody."""
        return bool(
            self.uncovered
            or any(each.is_hole for each in self.silent)
            or any(not each.connects for each in self.reaches)
        )


def key_of(attempt: CallAttempt) -> ClassKey:
    """What a call is about: priority, line, agreement, and whether the caller is unknown."""
    caller = attempt.caller
    return (attempt.priority, attempt.line, caller.agreement, caller.is_unknown)


def prove(facts: SimulationFacts, span: Interval) -> Proof:
    """Simulate every kind of call at every moment of the span that could differ from the last.

    What is found at a moment holds until the next one. Facts need a desk.
    """
    desk, roster = facts.desk, facts.roster
    assert desk is not None
    who = callers(desk, facts.customers)
    known = tuple(caller.customer for caller in who if caller.customer)
    changing = changes(desk, roster, span)
    looked_at = moments(changing, span)
    stretches = _stretches(Outlooks(desk, roster, changing), looked_at, span)
    attempts = _attempts(desk, who)
    found = {
        attempt: _found(replace(facts, customers=known), attempt, stretches) for attempt in attempts
    }
    return Proof(
        desk,
        span,
        len(changing),
        len(looked_at),
        sum(each.simulations for verdicts in found.values() for each, _ in verdicts),
        tuple(_reach(attempt, verdicts, changing) for attempt, verdicts in found.items()),
        tuple(
            each
            for attempt in attempts
            for each in _silent(desk, attempt, found[attempt], changing)
        ),
        _uncovered(desk, roster, span),
        *_backup_coverage(desk, roster, span),
    )


def _attempts(desk: Desk, who: tuple[Caller, ...]) -> tuple[CallAttempt, ...]:
    """Every kind of call, critical ones first."""
    return tuple(
        CallAttempt(line.number, caller, priority)
        for priority in Priority
        for line in desk.lines
        for caller in who
    )


def _stretches(
    outlooks: Outlooks, looked_at: tuple[datetime, ...], span: Interval
) -> dict[Outlook, Intervals]:
    """When each outlook holds: from a moment that has it until the next moment."""
    pieces: dict[Outlook, list[Interval]] = {}
    for at, following in pairwise((*looked_at, span.to)):
        pieces.setdefault(outlooks.at(at), []).append(Interval(at, following))
    return {outlook: union(each) for outlook, each in pieces.items()}


Found = list[tuple[Verdict, Intervals]]


def _found(
    facts: SimulationFacts, attempt: CallAttempt, stretches: dict[Outlook, Intervals]
) -> Found:
    return [(verdict(facts, attempt, when[0].from_), when) for when in stretches.values()]


def _reach(attempt: CallAttempt, found: Found, changing: tuple[datetime, ...]) -> Reach:
    worst, when = min(found, key=lambda each: (each[0].rung, -total(each[1])))
    connects = all(each.connects or each.is_silent for each, _ in found)
    by_count: dict[int, list[Intervals]] = {}
    for each, some in found:
        by_count.setdefault(each.rung, []).append(some)
    rung = tuple((n, to_changes(union(*by_count[n]), changing)) for n in sorted(by_count))
    return Reach(attempt, worst.rung, when[0].from_, connects, rung)


def _silent(
    desk: Desk, attempt: CallAttempt, found: Found, changing: tuple[datetime, ...]
) -> Iterator[SilentClass]:
    by_cause: dict[tuple[Code, ...], Found] = {}
    for each, when in found:
        if each.is_silent:
            by_cause.setdefault(each.causes, []).append((each, when))
    for causes, same in by_cause.items():
        when = settled(union(*(stretches for _, stretches in same)), changing)
        at = example(when)
        keys = next(each.keys for each, some in same if any(at in stretch for stretch in some))
        yield SilentClass(attempt, causes, when, is_hole(desk, attempt, causes), at, keys)


def example(when: Intervals) -> datetime:
    """The beginning of the first stretch that is more than a moment around a change."""
    return next((each.from_ for each in when if each.length > MOMENT), when[0].from_)


def _uncovered(desk: Desk, roster: Roster | None, span: Interval) -> Intervals:
    if desk.duty is None:
        return ()
    plan = roster or Roster("", desk.time_zone)  # a duty without a roster is covered by nobody
    calendars = desk.telephone_calendars()
    return uncovered(plan, desk.duty.hours, calendars, span)


def _backup_coverage(desk: Desk, roster: Roster | None, span: Interval) -> Iterator[Intervals]:
    """When somebody is behind the first one on duty, when nobody, and when nobody any more."""
    if desk.duty is None or roster is None:
        yield from ((), (), ())
        return
    asked = (roster, desk.duty.hours, desk.telephone_calendars(), span)
    yield with_backup(roster, span)
    yield without_backup(*asked)
    yield backup_lost(*asked)
