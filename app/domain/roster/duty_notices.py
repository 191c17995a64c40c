"""What people have chosen to be told of their own duty: when a shift comes, and when it is moved.

Pure. Who has which shift is told by the functions that calls are routed by.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.roles import Role
from app.domain.roster.calendar_events import CalendarEvent, calendar_events
from app.domain.roster.duty_requests import DutyRequest, RequestState
from app.domain.roster.own_duty import LOOK_AHEAD
from app.domain.roster.plan import Roster
from app.domain.roster.publication import (
    Publication,
    is_published,
    newly_published,
    span_published,
)
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import starts_at, wall

EVENING: Final = 18 * 60  # of the day before, on the roster's wall
AN_HOUR: Final = timedelta(hours=1)
# A worker that was away does not tell what is no news any more.
EVENING_IS_NEWS: Final = timedelta(hours=3)
HOUR_IS_NEWS: Final = timedelta(minutes=30)


class NoticeKind(StrEnum):
    """What somebody may choose to be told."""

    TOMORROW = "tomorrow"
    IN_AN_HOUR = "in_an_hour"
    MOVED = "moved"
    PUBLISHED = "published"  # shifts that nobody could count on before
    WAITS = "waits"  # a colleague's question, for an answer
    GAP = "gap"  # for coordinators


FOR_COORDINATORS: Final = frozenset({NoticeKind.GAP})
REMINDED_AFTER: Final = timedelta(days=1)
REMINDED_BEFORE: Final = timedelta(hours=3)  # it is too late to answer
WAITING_IS_NEWS: Final = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class KnownShift:
    """A shift of somebody's own: in which role, from when and until when."""

    role: Role
    from_: datetime
    to: datetime


@dataclass(frozen=True, slots=True)
class DutyNotice:
    """Something to be told. Of what has moved: `was` before, and `shift` instead, None for none."""

    kind: NoticeKind
    shift: KnownShift | None
    was: KnownShift | None = None


def duty_notices(
    roster: Roster,
    person: str,
    known: KnownShift | None,
    now: datetime,
    published_until: datetime | None = None,
) -> tuple[DutyNotice, ...]:
    """Say what there is to be told at an instant; `known` is the next shift as it was told last.

    The same again at the next instant: that each is told once is for whoever tells. A shift that
    is not published is nobody's yet: that it moves is no news.
    """
    shifts = _own_shifts(roster, person, now)
    coming = tuple(_coming(roster, shifts, now))
    if known is None or known.from_ <= now or not is_published(known.from_, published_until):
        return coming
    if any(each.when.from_ <= now and known.from_ < each.when.to for each in shifts):
        return coming  # it has begun sooner, and they are on duty then: they have lost nothing
    next_one = _next(shifts, now, published_until)
    moved = DutyNotice(NoticeKind.MOVED, next_one, known)
    return (*coming, moved) if next_one != known else coming


def waits_for_answer(request: DutyRequest, person: str, now: datetime) -> bool:
    """Whether somebody is reminded of a question: a day after it was asked, or before it is late.

    That it was asked they were told at once, whatever they have chosen.
    """
    said = request.answer_of(person)
    if request.state is not RequestState.OPEN or said is None or said.is_yes is not None:
        return False
    late = request.expires_at - REMINDED_BEFORE
    at = min(request.asked_at + REMINDED_AFTER, late)
    return request.asked_at < at <= now < min(at + WAITING_IS_NEWS, request.expires_at)


def next_shift(
    roster: Roster, person: str, now: datetime, published_until: datetime | None = None
) -> KnownShift | None:
    """Return the next published shift of somebody that has not begun."""
    return _next(_own_shifts(roster, person, now), now, published_until)


def published_notice(roster: Roster, person: str, publication: Publication) -> DutyNotice | None:
    """Tell the first shift that somebody has by a publication; None for who has none."""
    span = span_published(publication.before, publication.until, publication.at)
    theirs = newly_published(roster, span, person)
    rung = (each for each in theirs if each.role is not Role.SHADOW)
    first = next(rung, None)
    return DutyNotice(NoticeKind.PUBLISHED, _known(first)) if first else None


def _own_shifts(roster: Roster, person: str, now: datetime) -> tuple[CalendarEvent, ...]:
    """Theirs of the next 90 days; a shadow is never rung."""
    events = calendar_events(roster, Interval(now, now + LOOK_AHEAD), person)
    return tuple(each for each in events if each.role is not Role.SHADOW)


def _coming(
    roster: Roster, shifts: tuple[CalendarEvent, ...], now: datetime
) -> Iterator[DutyNotice]:
    for each in shifts:
        begins = each.when.from_
        if begins <= now or _goes_on_from_another(each, shifts):
            continue
        evening = _evening_before(roster, begins)
        if evening <= now < min(evening + EVENING_IS_NEWS, begins):
            yield DutyNotice(NoticeKind.TOMORROW, _known(each))
        if begins - AN_HOUR <= now < begins - AN_HOUR + HOUR_IS_NEWS:
            yield DutyNotice(NoticeKind.IN_AN_HOUR, _known(each))


def _goes_on_from_another(shift: CalendarEvent, shifts: tuple[CalendarEvent, ...]) -> bool:
    """Whether they are on duty already when it begins: that is no news."""
    return any(other.when.from_ < shift.when.from_ <= other.when.to for other in shifts)


def _evening_before(roster: Roster, begins: datetime) -> datetime:
    zone = ZoneInfo(roster.time_zone)
    before = begins.astimezone(zone).date() - timedelta(days=1)
    return starts_at(wall(before, EVENING), zone)


def _next(
    shifts: tuple[CalendarEvent, ...], now: datetime, published_until: datetime | None
) -> KnownShift | None:
    ahead = (each for each in shifts if each.when.from_ > now)
    return next(
        (_known(each) for each in ahead if is_published(each.when.from_, published_until)), None
    )


def _known(event: CalendarEvent) -> KnownShift:
    return KnownShift(event.role, event.when.from_, event.when.to)
