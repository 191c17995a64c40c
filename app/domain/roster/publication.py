"""Up to when a roster is published. What begins later is a plan that may still be changed.

The telephone knows nothing of it: it rings whoever the roster says at the minute.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.access.actor import Actor
from app.domain.roster.calendar_events import CalendarEvent, calendar_events
from app.domain.roster.plan import Roster
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import starts_at, wall

A_DAY: Final = timedelta(days=1)
TOLD_AFTER: Final = timedelta(minutes=10)  # who undoes it before that has told nobody
IS_NEWS: Final = timedelta(hours=3)  # a worker that was away longer does not tell it any more
LONGEST: Final = timedelta(days=800)  # ahead of now


@dataclass(frozen=True, slots=True)
class Publication:
    """A roster was published up to an instant; `before`: up to when it was until then."""

    id: int
    roster: str
    until: datetime
    before: datetime | None
    author: Actor
    at: datetime
    undone_at: datetime | None = None

    def is_news(self, now: datetime) -> bool:
        """Whether people are told of it now."""
        tell_at = self.at + TOLD_AFTER
        return self.undone_at is None and tell_at <= now < tell_at + IS_NEWS


def is_published(at: datetime, until: datetime | None) -> bool:
    """Whether what begins at an instant is published; all of it is where nobody publishes."""
    return until is None or at < until


def border_after(day: date, time_zone: str) -> datetime:
    """Return the instant up to which a roster is published with a day: the midnight after it."""
    return starts_at(wall(day + A_DAY, 0), ZoneInfo(time_zone))


def last_day(until: datetime, time_zone: str) -> date:
    """Return the last day that is published whole."""
    return (until - timedelta.resolution).astimezone(ZoneInfo(time_zone)).date()


def newly_published(
    roster: Roster, span: Interval, person: str | None = None
) -> tuple[CalendarEvent, ...]:
    """Return the shifts that begin within what is published anew; of everybody, or of one."""
    events = calendar_events(roster, span, person) if span.from_ < span.to else ()
    return tuple(each for each in events if each.when.from_ in span)


def span_published(before: datetime | None, until: datetime, now: datetime) -> Interval:
    """What is published anew: from the border before, and never what has been.

    Nothing by a roster's first publication: until then all of it had been.
    """
    return Interval(max(before or until, now), max(until, now))
