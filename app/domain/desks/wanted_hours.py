"""What somebody wants of some days of a desk, as edits of its calendars.

Over several days only those count that have hours: who closes the week after Christmas does not
mean its Sunday, and who opens shorter in it does not open on Saturday.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.desks.desk import Desk
from app.domain.desks.desk_calendars import desk_calendars
from app.domain.desks.hours_edits import Day, Entry, HoursEdit, entry_of
from app.domain.desks.hours_of_year import Hours
from app.domain.time.calendars import Calendar, DatedException, EarlyClosing, YearlyDay
from app.domain.time.day_plan import day_plan


@dataclass(frozen=True, slots=True)
class WantedDays:
    """Other hours on the days from `first` to `last`, both included; none at all is closed."""

    first: date
    last: date
    hours: Hours = ()
    note: str = ""

    @property
    def days(self) -> Iterator[date]:
        """Every day of them."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class WantedClosing:
    """An early closing on a day of every year."""

    on: YearlyDay
    closes_minute: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Nothing of its own on a day any more."""

    day: Day


Wanted = WantedDays | WantedClosing | TakeBack


def edits_for(desk: Desk, calendars: Sequence[str], wanted: Wanted) -> tuple[HoursEdit, ...]:
    """Return the edits that make it so, of those calendars of the desk that there are."""
    known = {each.key: each.calendar for each in desk_calendars(desk)}
    edits = (
        HoursEdit(key, day, entry_of(desk, key, day), after)
        for key in calendars
        if key in known
        for day, after in _entries(known[key], wanted)
    )
    return tuple(each for each in edits if each.before != each.after)


def _entries(calendar: Calendar, wanted: Wanted) -> Iterable[tuple[Day, Entry | None]]:
    match wanted:
        case WantedDays():
            return ((day, _exception(day, wanted)) for day in _meant(calendar, wanted))
        case WantedClosing(on, closes, note):
            return ((on, EarlyClosing(on, closes, note)),)
        case TakeBack(day):
            return ((day, None),)


def _meant(calendar: Calendar, wanted: WantedDays) -> Iterator[date]:
    for day in wanted.days:
        plan = day_plan(calendar, day)  # a Saturday that is open this once has hours too
        if wanted.first == wanted.last or plan.usual or plan.hours:
            yield day


def _exception(day: date, wanted: WantedDays) -> DatedException:
    return DatedException(day, wanted.hours, wanted.note)
