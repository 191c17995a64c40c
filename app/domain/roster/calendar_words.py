"""A roster's calendar in words: of everybody, or of one person; without any telephone number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef, ref
from app.domain.roster.calendar_events import (
    CalendarEvent,
    calendar_events,
    cancelled_events,
    span_of_calendar,
)
from app.domain.roster.ical import Ical, IcalEvent
from app.domain.roster.plan import Roster
from app.domain.roster.publication import is_published
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import starts_at, wall

Write = Callable[[MessageRef], str]


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """Whose calendar it is, and what it is made from.

    `before` are plans as they were: what stood there and is gone is told as cancelled. `sequence`
    rises with each change of the roster, the last of which was `changed_at`.
    """

    plan: Roster
    desks: tuple[str, ...]  # names
    person: str | None
    sequence: int
    changed_at: datetime
    before: tuple[Roster, ...] = ()
    published_until: datetime | None = None  # what begins later is left out

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its times are."""
        return ZoneInfo(self.plan.time_zone)


def calendar_of(feed: CalendarFeed, write: Write, now: datetime) -> Ical:
    """Make the calendar; it is the same all day."""
    span = span_of_calendar(now, feed.zone)
    midnight = starts_at(wall(now.astimezone(feed.zone).date(), 0), feed.zone)
    there = _published(feed, feed.plan, span)
    earlier = [each for plan in feed.before for each in _published(feed, plan, span)]
    events = (*there, *cancelled_events(earlier, there, midnight))
    return Ical(
        name=write(_name(feed)),
        zone=feed.zone,
        span=span,
        sequence=feed.sequence,
        changed_at=feed.changed_at,
        events=tuple(_in_words(feed, each, write) for each in events),
    )


def _published(feed: CalendarFeed, plan: Roster, span: Interval) -> tuple[CalendarEvent, ...]:
    """A calendar can grey nothing: people plan by what stands in it."""
    events = calendar_events(plan, span, feed.person)
    return tuple(each for each in events if is_published(each.when.from_, feed.published_until))


def _name(feed: CalendarFeed) -> MessageRef:
    what = feed.plan.name_of(feed.person) if feed.person else _desks(feed)
    return ref("calendar.name", what=what)


def _in_words(feed: CalendarFeed, event: CalendarEvent, write: Write) -> IcalEvent:
    role = MessageRef(f"role.{event.role}")
    summary = (
        ref("calendar.of_one", role=role, desks=_desks(feed))
        if feed.person
        else ref("calendar.of_all", name=feed.plan.name_of(event.person), role=role)
    )
    instead_of = event.instead_of and feed.plan.name_of(event.instead_of)
    lines = (
        _desks(feed),
        write(ref("calendar.instead_of", name=instead_of)) if instead_of else "",
    )
    return IcalEvent(
        uid=f"{feed.plan.id}-{event.role}-{event.slot}-{event.when.from_:%Y%m%dT%H%M%SZ}@vaktlinje",
        when=event.when,
        summary=write(summary),
        description="\n".join(filter(None, lines)),
        status=event.status,
    )


def _desks(feed: CalendarFeed) -> str:
    return ", ".join(feed.desks) or feed.plan.id
