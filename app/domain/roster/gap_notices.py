"""A gap within a week, told to coordinators: once for the same hours, and when it opens again.

Pure. That a gap is closed is not told: mostly whoever reads it has closed it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.roster.coverage import uncovered
from app.domain.roster.plan import Roster
from app.domain.time.intervals import Interval, Intervals, clip, intersect, subtract, union

WITHIN: Final = timedelta(days=7)
# So far the end of a gap is looked for. One that is longer is told of anew once a week.
LOOKED_AT: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class NotifiedGap:
    """Hours of a desk's duty that somebody knows nobody covers."""

    desk: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class GapNews:
    """What somebody is told of a desk's gaps, and what they know then."""

    told: Intervals
    known: Intervals

    def goes_on(self, gap: Interval, now: datetime) -> bool:
        """Whether a gap may be longer than was looked for."""
        return gap.to >= now + LOOKED_AT


def gaps_ahead(roster: Roster, desk: Desk, now: datetime) -> Intervals:
    """The hours of duty that nobody covers in the next two weeks; none of a desk without duty."""
    if desk.duty is None:
        return ()
    span = Interval(now, now + LOOKED_AT)
    return uncovered(roster, desk.duty.hours, desk.telephone_calendars(), span)


def gap_news(gaps: Intervals, known: Intervals, now: datetime) -> GapNews:
    """Say which gaps are news to somebody who knows of others; whole gaps, not what is new of them.

    What was known and is covered is forgotten, so that it is news when it opens again.
    """
    unknown = subtract(gaps, known)
    news = [each for each in unknown if each.from_ < now + WITHIN]
    told = tuple(gap for gap in gaps if any(clip((gap,), each.from_, each.to) for each in news))
    return GapNews(told, union(intersect(known, gaps), told))
