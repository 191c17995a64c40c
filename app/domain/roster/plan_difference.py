"""What two plans of one roster mean beside one another: shifts and hours of each person, gaps.

Both sides are timelines, which the telephone's answers come from too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.roster.entries import Dated
from app.domain.roster.entry_difference import PersonDuty, people_of
from app.domain.roster.entry_effect import LONGEST_LOOK, OpenedGap
from app.domain.roster.plan import Roster
from app.domain.roster.timeline import Timeline, timeline
from app.domain.time.intervals import Interval, clip, subtract

LOOK_AHEAD: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """What differs within a time; gaps that are over are nobody's business any more."""

    span: Interval
    people: tuple[PersonDuty, ...]  # those with other shifts or hours
    opened: tuple[OpenedGap, ...]
    closed: tuple[OpenedGap, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether everybody has the same shifts and the same duty hours are covered."""
        return not (self.people or self.opened or self.closed)


def plan_difference(
    before: Roster, after: Roster, desks: Sequence[Desk], span: Interval, now: datetime
) -> PlanDifference:
    """Compare two plans within a time."""
    was, will_be = timeline(before, desks, span), timeline(after, desks, span)
    people = people_of(with_people_of(after, before), was, will_be)
    return PlanDifference(
        span,
        tuple(each for each in people if each.is_changed),
        _opened(was, will_be, now),
        _opened(will_be, was, now),
    )


def span_looked_at(dated: Iterable[Dated], now: datetime) -> Interval:
    """Return the time in which plans are compared: the next 90 days, and what entries are about."""
    about = [Interval(each.from_, each.to) for each in dated]
    from_ = min((now, *(each.from_ for each in about)))
    to = max((now + LOOK_AHEAD, *(each.to for each in about)))
    return Interval(max(from_, now - LONGEST_LOOK), min(to, now + LONGEST_LOOK))


def with_people_of(roster: Roster, other: Roster) -> Roster:
    """Return a roster that knows the people of another one as well, by name."""
    known = {each.id for each in roster.people}
    more = tuple(each for each in other.people if each.id not in known)
    return replace(roster, people=(*roster.people, *more)) if more else roster


def _opened(was: Timeline, will_be: Timeline, now: datetime) -> tuple[OpenedGap, ...]:
    before = {each.desk: each.gaps for each in was.desks}
    end = max(now, will_be.span.to)
    found = (
        OpenedGap(each.desk, clip(subtract(each.gaps, before.get(each.desk, ())), now, end))
        for each in will_be.desks
    )
    return tuple(each for each in found if each.when)
