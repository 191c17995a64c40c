"""Whether people have confirmed the shifts that they have next. Pure.

Who has which shift is told by the functions that calls are routed by. A confirmation is about one
shift of one person: where that is moved, or another's, it counts no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.roles import Role
from app.domain.roster.calendar_events import CalendarEvent, calendar_events
from app.domain.roster.plan import Roster
from app.domain.time.intervals import Interval

A_MOMENT: Final = timedelta(seconds=1)  # what begins at the end of a span is not in it


@dataclass(frozen=True, slots=True)
class AskedShift:
    """A shift that somebody was asked to confirm; `ended_at`: it is theirs no more, as it was."""

    id: int
    roster: str
    desk: str
    person: str
    role: Role
    when: Interval
    asked_at: datetime
    alarm_at: datetime
    confirmed_at: datetime | None = None
    told_at: datetime | None = None  # others, that it is not confirmed
    ended_at: datetime | None = None

    def is_waiting(self, now: datetime) -> bool:
        """Whether it can still be confirmed, and is not."""
        return self.confirmed_at is None and self.ended_at is None and now < self.when.to

    def is_late(self, now: datetime) -> bool:
        """Whether others are to know that nobody has confirmed it."""
        return self.is_waiting(now) and self.alarm_at <= now

    def is_about(self, event: CalendarEvent) -> bool:
        """Whether it is about this shift: one that was cut short is still the same."""
        same = (self.person, self.role, self.when.from_)
        is_same = same == (event.person, event.role, event.when.from_)
        return is_same and event.when.to <= self.when.to


@dataclass(frozen=True, slots=True)
class ConfirmationWork:
    """What is to be done about a roster's confirmations at an instant."""

    ask: tuple[CalendarEvent, ...] = ()
    end: tuple[AskedShift, ...] = ()
    tell: tuple[AskedShift, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.ask or self.end or self.tell)


def confirmation_work(
    roster: Roster, asked: Iterable[AskedShift], now: datetime
) -> ConfirmationWork:
    """Say who is to be asked, what is asked in vain, and of whom others are to be told.

    `asked` are those whose shift is not over.
    """
    open_ones = tuple(each for each in asked if each.ended_at is None)
    events = _events(roster, open_ones, now)
    gone = tuple(
        one
        for one in open_ones
        if not (one.confirmed_at or roster.confirmation)  # no alarm where nobody is asked now
        or not any(one.is_about(event) for event in events)
    )
    left = tuple(one for one in open_ones if one not in gone)
    return ConfirmationWork(
        ask=tuple(
            event
            for event in events
            if _is_to_be_asked(roster, event, now) and not any(one.is_about(event) for one in left)
        ),
        end=gone,
        tell=tuple(one for one in left if one.is_late(now) and one.told_at is None),
    )


def is_still_theirs(roster: Roster, one: AskedShift, now: datetime) -> bool:
    """Whether the person still has the shift as they were asked about it."""
    return any(one.is_about(event) for event in _events(roster, (one,), now))


def _is_to_be_asked(roster: Roster, event: CalendarEvent, now: datetime) -> bool:
    rules = roster.confirmation
    return rules is not None and rules.is_asked_about(event.when.from_, now)


def _events(
    roster: Roster, asked: tuple[AskedShift, ...], now: datetime
) -> tuple[CalendarEvent, ...]:
    """The shifts in which somebody can be rung, as far as it is asked about them."""
    rules = roster.confirmation
    until = [one.when.from_ for one in asked] + ([now + rules.asked] if rules else [])
    if not until:
        return ()
    from_ = min([now, *(one.when.from_ for one in asked)])
    span = Interval(from_, max([now, *until]) + A_MOMENT)
    return tuple(each for each in calendar_events(roster, span) if each.role is not Role.SHADOW)
