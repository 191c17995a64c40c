"""Business time: counting open time only, and the moment when something is due.

Real elapsed seconds of open time; wall time is met only in "the same clock time".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.time.calendars import Calendar, DayPlan
from app.domain.time.day_plan import day_plan, next_day
from app.domain.time.hours import (
    LIMIT_DAYS,
    local_date,
    next_opening,
    open_intervals,
    open_pieces,
)
from app.domain.time.intervals import Intervals, total
from app.domain.time.wall_time import starts_at


class NeverOpens(ValueError):
    """The calendar has no open time to count in."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """An amount of open time."""

    count: int

    @property
    def delta(self) -> timedelta:
        """The amount as a length of time."""
        return timedelta(minutes=self.count)


@dataclass(frozen=True, slots=True)
class Days:
    """So many working days: the same clock time that many working days on.

    Round the clock every day is a working day.
    """

    count: int


Duration = Minutes | Days


@dataclass(frozen=True, slots=True)
class Target:
    """How long something may take, and the id of the calendar in which it counts.

    The id is ROUND_THE_CLOCK_ID where it counts round the clock.
    """

    amount: Duration
    calendar: str


def due(calendar: Calendar, start: datetime, amount: Duration) -> datetime:
    """When the amount has passed, counted from `start` in the calendar.

    Raises NeverOpens where the calendar has no open time to count in.
    """
    match amount:
        case Minutes():
            return add_business(calendar, start, amount.delta)
        case Days(count):
            return add_working_days(calendar, start, count)


def due_with_pauses(
    calendar: Calendar, start: datetime, amount: Duration, pauses: Intervals
) -> datetime:
    """When the amount has passed, where what passes in the pauses does not count.

    Each pause that begins before it is due puts it off by the pause's open time. `pauses` are
    merged and in order. Raises NeverOpens as `due` does.
    """
    at = due(calendar, start, amount)
    for pause in pauses:
        if pause.from_ >= at:
            break
        lost = business_between(calendar, max(pause.from_, start), max(pause.to, start))
        if lost:  # none at all would move a deadline at closing to the next opening
            at = add_business(calendar, at, lost)
    return at


def add_business(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The instant at which `amount` of open time has passed since `start`.

    An amount that ends at closing is due at closing; none at all is due at the first
    open instant. Raises NeverOpens, and ValueError for a negative amount.
    """
    if amount < timedelta():
        raise ValueError("business time is counted forward")
    if calendar.is_round_the_clock:
        return start.astimezone(UTC) + amount
    left = amount
    for piece in open_pieces(calendar, start):
        if left <= piece.to - piece.from_:
            return piece.from_ + left
        left -= piece.to - piece.from_
    raise NeverOpens(calendar.id)


def business_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The open time from `start` to `end`; negative where the end comes first."""
    if end < start:
        return -business_between(calendar, end, start)
    if calendar.is_round_the_clock:
        return end - start
    return total(open_intervals(calendar, start, end))


def add_working_days(calendar: Calendar, start: datetime, count: int) -> datetime:
    """The same clock time `count` working days on, held within that day's hours.

    A start outside the hours moves to the next opening first. A working day is a date on
    which the calendar has hours. Raises NeverOpens, and ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("working days are counted forward")
    opening = next_opening(calendar, start)
    if opening is None:
        raise NeverOpens(calendar.id)
    plan = _plan_that_holds(calendar, opening)
    zone = ZoneInfo(calendar.time_zone)
    since_midnight = opening.astimezone(zone).replace(tzinfo=None) - _midnight(plan.day)
    for _ in range(count):
        plan = _next_working_day(calendar, plan)
    same_clock = starts_at(_midnight(plan.day) + since_midnight, zone)
    if count == 0:
        return opening
    return max(plan.spans[0].from_, min(same_clock, plan.spans[-1].to))


def working_day_length(calendar: Calendar) -> timedelta:
    """What one working day usually amounts to: the commonest length of a weekday with hours.

    For comparing targets given in hours with targets given in days.
    """
    lengths = [
        len({minute for start, end in _hours(calendar, day) for minute in range(start, end)})
        for day in range(7)
    ]
    open_lengths = [length for length in lengths if length]
    commonest = max(open_lengths, key=lambda n: (open_lengths.count(n), n), default=0)
    return timedelta(minutes=commonest)


def nominal(calendar: Calendar, amount: Duration) -> timedelta:
    """The amount as open time, a day taken as the usual working day; for comparing only."""
    if isinstance(amount, Minutes):
        return amount.delta
    return working_day_length(calendar) * amount.count


def _hours(calendar: Calendar, weekday: int) -> Iterator[tuple[int, int]]:
    for window in calendar.windows:
        if weekday in window.weekdays:
            yield window.start_minute, window.end_minute


def _plan_that_holds(calendar: Calendar, at: datetime) -> DayPlan:
    """The date whose hours hold an open instant: today's, or last evening's that go on."""
    today = day_plan(calendar, local_date(calendar, at))
    if any(at in span for span in today.spans):
        return today
    return day_plan(calendar, today.day - timedelta(days=1))


def _next_working_day(calendar: Calendar, before: DayPlan) -> DayPlan:
    """The next date with hours; one that lies wholly within the night before is none."""
    day = before.day
    for _ in range(LIMIT_DAYS):
        day = next_day(day)
        plan = day_plan(calendar, day)
        if plan.spans and plan.spans[-1].to > before.spans[-1].to:
            return plan
    raise NeverOpens(calendar.id)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time
