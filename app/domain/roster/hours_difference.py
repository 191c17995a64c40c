"""What a change of a desk's hours does, told before it is saved: to the days, to the duty hours,
to who has them, and to the hours that nobody covers.

Both sides are computed by what calls are routed by; this only compares them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from app.domain.desks.desk import Desk
from app.domain.desks.desk_calendars import desk_calendars
from app.domain.desks.duty_hours import duty_intervals
from app.domain.desks.hours_edits import HoursEdit
from app.domain.desks.hours_of_year import Hours
from app.domain.roles import TurnRole
from app.domain.roster.coverage import unattended, uncovered
from app.domain.roster.plan import Roster
from app.domain.roster.shifts import shifts
from app.domain.time.day_plan import day_plan
from app.domain.time.intervals import Interval, Intervals, clip, subtract, union
from app.domain.time.wall_time import starts_at, wall

A_DAY = timedelta(days=1)
YEARS = 12  # in which a date falls on each weekday


@dataclass(frozen=True, slots=True)
class DayDifference:
    """The hours of a date in one calendar, before and after."""

    calendar: str
    day: date
    before: Hours
    after: Hours


@dataclass(frozen=True, slots=True)
class AddedDuty:
    """How much of the duty that is added lies in one person's shifts."""

    person: str
    role: TurnRole
    slot: int
    length: timedelta


@dataclass(frozen=True, slots=True)
class DutyDifference:
    """Duty hours that come or go, and whose shifts they are in."""

    added: Intervals = ()
    removed: Intervals = ()
    people: tuple[AddedDuty, ...] = ()  # of what is added
    opened: Intervals = ()  # duty hours that nobody covers, and that were none before
    closed: Intervals = ()  # ones that nobody covered


@dataclass(frozen=True, slots=True)
class HoursDifference:
    """What an edit of hours changes from now on."""

    days: tuple[DayDifference, ...]
    duty: DutyDifference
    left: Intervals  # hours that are neither the desk's nor the duty's, and were before
    is_short_notice: bool  # somebody's duty hours change within the roster's notice time

    @property
    def changes_nothing(self) -> bool:
        """Whether every day has the hours that it had."""
        return not self.days


def hours_difference(
    before: Desk, after: Desk, roster: Roster | None, edits: Iterable[HoursEdit], now: datetime
) -> HoursDifference:
    """Compare a desk with what it would be, around the days of the edits."""
    zone = ZoneInfo(before.time_zone)
    today = now.astimezone(zone).date()
    days = tuple(_days(before, after, edits, today))
    around = union(_around(each.day, zone) for each in days)
    spans = tuple(clip(around, now, max((each.to for each in around), default=now)))
    duty = _duty(before, after, roster or Roster("", before.time_zone), spans)
    left = subtract(_left(after, spans), _left(before, spans))
    notice = now + timedelta(days=roster.notice_days) if roster else now
    is_short = any(each.from_ < notice for each in (*duty.added, *duty.removed))
    return HoursDifference(days, duty, left, is_short)


def _days(
    before: Desk, after: Desk, edits: Iterable[HoursEdit], today: date
) -> Iterator[DayDifference]:
    """The dates whose hours change; of a day of every year the next one on which they do."""
    was, will_be = (
        {each.key: each.calendar for each in desk_calendars(desk)} for desk in (before, after)
    )
    for edit in edits:
        old, new = was[edit.calendar], will_be[edit.calendar]
        told = (
            DayDifference(edit.calendar, day, day_plan(old, day).hours, day_plan(new, day).hours)
            for day in _dates(edit, today)
        )
        yield from islice((each for each in told if each.before != each.after), 1)


def _dates(edit: HoursEdit, today: date) -> Iterator[date]:
    """The date that an edit is about; a day of every year from today on, for some years."""
    if isinstance(edit.day, date):
        yield edit.day
        return
    coming = (edit.day.in_year(year) for year in range(today.year, today.year + YEARS))
    yield from (each for each in coming if each and each >= today)


def _around(day: date, zone: ZoneInfo) -> Interval:
    """The day and its neighbours: windows and duty pass midnight."""
    return Interval(
        starts_at(wall(day - A_DAY, 0), zone), starts_at(wall(day + 2 * A_DAY, 0), zone)
    )


def _duty(before: Desk, after: Desk, roster: Roster, spans: Intervals) -> DutyDifference:
    was, will_be = _duty_hours(before, spans), _duty_hours(after, spans)
    added = subtract(will_be, was)
    gaps_before, gaps_after = _gaps(before, roster, spans), _gaps(after, roster, spans)
    return DutyDifference(
        added,
        subtract(was, will_be),
        tuple(_people(roster, added)),
        subtract(gaps_after, gaps_before),
        subtract(gaps_before, gaps_after),
    )


def _people(roster: Roster, added: Intervals) -> Iterator[AddedDuty]:
    found: dict[tuple[str, TurnRole, int], timedelta] = {}
    for piece in added:
        for shift in shifts(roster, piece.from_, piece.to):
            if shift.person:
                key = (shift.person, shift.role, shift.slot)
                found[key] = found.get(key, timedelta()) + shift.interval.length
    return (AddedDuty(*key, length) for key, length in found.items())


def _duty_hours(desk: Desk, spans: Intervals) -> Intervals:
    if desk.duty is None:
        return ()
    hours, telephones = desk.duty.hours, desk.telephone_calendars()
    return union(*(duty_intervals(hours, telephones, each.from_, each.to) for each in spans))


def _gaps(desk: Desk, roster: Roster, spans: Intervals) -> Intervals:
    if desk.duty is None:
        return ()
    hours, telephones = desk.duty.hours, desk.telephone_calendars()
    return union(*(uncovered(roster, hours, telephones, each) for each in spans))


def _left(desk: Desk, spans: Intervals) -> Intervals:
    if desk.duty is None:
        return ()
    hours, telephones = desk.duty.hours, desk.telephone_calendars()
    return union(*(unattended(hours, telephones, each) for each in spans))
