"""The calendars of a desk as its pages show them: which there are, and what each is for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.time.calendars import Calendar

OWN_HOURS: Final = "duty.hours"  # no calendar's id has a full stop


class CalendarUse(StrEnum):
    """What a calendar is for."""

    TELEPHONE = "telephone"  # somebody's telephone is answered in it
    DUTY = "duty"  # the duty's own hours
    TARGETS = "targets"  # only what was promised counts in it


@dataclass(frozen=True, slots=True)
class DeskCalendar:
    """A calendar of a desk; `key` is its id, or OWN_HOURS for the duty's own hours."""

    key: str
    calendar: Calendar
    use: CalendarUse


def desk_calendars(desk: Desk) -> tuple[DeskCalendar, ...]:
    """Return the calendars: those of telephones first, then the duty's own, then the others."""
    telephone = {each.id for each in desk.telephone_calendars()}
    found = [
        DeskCalendar(
            each.id, each, CalendarUse.TELEPHONE if each.id in telephone else CalendarUse.TARGETS
        )
        for each in desk.calendars
    ]
    if desk.duty and desk.duty.hours.own:
        found.append(DeskCalendar(OWN_HOURS, desk.duty.hours.own, CalendarUse.DUTY))
    return tuple(sorted(found, key=lambda each: list(CalendarUse).index(each.use)))
