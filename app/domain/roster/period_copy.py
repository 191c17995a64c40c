"""A period copied to another one: who had which place, moved by whole days on the wall.

Aligned by weekday, or by holiday: Christmas to Christmas, Easter to Easter. What comes of it is
proposed overrides; nothing is changed here.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.roles import ROTATION_ROLES, RotationRole, rotation_role
from app.domain.roster.entries import EntryIdentity, identity_of
from app.domain.roster.plan import Override, Roster, days_of
from app.domain.roster.timeline import DutyPiece, Timeline
from app.domain.time.intervals import Interval, Intervals, subtract, union
from app.domain.time.wall_time import starts_at

A_DAY: Final = timedelta(days=1)
A_MINUTE: Final = timedelta(minutes=1)
A_WEEK: Final = 7
MOST_DAYS: Final = 92


class Alignment(StrEnum):
    """What falls on what: a Monday on a Monday, or a holiday on the same holiday."""

    WEEKDAY = "weekday"
    HOLIDAY = "holiday"


class DraftState(StrEnum):
    """What has become of a draft."""

    OPEN = "open"
    APPLIED = "applied"
    THROWN_AWAY = "thrown_away"
    UNDONE = "undone"  # it was applied before


class RowFate(StrEnum):
    """What becomes of a row of a draft, or has become of it."""

    COUNTS = "counts"  # it is entered as soon as the draft is applied
    IS_OVER = "is_over"
    NOT_THERE = "not_there"  # its person is not on the roster then
    SAID_ALREADY = "said_already"  # by an entry of its own
    ENTERED = "entered"
    NOT_ENTERED = "not_entered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody in a place of duty, as an override would put them there."""

    person: str
    role: RotationRole
    when: Interval

    @property
    def dated(self) -> Override:
        """The override that it becomes."""
        return Override(self.person, self.role, self.when.from_, self.when.to)


def weekday_offset(first: date, target: date) -> timedelta:
    """Move a first day to a target day, or to the next day of the same weekday."""
    return timedelta(days=-(-(target - first).days // A_WEEK) * A_WEEK)


def holiday_offset(
    source: Mapping[date, MessageRef], around: Mapping[date, MessageRef], target: date
) -> timedelta:
    """Move the first holiday of a period to the same one nearest to a target day.

    `source` are the holidays of the period, `around` those of the year around the target.
    MessageError where there is none to go by.
    """
    for day in sorted(source):
        same = [each for each, name in around.items() if name == source[day]]
        if same:
            return min(same, key=lambda each: abs(each - target)) - day
    raise MessageError(ref("roster_draft.no_holiday"))


def proposals(shown: Timeline, offset: timedelta, zone: ZoneInfo) -> tuple[Proposal, ...]:
    """Who had the first place of each role in a period, moved by whole days on the wall.

    A shift that begins in the period goes along whole, so that nobody hands over at midnight. Of
    one that has begun before, the days of the period do; not a rest of it on the first morning.
    """
    first_day_ends = _on_wall(shown.span.from_, A_DAY, zone)
    found = (
        Proposal(piece.person, rotation_role(line.role), _moved(when, offset, zone))
        for line in shown.results
        if line.role in ROTATION_ROLES and line.slot == 0
        for piece in line.pieces
        if piece.person
        for when in _copied(piece, shown.span, first_day_ends)
    )
    return tuple(each for each in found if each.when.from_ < each.when.to)


def span_of(target: Interval, proposed: Iterable[Proposal]) -> Interval:
    """The time that a copy is about: its days, and shifts that end after them."""
    return Interval(target.from_, max((target.to, *(each.when.to for each in proposed))))


def changing(proposed: Iterable[Proposal], target: Timeline) -> Iterator[Proposal]:
    """Leave out what the roster says already: a draft has only what is different."""
    has: dict[tuple[str, str], Intervals] = {}
    for line in target.results:
        for piece in line.pieces:
            if piece.person and line.slot == 0:
                key = (piece.person, str(line.role))
                has[key] = union(has.get(key, ()), (piece.when,))
    for each in proposed:
        if subtract((each.when,), has.get((each.person, str(each.role)), ())):
            yield each


def is_there(roster: Roster, proposal: Proposal) -> bool:
    """Whether somebody is on the roster for all of what they are proposed for."""
    days, when = days_of(roster, proposal.person), proposal.when
    is_known = roster.person(proposal.person) is not None
    return is_known and days.from_ <= when.from_ and when.to <= days.to


def still_ahead(proposal: Proposal, now: datetime) -> Proposal:
    """What is left of a proposal from the next full minute on: what has been is not rewritten."""
    minute = now.replace(second=0, microsecond=0)
    next_minute = minute if minute == now else minute + A_MINUTE
    from_ = max(proposal.when.from_, next_minute)
    return replace(proposal, when=Interval(from_, max(from_, proposal.when.to)))


def fate_of(roster: Roster, left: Proposal, known: Container[EntryIdentity]) -> RowFate:
    """What becomes of what is left of a proposal where it is applied, beside `known` entries."""
    if not left.when.length:
        return RowFate.IS_OVER
    if not is_there(roster, left):
        return RowFate.NOT_THERE
    return RowFate.SAID_ALREADY if identity_of(left.dated) in known else RowFate.COUNTS


def _copied(piece: DutyPiece, period: Interval, first_day_ends: datetime) -> Intervals:
    if piece.whole.from_ >= period.from_:
        return (piece.whole,)
    return (piece.when,) if piece.whole.to > first_day_ends else ()


def _moved(when: Interval, offset: timedelta, zone: ZoneInfo) -> Interval:
    return Interval(_on_wall(when.from_, offset, zone), _on_wall(when.to, offset, zone))


def _on_wall(at: datetime, offset: timedelta, zone: ZoneInfo) -> datetime:
    return starts_at(at.astimezone(zone).replace(tzinfo=None, fold=0) + offset, zone)
