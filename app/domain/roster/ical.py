"""A calendar as the bytes of an .ics file (RFC 5545), for programs that fetch it by themselves.

The time zone is told by rules from 1970 on: of a list of dates Outlook makes another zone. Nothing
here is the moment of writing, so that the same calendar has the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.roster.calendar_events import EventStatus
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import wall
from app.domain.time.zone_rules import RULES_BEGIN, ClockChange, clock_changes

LONGEST_LINE: Final = 75  # octets
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
REFRESH: Final = "PT1H"  # what we ask for; Google Calendar takes 8 to 24 hours all the same
HEAD: Final = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Vaktlinje//Vaktlinje//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
)


@dataclass(frozen=True, slots=True)
class IcalEvent:
    """One event, with its words."""

    uid: str
    when: Interval
    summary: str
    description: str
    status: EventStatus


@dataclass(frozen=True, slots=True)
class Ical:
    """A calendar. `sequence` rises with each change, the last of which was `changed_at`."""

    name: str
    zone: ZoneInfo
    span: Interval
    sequence: int
    changed_at: datetime
    events: tuple[IcalEvent, ...]


def write_ical(calendar: Ical) -> bytes:
    """Write a calendar."""
    lines = b"\r\n".join(_folded(line) for line in _lines(calendar))
    return lines + b"\r\n"


def _lines(calendar: Ical) -> Iterator[str]:
    yield from HEAD
    yield f"X-WR-CALNAME:{_text(calendar.name)}"
    yield f"X-WR-TIMEZONE:{calendar.zone.key}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"
    yield f"X-PUBLISHED-TTL:{REFRESH}"
    yield from _zone_lines(calendar.zone, calendar.span)
    for event in calendar.events:
        yield from _event_lines(event, calendar)
    yield "END:VCALENDAR"


def _event_lines(event: IcalEvent, calendar: Ical) -> Iterator[str]:
    changed = _utc(calendar.changed_at)
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{calendar.sequence}"
    yield f"STATUS:{event.status}"
    yield _moment("DTSTART", event.when.from_, calendar.zone)
    yield _moment("DTEND", event.when.to, calendar.zone)
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    yield "TRANSP:TRANSPARENT"  # whoever has home duty can be asked to a meeting
    yield "X-MICROSOFT-CDO-BUSYSTATUS:FREE"
    yield "END:VEVENT"


def _moment(name: str, at: datetime, zone: ZoneInfo) -> str:
    """The wall time; UTC for one that comes twice, of which khal takes the second for the first."""
    local = at.astimezone(zone)
    if local.utcoffset() != local.replace(fold=not local.fold).utcoffset():
        return f"{name}:{_utc(at)}"
    return f"{name};TZID={zone.key}:{local:%Y%m%dT%H%M%S}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _zone_lines(zone: ZoneInfo, span: Interval) -> Iterator[str]:
    first, last = span.from_.year - 1, span.to.year + 2
    changes = clock_changes(zone, first, last)
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    yield f"X-LIC-LOCATION:{zone.key}"
    if not changes:
        yield from _one_offset(zone, span)
    elif _is_regular(changes, last - first + 1):
        for change in sorted(changes[-2:], key=lambda each: not each.is_summer):
            yield from _part(change, change.first(), _yearly(change))
    else:
        for change in changes:
            yield from _part(change, change.wall, None)
    yield "END:VTIMEZONE"


def _is_regular(changes: tuple[ClockChange, ...], years: int) -> bool:
    """Whether the clocks go forward and back by the same two rules in all these years."""
    return len(changes) == 2 * years and len({each.rule for each in changes}) == 2


def _yearly(change: ClockChange) -> str:
    day = f"{change.weekday_of_month}{WEEKDAYS[change.wall.weekday()]}"
    return f"RRULE:FREQ=YEARLY;BYMONTH={change.wall.month};BYDAY={day}"


def _part(change: ClockChange, begins: datetime, rule: str | None) -> Iterator[str]:
    kind = "DAYLIGHT" if change.is_summer else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"TZNAME:{change.name}"
    yield f"TZOFFSETFROM:{_offset(change.before)}"
    yield f"TZOFFSETTO:{_offset(change.after)}"
    yield f"DTSTART:{begins:%Y%m%dT%H%M%S}"
    if rule:
        yield rule
    yield f"END:{kind}"


def _one_offset(zone: ZoneInfo, span: Interval) -> Iterator[str]:
    local = span.from_.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    change = ClockChange(local.replace(tzinfo=None), offset, offset, local.tzname() or "", False)
    return _part(change, wall(date(RULES_BEGIN, 1, 1), 0), None)


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{rest:02}"


def _text(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(sign, written)
    return "\\n".join(text.splitlines())


def _folded(line: str) -> bytes:
    """The line in pieces of 75 octets at most, none of which cuts a letter in two."""
    return b"\r\n ".join(_pieces(line))


def _pieces(line: str) -> Iterable[bytes]:
    if len(line) <= LONGEST_LINE and line.isascii():
        yield line.encode()
        return
    piece, limit = b"", LONGEST_LINE
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > limit:
            yield piece
            piece, limit = b"", LONGEST_LINE - 1  # a line that goes on begins with a blank
        piece += octets
    yield piece
