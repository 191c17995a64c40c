"""All that a call can learn from the clock: who is there now, and what changes while it lasts.

Two calls with the same outlook go the same way, so only one of them is simulated. Asks the
same questions as the forks of the call flow (hunts/staffing.py, calls/ringing.py), and no others.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.desks.duty_hours import in_duty_hours
from app.domain.reasons import DutyHoursCode
from app.domain.roles import Role
from app.domain.roster.on_duty import Roster, on_duty
from app.domain.time.hours import is_open

TALKING_TAKES: Final = timedelta(minutes=3)  # with menus, whispers and one short talk


@dataclass(frozen=True, slots=True)
class Situation:
    """What calendars and roster answer at one instant."""

    open: tuple[bool, ...] = ()  # each telephone calendar of the desk
    duty_hours: bool = False
    overlap: bool = False
    planned_gap: bool = False
    ringing: tuple[tuple[Role, str, tuple[str, ...]], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()


# What is now, and what comes how long after it while a call can last.
Outlook = tuple[tuple[timedelta, Situation], ...]


class Outlooks:
    """Tells the outlook at any moment; what was worked out at a change is kept."""

    def __init__(self, desk: Desk, roster: Roster | None, changing: Sequence[datetime]) -> None:
        """Prepare for a desk whose answers change at these instants, in order."""
        self._desk = desk
        self._roster = roster
        self._changing = changing
        self._cache: dict[datetime, Situation] = {}
        self._longest = longest_call(desk)

    def at(self, at: datetime) -> Outlook:
        """The situation at the moment, and those that follow within the longest call."""
        now = situation(self._desk, self._roster, at)
        outlook = [(timedelta(), now)]
        for change in self._until(at):
            after = self._at_change(change)
            if after != outlook[-1][1]:
                outlook.append((change - at, after))
        return tuple(outlook)

    def _until(self, at: datetime) -> Iterator[datetime]:
        for change in self._changing[bisect_right(self._changing, at) :]:
            if change > at + self._longest:
                return
            yield change

    def _at_change(self, change: datetime) -> Situation:
        if change not in self._cache:
            self._cache[change] = situation(self._desk, self._roster, change)
        return self._cache[change]


def situation(desk: Desk, roster: Roster | None, at: datetime) -> Situation:
    """Ask calendars and roster what a call could ask them at the instant."""
    calendars = desk.telephone_calendars()
    is_open_now = tuple(bool(is_open(calendar, at)) for calendar in calendars)
    if desk.duty is None:
        return Situation(is_open_now)
    hours = in_duty_hours(desk.duty.hours, calendars, at)
    is_planned = hours.reason.code is DutyHoursCode.PLANNED_GAP
    if roster is None:
        return Situation(is_open_now, hours.on, hours.overlap, is_planned)
    listed = on_duty(roster, at)
    return Situation(
        is_open_now,
        hours.on,
        hours.overlap,
        is_planned,
        tuple((e.role, e.person.id if e.person else "", e.numbers) for e in listed.ringing),
        tuple((each.person, each.why.code) for each in listed.skipped),
    )


def longest_call(desk: Desk) -> timedelta:
    """How long a call goes on asking calendars and roster, at the very most."""
    rings = max(desk.first_line.ring_seconds, desk.duty.ring_seconds if desk.duty else 0)
    return TALKING_TAKES + timedelta(seconds=rings * desk.ceilings.rings_per_call)
