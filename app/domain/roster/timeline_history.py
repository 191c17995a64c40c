"""A timeline whose past is drawn as it is counted, and not as today's document would have it.

Documents count from their import on and entries while they stood, as hours are counted. Gaps that
are over are silent: they are places that nobody had.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from app.domain.desks.desk import Desk
from app.domain.roles import Role
from app.domain.roster.entries import with_dated
from app.domain.roster.plan import Roster
from app.domain.roster.timeline import (
    CauseBar,
    CauseKind,
    CauseLine,
    DeskTimes,
    DutyPiece,
    PieceKind,
    ResultLine,
    Timeline,
    timeline,
)
from app.domain.roster.working_hours.plan_history import RosterHistory, as_it_stood
from app.domain.time.intervals import Interval, clip
from app.domain.time.segments import END

Place = tuple[Role, int]


@dataclass(frozen=True, slots=True)
class PlanPart:
    """A time, and the plan by which calls were routed in it."""

    when: Interval
    plan: Roster


def past_plans(history: RosterHistory, span: Interval, now: datetime) -> tuple[PlanPart, ...]:
    """The plans of the past of a span, one after another; none where it is the plan of today."""
    end = min(span.to, now)
    if span.from_ >= end or _is_as_today(history, Interval(span.from_, end)):
        return ()
    dated = tuple(as_it_stood(history.entries))
    changes = {each.at for each in history.versions[1:] if span.from_ < each.at < end}
    limits = sorted({span.from_, end, *changes})
    parts = []
    for from_, to in pairwise(limits):
        live = [each.document for each in history.versions if each.at <= from_]
        document = live[-1] if live else history.versions[0].document
        parts.append(PlanPart(Interval(from_, to), with_dated(document, dated)))
    return tuple(parts)


def routed_timeline(
    past: Sequence[PlanPart], plan: Roster, desks: Sequence[Desk], span: Interval, now: datetime
) -> Timeline:
    """Calculate what is shown of a span, its past by the plans of their time."""
    whole = timeline(plan, desks, span)
    if span.from_ >= now:
        return whole
    if past:
        begins = past[-1].when.to
        ahead = [PlanPart(Interval(begins, span.to), plan)] if begins < span.to else []
        shown = [timeline(each.plan, desks, each.when) for each in (*past, *ahead)]
        others = (each for each in whole.causes if each.kind is not CauseKind.ROTATION)
        causes = (*_rotations(shown), *others)
        whole = replace(whole, results=tuple(_results(shown)), causes=causes)
    return replace(
        whole,
        results=tuple(_with_silent_gaps(each, now) for each in whole.results),
        desks=tuple(_without_past_gaps(each, now) for each in whole.desks),
    )


def _is_as_today(history: RosterHistory, past: Interval) -> bool:
    """Whether the last documents held in all of a time, and nothing was withdrawn in it."""
    is_newest = len(history.versions) == 1 or history.versions[-1].at <= past.from_
    gone = (each.dated for each in history.entries if each.withdrawal)
    return is_newest and not any(each.from_ < past.to and each.to > past.from_ for each in gone)


def _with_silent_gaps(line: ResultLine, now: datetime) -> ResultLine:
    return replace(line, pieces=tuple(_silent(each, now) for each in line.pieces))


def _without_past_gaps(desk: DeskTimes, now: datetime) -> DeskTimes:
    return replace(desk, gaps=clip(desk.gaps, now, END))


def _results(shown: Sequence[Timeline]) -> Iterator[ResultLine]:
    for role, slot in _places(line for each in shown for line in each.results):
        found: list[DutyPiece] = []
        for each in shown:
            lines = [line for line in each.results if (line.role, line.slot) == (role, slot)]
            for piece in (piece for line in lines for piece in line.pieces):
                _append(found, piece, each.span)
        yield ResultLine(role, slot, tuple(found))


def _silent(piece: DutyPiece, now: datetime) -> DutyPiece:
    is_past_gap = piece.kind is PieceKind.GAP and piece.when.to <= now
    return replace(piece, kind=PieceKind.NOBODY) if is_past_gap else piece


def _append(found: list[DutyPiece], piece: DutyPiece, span: Interval) -> None:
    """Add a piece of a part; what goes on from the part before is one piece, as it is one shift."""
    last = found[-1] if found else None
    begins_part = piece.when.from_ == span.from_
    if last is None or not begins_part or last.when.to != span.from_:
        found.append(piece)
    elif _is_same(last, piece):
        found[-1] = replace(
            last,
            when=Interval(last.when.from_, piece.when.to),
            whole=Interval(last.whole.from_, piece.whole.to),
        )
    else:
        found[-1] = replace(last, whole=Interval(last.whole.from_, span.from_))
        found.append(replace(piece, whole=Interval(span.from_, piece.whole.to)))


def _is_same(one: DutyPiece, other: DutyPiece) -> bool:
    return (one.kind, one.person, one.shift.person, one.shift.instead_of) == (
        other.kind,
        other.person,
        other.shift.person,
        other.shift.instead_of,
    )


def _rotations(shown: Sequence[Timeline]) -> Iterator[CauseLine]:
    """Whose turn it was by the documents of each time."""
    borders = {part.span.from_ for part in shown}
    lines = [each for part in shown for each in part.causes if each.kind is CauseKind.ROTATION]
    for role, slot in _places(lines):
        bars: list[CauseBar] = []
        for line in (line for line in lines if (line.role, line.slot) == (role, slot)):
            for bar in line.bars:
                _append_bar(bars, bar, borders)
        yield CauseLine(CauseKind.ROTATION, tuple(bars), role, slot)


def _append_bar(bars: list[CauseBar], bar: CauseBar, borders: Collection[datetime]) -> None:
    """Add a turn; one that goes on over the border of two parts is one turn."""
    last = bars[-1] if bars else None
    begins = bar.when.from_
    if last and begins in borders and last.when.to == begins and last.people == bar.people:
        bars[-1] = replace(last, when=Interval(last.when.from_, bar.when.to))
    else:
        bars.append(bar)


def _places(lines: Iterable[ResultLine | CauseLine]) -> list[Place]:
    found = {(line.role, line.slot) for line in lines if line.role}
    order = list(Role)
    return sorted(found, key=lambda each: (order.index(each[0]), each[1]))
