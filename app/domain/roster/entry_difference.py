"""What one more entry would change, told before it is saved: shifts, hours, gaps, who is concerned.

Both sides are timelines, so what is promised here is what the telephone does afterwards.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.desks.desk import Desk
from app.domain.roster.entries import (
    Consent,
    Dated,
    dated_of,
    identity_of,
    with_dated,
)
from app.domain.roster.entry_effect import (
    LONGEST_LOOK,
    EntryEffect,
    OpenedGap,
    effect_of_adding,
)
from app.domain.roster.plan import Absence, Override, Roster
from app.domain.roster.timeline import DutyPiece, Timeline, timeline
from app.domain.time.intervals import Interval, Intervals, subtract, total


@dataclass(frozen=True, slots=True)
class PersonDuty:
    """How much of a stretch a person is on duty, before and after."""

    person: str
    shifts_before: int
    shifts_after: int
    before: timedelta
    after: timedelta

    @property
    def is_changed(self) -> bool:
        """Whether they have other shifts or hours than before."""
        return (self.shifts_before, self.before) != (self.shifts_after, self.after)


@dataclass(frozen=True, slots=True)
class DeskCoverage:
    """A desk's duty hours in a stretch, and those of them in which nobody can be rung."""

    desk: str
    name: str
    duty: timedelta
    gaps: Intervals


@dataclass(frozen=True, slots=True)
class EntryDifference:
    """What an entry changes within its own time."""

    span: Interval
    effect: EntryEffect
    before: tuple[DutyPiece, ...]
    after: tuple[DutyPiece, ...]
    people: tuple[PersonDuty, ...]  # those with other shifts or hours than before
    closed: tuple[OpenedGap, ...]
    coverage: tuple[DeskCoverage, ...]
    is_short_notice: bool  # somebody's published duty changes within the roster's notice time


def difference(
    roster: Roster,
    dated: Dated,
    desks: Sequence[Desk],
    now: datetime,
    published_until: datetime | None = None,
) -> EntryDifference:
    """Compare the roster with what it would be with the entry, within the entry's own time."""
    span = Interval(dated.from_, min(dated.to, dated.from_ + LONGEST_LOOK))
    others = (each for each in dated_of(roster) if identity_of(each) != identity_of(dated))
    was = timeline(roster, desks, span)
    will_be = timeline(with_dated(roster, (*others, dated)), desks, span)
    people = tuple(each for each in people_of(roster, was, will_be) if each.is_changed)
    return EntryDifference(
        span,
        effect_of_adding(roster, dated, desks, now),
        pieces_of(was),
        pieces_of(will_be),
        people,
        _closed(was, will_be),
        coverage_of(will_be),
        bool(people) and is_within_notice(roster, dated, now, published_until),
    )


def is_within_notice(
    roster: Roster, dated: Dated, now: datetime, published_until: datetime | None
) -> bool:
    """Whether an entry is about time that people count on and that begins too soon to change it.

    Time that is over is nobody's to agree to, and what is not published is only a plan.
    """
    begins = max(dated.from_, now)
    is_soon = begins < now + timedelta(days=roster.notice_days) and dated.to > now
    return is_soon and (published_until is None or begins < published_until)


def consents_to(
    told: EntryDifference, dated: Dated, agreed: Collection[str]
) -> tuple[Consent, ...]:
    """Whose duty changes at short notice, and who of them has agreed; nobody with more notice.

    Whoever is away is not asked whether they agree to it.
    """
    if not told.is_short_notice:
        return ()
    away = dated.person if isinstance(dated, Absence) else None
    return tuple(Consent(each, each in agreed) for each in concerned(told, dated) if each != away)


def concerned(told: EntryDifference, dated: Dated) -> tuple[str, ...]:
    """Who should be told of it: whose duty changes, and whoever it names, if anything changes.

    Whoever was backup and becomes primary has the same hours as before.
    """
    if told.effect.changes_nothing:
        return tuple(each.person for each in told.people)
    named = (dated.person, dated.instead_of) if isinstance(dated, Override) else (dated.person,)
    people = (each.person for each in told.people)
    return tuple(dict.fromkeys((*people, *(each for each in named if each))))


def pieces_of(shown: Timeline) -> tuple[DutyPiece, ...]:
    """Who has which place when."""
    return tuple(piece for line in shown.results for piece in line.pieces)


def coverage_of(shown: Timeline) -> tuple[DeskCoverage, ...]:
    """The duty hours of each desk that has some, and their gaps."""
    return tuple(
        DeskCoverage(each.desk, each.name, total(each.duty), each.gaps)
        for each in shown.desks
        if each.duty
    )


def people_of(roster: Roster, was: Timeline, will_be: Timeline) -> tuple[PersonDuty, ...]:
    """How much each person is on duty, before and after."""
    return tuple(
        PersonDuty(person.id, *_count(was, will_be, person.id), *_hours(was, will_be, person.id))
        for person in roster.people
    )


def _count(was: Timeline, will_be: Timeline, person: str) -> tuple[int, int]:
    before, after = (
        sum(piece.person == person for piece in pieces_of(each)) for each in (was, will_be)
    )
    return before, after


def _hours(was: Timeline, will_be: Timeline, person: str) -> tuple[timedelta, timedelta]:
    before, after = (
        total(piece.when for piece in pieces_of(each) if piece.person == person)
        for each in (was, will_be)
    )
    return before, after


def _closed(was: Timeline, will_be: Timeline) -> tuple[OpenedGap, ...]:
    left = {each.desk: each.gaps for each in will_be.desks}
    found = (OpenedGap(each.desk, subtract(each.gaps, left[each.desk])) for each in was.desks)
    return tuple(each for each in found if each.when)
