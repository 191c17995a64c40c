"""What differs between two versions of a desk's hours: exceptions and early closings, one by one.

An edit is one date, or one day of every year, of one calendar. Pages make them, undo reverses
them, and an import looks whether a file lacks some.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain.desks.desk import Desk
from app.domain.desks.desk_calendars import OWN_HOURS, desk_calendars
from app.domain.time.calendars import Calendar, DatedException, EarlyClosing, YearlyDay

Day = date | YearlyDay
Entry = DatedException | EarlyClosing


@dataclass(frozen=True, slots=True)
class HoursEdit:
    """What a calendar says of a day, before and after; None where it says nothing of its own.

    `calendar` is a key of `desk_calendars`.
    """

    calendar: str
    day: Day
    before: Entry | None
    after: Entry | None

    @property
    def reversed(self) -> "HoursEdit":
        """The edit that takes this one back."""
        return replace(self, before=self.after, after=self.before)

    def is_over(self, today: date) -> bool:
        """Whether it is about a day that has passed."""
        return isinstance(self.day, date) and self.day < today


def hours_edits(before: Desk, after: Desk) -> tuple[HoursEdit, ...]:
    """Return what differs, in the order of the calendars and of the days."""
    was, will_be = _entries(before), _entries(after)
    keys = [*was, *(each for each in will_be if each not in was)]
    edits = (HoursEdit(*key, was.get(key), will_be.get(key)) for key in keys)
    return tuple(sorted((each for each in edits if each.before != each.after), key=_in_order))


def entry_of(desk: Desk, calendar: str, day: Day) -> Entry | None:
    """Return what a desk's calendar says of a day of its own; None for nothing."""
    return _entries(desk).get((calendar, day))


def lost_edits(edits: Iterable[HoursEdit], desk: Desk, today: date) -> tuple[HoursEdit, ...]:
    """Return those edits that a desk lacks, but for days that are over."""
    there = _entries(desk)
    return tuple(
        each
        for each in edits
        if not each.is_over(today) and there.get((each.calendar, each.day)) != each.after
    )


def without_entries(desk: Desk) -> Desk:
    """Return a desk without exceptions and early closings: what no edit of hours may touch."""
    own = desk.duty.hours.own if desk.duty else None
    duty = desk.duty
    if duty and own:
        duty = replace(duty, hours=replace(duty.hours, own=_bare(own)))
    return replace(desk, calendars=tuple(_bare(each) for each in desk.calendars), duty=duty)


def _bare(calendar: Calendar) -> Calendar:
    return replace(calendar, exceptions=(), early_closings=())


def _entries(desk: Desk) -> Mapping[tuple[str, Day], Entry]:
    return dict(_all_entries(desk))


def _all_entries(desk: Desk) -> Iterator[tuple[tuple[str, Day], Entry]]:
    for each in desk_calendars(desk):
        for exception in each.calendar.exceptions:
            yield (each.key, exception.day), exception
        # Of two for one day the first counts.
        for early in reversed(each.calendar.early_closings):
            yield (each.key, early.on), early


def _in_order(edit: HoursEdit) -> tuple[bool, str, bool, str]:
    is_date = isinstance(edit.day, date)
    return edit.calendar == OWN_HOURS, edit.calendar, not is_date, str(edit.day)
