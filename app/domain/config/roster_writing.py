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
    parts += ["\n".join(_person(person)) for person in roster.people]
    parts += ["\n".join(_rotation(rotation)) for rotation in roster.layers]
    parts += ["\n".join(entry_lines(each, zone)) for each in dated_of(roster)]
    return "\n\n".join(parts) + "\n"


def _confirmation(rules: ConfirmationRules) -> Iterator[str]:
    yield "[confirm_shifts]"
    yield f"hours_before = {rules.asked // HOUR}"
    yield f"alarm_hours_before = {rules.alarm // HOUR}"


def _person(person: Person) -> Iterator[str]:
    yield f"[people.{person.id}]"
    yield pair("name", person.name)
    yield text_list("phones", person.numbers)
    if person.language:
        yield pair("language", person.language)
    if person.days.first:
        yield f"first_day = {person.days.first.isoformat()}"
    if person.days.last:
        yield f"last_day = {person.days.last.isoformat()}"


def _rotation(rotation: Rotation) -> Iterator[str]:
    yield "[[rotations]]"
    yield pair("id", rotation.id)
    yield pair("role", rotation.role)
    if rotation.over:
        yield pair("over", rotation.over)
    yield pair("kind", rotation.kind)
    if not rotation.holidays:
        yield f"every = {rotation.every}"
    yield pair("handover", clock(rotation.handover_minute))
    if rotation.handover_weekday is not None:
        yield pair("handover_day", WEEKDAYS[rotation.handover_weekday])
    yield f"start = {rotation.start.isoformat()}"
    if rotation.until:
        yield f"until = {rotation.until.isoformat()}"
    yield text_list("members", rotation.members)
    if rotation.backup_is_next:
        yield pair("backup", "next")
    if rotation.hours:
        yield from _hours(rotation.hours)
    for weights in rotation.weights:
        yield from _weights(weights)
    for holiday in rotation.holidays:
        yield from _holiday(holiday)


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
