"""The duty that begins when the desk closes early, instead of at its own time."""

from datetime import date
from zoneinfo import ZoneInfo

from app.domain.time.calendars import Calendar
from app.domain.time.day_plan import day_plan
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import starts_at, wall


def early_start(own: Calendar, telephones: tuple[Calendar, ...], day: date) -> Interval | None:
    """From the desk's early closing on the date until the duty's own hours begin.

    None where the desk does not close early, where the duty's own hours are under way then,
    or where none of them begin later on the date.
    """
    closes = _closes_early(telephones, day)
    if closes is None:
        return None
    hours = day_plan(own, day).hours
    if any(start <= closes < end for start, end in hours):
        return None
    begins = min((start for start, _ in hours if start > closes), default=None)
    if begins is None:
        return None
    zone = ZoneInfo(own.time_zone)
    return Interval(starts_at(wall(day, closes), zone), starts_at(wall(day, begins), zone))


def _closes_early(telephones: tuple[Calendar, ...], day: date) -> int | None:
    """The minute from which the desk gives up its usual hours: early closing or exception.

    The desk is there while any telephone is. On a day that an exception closes altogether it
    is the minute at which it usually opens.
    """
    plans = [day_plan(calendar, day) for calendar in telephones]
    closes = max((end for plan in plans for _, end in plan.hours), default=0)
    given_up = (max(start, closes) for plan in plans for start, end in plan.usual if end > closes)
    return min(given_up, default=None)
