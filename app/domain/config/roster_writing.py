"""roster.toml written from a Roster: what is read from it again is equal."""

from collections.abc import Iterator
from datetime import date
from itertools import permutations
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.config.calendar_part import days_of
from app.domain.config.confirmation_part import HOUR
from app.domain.config.entry_writing import entry_lines, pair, text_list, toml_text
from app.domain.config.written_values import day_text, window_text
from app.domain.roster.confirmation_rules import ConfirmationRules
from app.domain.roster.entries import dated_of
from app.domain.roster.plan import USUAL_NOTICE_DAYS, Person, Roster
from app.domain.roster.rotation import HolidayPeriod, Rotation
from app.domain.roster.turn_order import Weights
from app.domain.time.calendars import Calendar, YearlyDay
from app.domain.time.wall_time import WEEKDAYS, clock

DAY_KEYS: Final = (*WEEKDAYS, *(f"{one}-{other}" for one, other in permutations(WEEKDAYS, 2)))


def write_roster(roster: Roster) -> str:
    """Write a roster as roster.toml, its dated parts in local wall time."""
    zone = ZoneInfo(roster.time_zone)
    head = [pair("id", roster.id), pair("time_zone", roster.time_zone)]
    if roster.last_resort:
        head.append(text_list("last_resort", roster.last_resort))
    if roster.notice_days != USUAL_NOTICE_DAYS:
        head.append(f"notice_days = {roster.notice_days}")
    if roster.swaps_need_approval:
        head.append("swaps_need_approval = true")
    parts = ["\n".join(head)]
    if roster.confirmation:
        parts.append("\n".join(_confirmation(roster.confirmation)))
    parts += [
        "\n".join((person_header(each), *person_lines(each).values())) for each in roster.people
    ]
    parts += ["\n".join(rotation_text(rotation)) for rotation in roster.layers]
    parts += ["\n".join(entry_lines(each, zone)) for each in dated_of(roster)]
    return "\n\n".join(parts) + "\n"


def _confirmation(rules: ConfirmationRules) -> Iterator[str]:
    yield "[confirm_shifts]"
    yield f"hours_before = {rules.asked // HOUR}"
    yield f"alarm_hours_before = {rules.alarm // HOUR}"


def person_header(person: Person) -> str:
    """Write the header of somebody's table."""
    return f"[people.{person.id}]"


def person_lines(person: Person) -> dict[str, str]:
    """Write somebody's lines by their keys; of what they have not, none."""
    lines = {"name": pair("name", person.name), "phones": text_list("phones", person.numbers)}
    if person.language:
        lines["language"] = pair("language", person.language)
    if person.days.first:
        lines["first_day"] = f"first_day = {person.days.first.isoformat()}"
    if person.days.last:
        lines["last_day"] = f"last_day = {person.days.last.isoformat()}"
    return lines


def rotation_text(rotation: Rotation) -> Iterator[str]:
    """Write a rotation with its tables, line by line."""
    yield "[[rotations]]"
    yield from rotation_lines(rotation).values()
    for part in rotation_tables(rotation).values():
        yield from part


def rotation_lines(rotation: Rotation) -> dict[str, str]:
    """Write a rotation's own lines by their keys; of what it has not, none."""
    lines = {"id": pair("id", rotation.id), "role": pair("role", rotation.role)}
    if rotation.over:
        lines["over"] = pair("over", rotation.over)
    lines["kind"] = pair("kind", rotation.kind)
    if not rotation.holidays:
        lines["every"] = f"every = {rotation.every}"
    lines["handover"] = pair("handover", clock(rotation.handover_minute))
    if rotation.handover_weekday is not None:
        lines["handover_day"] = pair("handover_day", WEEKDAYS[rotation.handover_weekday])
    lines["start"] = f"start = {rotation.start.isoformat()}"
    if rotation.until:
        lines["until"] = f"until = {rotation.until.isoformat()}"
    lines["members"] = text_list("members", rotation.members)
    if rotation.backup_is_next:
        lines["backup"] = pair("backup", "next")
    return lines


def rotation_tables(rotation: Rotation) -> dict[str, tuple[str, ...]]:
    """Write a rotation's tables by their keys, each line by line, with an empty line above."""
    weights = (line for each in rotation.weights for line in _weights(each))
    holidays = (line for each in rotation.holidays for line in _holiday(each))
    return {
        "hours": tuple(_hours(rotation.hours)) if rotation.hours else (),
        "weights": tuple(weights),
        "holidays": tuple(holidays),
    }


def _hours(hours: Calendar) -> Iterator[str]:
    """Weekly hours and holidays: all that a draft has."""
    yield ""
    yield "[rotations.hours]"
    yield pair("holidays", hours.holidays or "none")
    yield pair("on_holidays", hours.holiday_policy)
    for days in dict.fromkeys(each.weekdays for each in hours.windows):
        windows = (each for each in hours.windows if each.weekdays == days)
        texts = tuple(window_text(each.start_minute, each.end_minute) for each in windows)
        yield text_list(_days_key(days), texts)


def _days_key(days: frozenset[int]) -> str:
    """The key that names these days in a row, "monday-friday"."""
    return next(key for key in DAY_KEYS if days_of(key) == days)


def _weights(weights: Weights) -> Iterator[str]:
    yield ""
    yield "[[rotations.weights]]"
    if weights.from_:
        yield f"from = {weights.from_.isoformat()}"
    percents = ", ".join(f"{person} = {percent}" for person, percent in weights.percent)
    yield f"percent = {{ {percents} }}"


def _holiday(period: HolidayPeriod) -> Iterator[str]:
    yield ""
    yield "[[rotations.holidays]]"
    yield pair("name", period.name)
    yield f"from = {_day(period.first)}"
    if period.last != period.first:
        yield f"to = {_day(period.last)}"


def _day(day: YearlyDay | date) -> str:
    text = day_text(day)
    return text if isinstance(day, date) else toml_text(text)
