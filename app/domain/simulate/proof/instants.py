"""The instants at which a calendar or a roster changes, and the moments to look at around them.

Whom a call reaches at such a moment is verdicts.py.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.desks.duty_hours import duty_intervals
from app.domain.roster.on_duty import Roster, shifts
from app.domain.roster.plan import days_of
from app.domain.time.calendars import Calendar
from app.domain.time.hours import open_intervals
from app.domain.time.intervals import Interval, Intervals, union

ON_ITS_WAY: Final = timedelta(seconds=3)  # begun before a change, and decided after it

# A minute to each side, and a call that is on its way when it changes.
AROUND: Final = (
    timedelta(minutes=-1),
    -ON_ITS_WAY,
    timedelta(),
    timedelta(minutes=1),
)


def changes(desk: Desk, roster: Roster | None, span: Interval) -> tuple[datetime, ...]:
    """Every instant in the span at which an answer of the desk's documents can change.

    Opening hours of every telephone, the duty's own hours, shifts and absences. Between two
    of them whom a call reaches depends on nothing but how long the call itself takes.
    """
    edges: set[datetime] = set()
    for calendar in desk.telephone_calendars():
        edges.update(_edges(_opening(calendar, span)))
    if desk.duty:
        if desk.duty.hours.own:
            edges.update(_edges(_opening(desk.duty.hours.own, span)))
            calendars = desk.telephone_calendars()
            edges.update(_edges(duty_intervals(desk.duty.hours, calendars, span.from_, span.to)))
        edges.update(_edges(desk.duty.hours.planned_gaps.intervals(span.from_, span.to)))
        if roster:
            edges.update(_edges(_plan(roster, span)))
    return tuple(sorted(edge for edge in edges if span.from_ < edge < span.to))


def moments(changing: Iterable[datetime], span: Interval) -> tuple[datetime, ...]:
    """The moments to simulate: the span's beginning, and every change with both its sides."""
    around = {change + step for change in changing for step in AROUND}
    return tuple(sorted({span.from_} | {at for at in around if at in span}))


def settled(when: Intervals, changing: Iterable[datetime]) -> Intervals:
    """Times that begin and end with a change, not with the calls on their way to it.

    Where only calls on their way are concerned the times stay what they are.
    """
    ends = {change - ON_ITS_WAY: change for change in changing}
    moved = (Interval(ends.get(p.from_, p.from_), ends.get(p.to, p.to)) for p in when)
    return union(moved) or when


def to_changes(when: Intervals, changing: Iterable[datetime]) -> Intervals:
    """Times whose borders are the changes themselves, not the last minute of calls before them."""
    real = set(changing)
    ends = {change + step: change for change in real for step in AROUND if step < timedelta()}
    ends |= {change: change for change in real}
    moved = (Interval(ends.get(p.from_, p.from_), ends.get(p.to, p.to)) for p in when)
    return union(moved)


def _opening(calendar: Calendar, span: Interval) -> Iterator[Interval]:
    """As opening hours and as borders of the duty: they differ in the hour that comes twice."""
    yield from open_intervals(calendar, span.from_, span.to)
    yield from open_intervals(calendar, span.from_, span.to, as_borders=True)


def _plan(roster: Roster, span: Interval) -> Iterator[Interval]:
    for shift in shifts(roster, span.from_, span.to):
        yield shift.interval
    for absence in roster.absences:
        yield Interval(absence.from_, absence.to)
    for person in roster.last_resort:
        yield days_of(roster, person)


def _edges(pieces: Iterable[Interval]) -> Iterator[datetime]:
    return chain.from_iterable((piece.from_, piece.to) for piece in pieces)
