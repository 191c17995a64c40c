"""Who could take over a stretch of duty: the fairest first, with what speaks against each of them.

Fairest is who can be rung, is free, and has the fewest hours on duty in the calendar year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef
from app.domain.reasons import Reason, RosterCode, because
from app.domain.roster.plan import Person, Roster, absences_of
from app.domain.roster.timeline import DutyPiece, timeline
from app.domain.roster.timeline_span import TimelineView, span_around
from app.domain.time.intervals import Interval, clip, total

LONGEST_REST_TOLD: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the roster, as they stand in the stretch that is asked about.

    `rest_before` and `rest_after` are the time without duty beside it; None for a week or more.
    """

    person: Person
    hours_this_year: timedelta
    conflicts: tuple[Reason, ...]
    rest_before: timedelta | None
    rest_after: timedelta | None


def candidates(roster: Roster, span: Interval) -> tuple[Candidate, ...]:
    """Everybody in the roster, the fairest first."""
    around = Interval(span.from_ - LONGEST_REST_TOLD, span.to + LONGEST_REST_TOLD)
    near = _pieces(roster, around)
    hours = hours_in_year(roster, span.from_)
    found = [_candidate(roster, person, span, near, hours) for person in roster.people]
    return tuple(sorted(found, key=lambda each: (bool(each.conflicts), each.hours_this_year)))


def hours_in_year(roster: Roster, at: datetime) -> dict[str, timedelta]:
    """How long each person is on duty in the calendar year of an instant, as it is planned."""
    zone = ZoneInfo(roster.time_zone)
    day: date = at.astimezone(zone).date()
    year = span_around(TimelineView.YEAR, day, zone).interval
    held: dict[str, list[Interval]] = {}
    for piece in _pieces(roster, year):
        held.setdefault(piece.person or "", []).append(piece.when)
    return {person: total(when) for person, when in held.items()}


def _pieces(roster: Roster, span: Interval) -> list[DutyPiece]:
    shown = timeline(roster, (), span)
    return [piece for line in shown.results for piece in line.pieces if piece.person]


def _candidate(
    roster: Roster,
    person: Person,
    span: Interval,
    near: Sequence[DutyPiece],
    hours: dict[str, timedelta],
) -> Candidate:
    theirs = [piece.when for piece in near if piece.person == person.id]
    ended = [when.to for when in theirs if when.to <= span.from_]
    begins = [when.from_ for when in theirs if when.from_ >= span.to]
    rest = tuple(_conflicts(roster, person, span, near))
    return Candidate(
        person,
        hours.get(person.id, timedelta()),
        rest,
        span.from_ - max(ended) if ended else None,
        min(begins) - span.to if begins else None,
    )


def _conflicts(
    roster: Roster, person: Person, span: Interval, near: Sequence[DutyPiece]
) -> list[Reason]:
    found: list[Reason] = []
    if not person.numbers:
        found.append(because(RosterCode.NO_NUMBER))
    if clip(absences_of(roster, person.id), span.from_, span.to):
        found.append(because(RosterCode.ABSENT))
    roles = dict.fromkeys(
        piece.shift.role
        for piece in near
        if piece.person == person.id and clip((piece.when,), span.from_, span.to)
    )
    for role in roles:
        found.append(because(RosterCode.ALREADY_LISTED, role=MessageRef(f"role.{role}")))
    return found
