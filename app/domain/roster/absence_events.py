"""The absences in a calendar file that another program has written.

Only times are taken over: what an appointment is called is nobody's business here. Whatever is
shown as free, only perhaps, or cancelled is no absence. Zone names of Windows are known to the
library; a time without a zone is the roster's.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from app.domain.roster.absence_feed import FeedFailed, FeedTrouble
from app.domain.time.intervals import Interval, Intervals, union
from app.domain.time.wall_time import starts_at, wall

DAYS_AHEAD: Final = 400
MOST_EVENTS: Final = 20_000  # worked out in a few seconds
FREE: Final = frozenset({"FREE", "TENTATIVE", "WORKINGELSEWHERE"})
NOT_BUSY: Final = frozenset({"FREE", "BUSY-TENTATIVE"})
NO_ABSENCE: Final = frozenset({"CANCELLED", "TENTATIVE"})
IN_400_DAYS: Final = {"DAILY": 400, "WEEKLY": 58, "MONTHLY": 14, "YEARLY": 2}
WEEKS: Final = 53
# Nobody is absent every minute.
TOO_FINE: Final = ("BYSECOND", "BYMINUTE", "BYHOUR")
BROKEN: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


def absences_in(file: bytes, zone: ZoneInfo, now: datetime) -> Intervals:
    """Return when somebody is absent, from now on and 400 days ahead; FeedFailed if unreadable."""
    until = now + timedelta(days=DAYS_AHEAD)
    try:
        calendar = Calendar.from_ical(file.decode("utf-8-sig"))
        if calendar.name != "VCALENDAR":
            raise FeedFailed(FeedTrouble.NOT_A_CALENDAR)
        _check_rules(calendar)
        found = [*_busy_periods(calendar, zone), *_events(calendar, zone, now, until)]
    except BROKEN:
        raise FeedFailed(FeedTrouble.NOT_A_CALENDAR) from None
    return union(each for each in found if each.to > now and each.from_ < until)


def _check_rules(calendar: Calendar) -> None:
    """Refuse what would take long: a file of 1 MB can stand for millions of events."""
    events = calendar.walk("VEVENT")
    rules = [rule for event in events for rule in _rules(event)]
    if any(_is_too_fine(rule) for rule in rules):
        raise FeedFailed(FeedTrouble.TOO_MANY_EVENTS)
    if len(events) + sum(_at_most(rule) for rule in rules) > MOST_EVENTS:
        raise FeedFailed(FeedTrouble.TOO_MANY_EVENTS)


def _rules(event: Any) -> list[Any]:
    rules = event.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]


def _is_too_fine(rule: Any) -> bool:
    often = {str(each).upper() for each in rule.get("FREQ", [])} - IN_400_DAYS.keys()
    return bool(often) or any(key in rule for key in TOO_FINE)


def _at_most(rule: Any) -> int:
    """How many events a rule can have in 400 days, roughly and rather too many."""
    by = sum(len(values) for key, values in rule.items() if key.upper().startswith("BY"))
    frequency = str(rule["FREQ"][0]).upper()
    weeks = WEEKS if by and frequency in ("MONTHLY", "YEARLY") else 1
    return int(IN_400_DAYS[frequency] * max(1, by) * weeks)


def _events(
    calendar: Calendar, zone: ZoneInfo, now: datetime, until: datetime
) -> Iterator[Interval]:
    """Every occurrence that is an absence, also of those that come again and again."""
    for event in recurring_ical_events.of(calendar).between(now, until):
        if _is_absence(event):
            from_ = _instant(event["DTSTART"].dt, zone)
            yield Interval(from_, max(from_, _instant(event["DTEND"].dt, zone)))


def _is_absence(event: Any) -> bool:
    status = str(event.get("STATUS", "")).upper()
    shown = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    is_transparent = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    return not is_transparent and status not in NO_ABSENCE and shown not in FREE


def _busy_periods(calendar: Calendar, zone: ZoneInfo) -> Iterator[Interval]:
    """What a calendar tells that publishes only when somebody is busy."""
    for part in calendar.walk("VFREEBUSY"):
        periods = part.get("FREEBUSY", [])
        for period in periods if isinstance(periods, list) else [periods]:
            if str(period.params.get("FBTYPE", "BUSY")).upper() not in NOT_BUSY:
                yield Interval(_instant(period.start, zone), _instant(period.end, zone))


def _instant(at: date, zone: ZoneInfo) -> datetime:
    """A moment, or a date's midnight; without a zone the roster's wall time."""
    if not isinstance(at, datetime):
        return starts_at(wall(at, 0), zone)
    return starts_at(at, zone) if at.tzinfo is None else at.astimezone(UTC)
