"""A draft beside the source's own final schedule: at which moments somebody else is on duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from app.domain.imports.draft import NOBODY, Draft
from app.domain.imports.final_shifts import FinalShift
from app.domain.roster.plan import Roster
from app.domain.roster.shifts import shifts
from app.domain.time.intervals import Interval

MINUTE: Final = timedelta(minutes=1)
Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Who is on duty by the source and by the draft, where they differ; names, in order."""

    when: Interval
    theirs: tuple[str, ...]
    ours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a comparison has shown."""

    span: Interval
    differences: tuple[Difference, ...]

    @property
    def minutes(self) -> int:
        """How many minutes differ; one that has begun counts."""
        total = sum((each.when.length for each in self.differences), timedelta())
        return -(-total // MINUTE)

    @property
    def holds(self) -> bool:
        """Whether the draft is the same at every moment."""
        return not self.differences


def compare(draft: Draft, roster: Roster, final: Iterable[FinalShift], span: Interval) -> Proof:
    """Compare a draft, as it is written in its document, with the source's final schedule."""
    theirs = [(name, each.when) for each in final for name in _ours_of(draft, each)]
    ours = [
        (each.person, each.interval)
        for each in shifts(roster, span.from_, span.to)
        if each.person and each.person != NOBODY
    ]
    names = {person.id: person.name for person in roster.people}
    borders = sorted(
        {span.from_, span.to}
        | {
            border
            for _, when in (*theirs, *ours)
            for border in (when.from_, when.to)
            if border in span
        }
    )
    found: list[Difference] = []
    by_source, by_draft = _Sweep(theirs), _Sweep(ours)
    for from_, to in pairwise(borders):
        one, other = by_source.at(from_), by_draft.at(from_)
        if one != other:
            told = (tuple(sorted(names.get(each, each) for each in some)) for some in (one, other))
            _add(found, Difference(Interval(from_, to), *told))
    return Proof(span, tuple(found))


def _ours_of(draft: Draft, shift: FinalShift) -> set[str]:
    """The ids that a shift's person has in the draft; what the source calls them if none."""
    if not shift.names:
        return set()
    ids = dict(draft.ids)
    known = {ids[person.id] for person in draft.source.people if person.known_as & shift.names}
    return known or {min(shift.names)}


def _add(found: list[Difference], more: Difference) -> None:
    """What goes on is one difference."""
    last = found[-1] if found else None
    if last and (last.when.to, last.theirs, last.ours) == (
        more.when.from_, more.theirs, more.ours,
    ):  # fmt: skip
        found[-1] = Difference(Interval(last.when.from_, more.when.to), more.theirs, more.ours)
    else:
        found.append(more)


class _Sweep:
    """Who is on duty at instants that are asked for in order."""

    def __init__(self, shifts: list[tuple[str, Interval]]) -> None:
        self._coming = sorted(shifts, key=lambda each: each[1].from_, reverse=True)
        self._there: list[tuple[str, Interval]] = []

    def at(self, at: datetime) -> Names:
        while self._coming and self._coming[-1][1].from_ <= at:
            self._there.append(self._coming.pop())
        self._there = [each for each in self._there if at < each[1].to]
        return frozenset(name for name, _ in self._there)
