"""What a roster's timeline shows: one line per place on duty for the result, the causes below.

Calculated by shifts.py and coverage.py, which the telephone's answers come from too. How it is
drawn is the page's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from app.domain.desks.desk import Desk
from app.domain.desks.duty_hours import duty_intervals, staffed_intervals
from app.domain.message_refs import MessageRef
from app.domain.reasons import Reason, RosterCode, because
from app.domain.roles import Role
from app.domain.roster.coverage import covered_by
from app.domain.roster.plan import Absence, Override, Roster, Shift, absence_at, absences_of
from app.domain.roster.shifts import shifts, shifts_at
from app.domain.time.intervals import (
    Interval,
    Intervals,
    clip,
    intersect,
    overlapping,
    subtract,
    union,
)
from app.domain.time.segments import BEGINNING, END


class PieceKind(StrEnum):
    """What a piece of a result line is."""

    ON_DUTY = "on_duty"
    NOBODY = "nobody"  # nobody is rung in this place, and nobody need be, or others are
    GAP = "gap"  # duty hours of a desk in which nobody at all can be rung


class CauseKind(StrEnum):
    """Why somebody is on duty, or not."""

    ROTATION = "rotation"
    OVERRIDE = "override"
    ABSENCE = "absence"
    LAST_RESORT = "last_resort"


@dataclass(frozen=True, slots=True)
class DutyPiece:
    """A piece of a result line. `shift` is whose time it is; `why` says why just them, or nobody.

    `whole` is the same piece as far as it goes on outside of the timeline.
    """

    kind: PieceKind
    when: Interval
    whole: Interval
    shift: Shift
    why: Reason

    @property
    def person(self) -> str | None:
        """Who is rung."""
        return self.shift.person if self.kind is PieceKind.ON_DUTY else None


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One place on duty: its pieces follow each other without gap or overlap."""

    role: Role
    slot: int
    pieces: tuple[DutyPiece, ...]


@dataclass(frozen=True, slots=True)
class CauseBar:
    """One turn, override, absence, or the last resort; of these `people` are all, in order."""

    when: Interval
    people: tuple[str, ...]
    dated: Override | Absence | None = None


@dataclass(frozen=True, slots=True)
class CauseLine:
    """Causes of one kind, none of which hides another one."""

    kind: CauseKind
    bars: tuple[CauseBar, ...]
    role: Role | None = None  # of a rotation
    slot: int = 0


@dataclass(frozen=True, slots=True)
class DeskTimes:
    """When a desk that uses the roster is open, when it has duty hours, and its gaps."""

    desk: str
    name: str
    open: Intervals
    duty: Intervals
    gaps: Intervals


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is shown between two instants."""

    span: Interval
    results: tuple[ResultLine, ...]
    causes: tuple[CauseLine, ...]
    desks: tuple[DeskTimes, ...]

    @property
    def open(self) -> Intervals:
        """When some desk is open."""
        return union(*(each.open for each in self.desks))

    @property
    def gaps(self) -> Intervals:
        """When some desk has duty hours and nobody can be rung."""
        return union(*(each.gaps for each in self.desks))


def timeline(roster: Roster, desks: Sequence[Desk], span: Interval) -> Timeline:
    """Calculate what is shown of a roster and of the desks that use it."""
    found = shifts(roster, span.from_, span.to)
    covered = covered_by(roster, found)
    times = tuple(_desk_times(desk, span, covered) for desk in desks)
    gaps = union(*(each.gaps for each in times))
    results = tuple(_result_lines(roster, span, found, gaps))
    return Timeline(span, results, tuple(_cause_lines(roster, span)), times)


def _desk_times(desk: Desk, span: Interval, covered: Intervals) -> DeskTimes:
    """When the desk is open, has duty hours, and has them with nobody to ring."""
    calendars = desk.telephone_calendars()
    staffed = clip(staffed_intervals(calendars, span.from_, span.to), span.from_, span.to)
    if desk.duty is None:
        return DeskTimes(desk.id, desk.name, staffed, (), ())
    duty = clip(
        duty_intervals(desk.duty.hours, calendars, span.from_, span.to), span.from_, span.to
    )
    return DeskTimes(desk.id, desk.name, staffed, duty, subtract(duty, covered))


def _result_lines(
    roster: Roster, span: Interval, found: Iterable[Shift], gaps: Intervals
) -> Iterator[ResultLine]:
    begun = {_place(each): each for each in shifts_at(roster, span.from_)}
    ends = {_place(each): each for each in shifts_at(roster, span.to - datetime.resolution)}
    rung = _Rung(roster)
    for (role, slot), line in groupby(found, key=_place):
        pieces = [piece for shift in line for piece in _pieces(rung, shift, gaps)]
        pieces[0] = _going_on(roster, pieces[0], begun[role, slot])
        pieces[-1] = _going_on(roster, pieces[-1], ends[role, slot])
        rung.add(role, pieces)
        if role is Role.PRIMARY or slot or not _has_no_rotation(pieces):
            yield ResultLine(role, slot, tuple(pieces))


def _place(shift: Shift) -> tuple[Role, int]:
    return shift.role, shift.slot


def _has_no_rotation(pieces: Iterable[DutyPiece]) -> bool:
    """Whether the role is one that nobody takes turns in, and nobody was put into."""
    return all(each.shift.why.code is RosterCode.NO_ROTATION for each in pieces)


@dataclass(slots=True)
class _Rung:
    """When each person is rung already, in the places before: nobody is rung twice at a time."""

    roster: Roster
    earlier: dict[str, list[tuple[Role, Intervals]]] = field(default_factory=dict)

    def add(self, role: Role, pieces: Iterable[DutyPiece]) -> None:
        """Note who is rung in a place."""
        found: dict[str, list[Interval]] = {}
        for piece in pieces:
            if piece.person:
                found.setdefault(piece.person, []).append(piece.when)
        for person, when in found.items():
            self.earlier.setdefault(person, []).append((role, union(when)))

    def hindrances(self, shift: Shift) -> Iterator[tuple[Interval, Reason]]:
        """When nobody is rung in the shift's place, and why."""
        person = self.roster.person(shift.person) if shift.person else None
        if person is None or not person.numbers:
            yield shift.interval, self._why_never(shift)
            return
        left: Intervals = (shift.interval,)
        away = overlapping(absences_of(self.roster, person.id), shift.interval)
        for piece in intersect(left, away):
            absence = absence_at(self.roster, person.id, piece.from_)
            yield piece, because(RosterCode.ABSENT, note=absence.note or None if absence else None)
        left = subtract(left, away)
        for role, when in self.earlier.get(person.id, ()):
            listed = overlapping(when, shift.interval)
            for piece in intersect(left, listed):
                yield piece, because(RosterCode.ALREADY_LISTED, role=MessageRef(f"role.{role}"))
            left = subtract(left, listed)

    def _why_never(self, shift: Shift) -> Reason:
        if shift.person is None:
            return shift.why
        is_known = self.roster.person(shift.person) is not None
        return because(RosterCode.NO_NUMBER if is_known else RosterCode.UNKNOWN_PERSON)


def _pieces(rung: _Rung, shift: Shift, gaps: Intervals) -> Iterator[DutyPiece]:
    hindered = sorted(rung.hindrances(shift), key=lambda each: each[0])
    if not hindered:
        yield DutyPiece(PieceKind.ON_DUTY, shift.interval, shift.interval, shift, shift.why)
        return
    found = [
        (each, PieceKind.ON_DUTY, shift.why)
        for each in subtract((shift.interval,), (when for when, _ in hindered))
    ]
    for when, why in hindered:
        in_gap = overlapping(gaps, when)
        found += [(each, PieceKind.GAP, why) for each in intersect((when,), in_gap)]
        found += [(each, PieceKind.NOBODY, why) for each in subtract((when,), in_gap)]
    for when, kind, why in sorted(found, key=lambda each: each[0]):
        yield DutyPiece(kind, when, when, shift, why)


def _going_on(roster: Roster, piece: DutyPiece, uncut: Shift) -> DutyPiece:
    """The piece with its shift's whole length, as far as its person is there without a break."""
    if piece.kind is not PieceKind.ON_DUTY or BEGINNING in uncut.interval or uncut.to == END:
        return piece
    from_ = uncut.from_ if piece.when.from_ == piece.shift.from_ else piece.when.from_
    to = uncut.to if piece.when.to == piece.shift.to else piece.when.to
    whole = Interval(min(from_, piece.whole.from_), max(to, piece.whole.to))
    there = subtract((whole,), absences_of(roster, piece.person or ""))
    # Never the part that the timeline shows alone: where that is cut says nothing of the shift.
    return replace(piece, whole=next(each for each in there if piece.when.from_ in each))


def _cause_lines(roster: Roster, span: Interval) -> Iterator[CauseLine]:
    changed = roster.overrides or roster.absences
    bare = replace(roster, overrides=(), absences=()) if changed else roster
    for (role, slot), line in groupby(shifts(bare, span.from_, span.to), key=_place):
        bars = tuple(CauseBar(each.interval, (each.person,)) for each in line if each.person)
        if bars:
            yield CauseLine(CauseKind.ROTATION, bars, role, slot)
    for kind, dated in (
        (CauseKind.OVERRIDE, roster.overrides),
        (CauseKind.ABSENCE, roster.absences),
    ):
        for lane in _lanes(dated, span):
            yield CauseLine(kind, lane)
    if roster.last_resort:
        yield CauseLine(CauseKind.LAST_RESORT, (CauseBar(span, roster.last_resort),))


def _lanes(dated: Sequence[Override | Absence], span: Interval) -> list[tuple[CauseBar, ...]]:
    """Every one that touches the span, in as many lines as are needed so that none hides another.

    Each goes into the first line that is free from its start on.
    """
    within = [each for each in dated if each.from_ < span.to and each.to > span.from_]
    lanes: list[list[CauseBar]] = []
    for each in sorted(within, key=lambda one: (one.from_, one.to)):
        when = Interval(max(each.from_, span.from_), min(each.to, span.to))
        free = next((lane for lane in lanes if lane[-1].when.to <= when.from_), None)
        if free is None:
            lanes.append(free := [])
        free.append(CauseBar(when, (each.person,), each))
    return [tuple(lane) for lane in lanes]
