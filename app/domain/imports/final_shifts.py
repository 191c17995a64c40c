"""A source's own final schedule: who is on call when, as the product itself has worked it out.

Read from JSON, the shapes of all four products, or from iCal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from app.domain.imports.json_part import JsonPart, every_part, read_json
from app.domain.imports.source_schedule import SourceSchedule
from app.domain.message_refs import MessageError, ref
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import starts_at

ICAL: Final = "BEGIN:VCALENDAR"
# Where the final schedule stands in an answer that holds more, and the borders of its shifts.
PLACES: Final = ("final_timeline", "final_schedule")
SHAPES: Final = (("start_date", "end_date"), ("shift_start", "shift_end"), ("start", "end"))
PERSON_PARTS: Final = ("recipient", "user")
PERSON_KEYS: Final = (
    "id", "name", "username", "email", "summary", "user_pk", "user_email", "user_username",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FinalShift:
    """Somebody's time, and what the source calls them; nothing where it is nobody's."""

    names: frozenset[str]
    when: Interval


def read_final_shifts(
    text: str, file: str, schedule: SourceSchedule, span: Interval
) -> tuple[FinalShift, ...]:
    """Read a final schedule between two instants; MessageError for what is none."""
    if text.lstrip("\ufeff \r\n").startswith(ICAL):
        found = tuple(_from_ical(text, file, schedule, span))
    else:
        found = tuple(_from_json(read_json(text, file), file, schedule.zone))
    if not found:
        raise MessageError(ref("import.no_final_shifts", file=file))
    return found


def _from_json(value: object, file: str, zone: ZoneInfo) -> Iterator[FinalShift]:
    for place in PLACES:
        for part in every_part(value, file, place):
            value = part.values[place]
    for from_, to in SHAPES:
        for part in every_part(value, file, from_, to):
            if part.has(from_, to):
                when = Interval(part.moment(from_, zone), part.moment(to, zone))
                yield FinalShift(frozenset(_names(part)), when)


def _names(part: JsonPart) -> Iterator[str]:
    people = [part, *(part.part(key) for key in PERSON_PARTS)]
    for each in people:
        keys = PERSON_KEYS if each is not part else PERSON_KEYS[5:]
        full = f"{each.text('first_name', '')} {each.text('last_name', '')}".strip()
        names = (each.text(key, "") for key in keys)
        yield from (name.casefold() for name in (*names, full) if name)


def _from_ical(
    text: str, file: str, schedule: SourceSchedule, span: Interval
) -> Iterator[FinalShift]:
    try:
        calendar = Calendar.from_ical(text)
        events = recurring_ical_events.of(calendar).between(span.from_, span.to)
    except (ValueError, TypeError, KeyError, IndexError):
        raise MessageError(ref("import.no_calendar", file=file)) from None
    for event in events:
        said = f"{event.get('SUMMARY', '')} {event.get('ATTENDEE', '')}".casefold()
        names = {name for each in schedule.people for name in each.known_as if name in said}
        bounds = (_instant(event[key].dt, schedule.zone) for key in ("DTSTART", "DTEND"))
        yield FinalShift(frozenset(names or {said.strip()}), Interval(*bounds))


def _instant(at: date, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return starts_at(datetime(at.year, at.month, at.day), zone)  # noqa: DTZ001 - a wall time
    return starts_at(at, zone) if at.tzinfo is None else at.astimezone(UTC)
