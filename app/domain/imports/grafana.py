"""Grafana OnCall: schedules and their shifts, as its public API and Terraform state have them.

Of two shifts the one with the higher level wins; those of one level stand beside each other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.imports.json_part import JsonPart, every_part
from app.domain.imports.opsgenie import zone_of
from app.domain.imports.people import People
from app.domain.imports.source_schedule import SourceLayer, SourceOverride, SourceSchedule
from app.domain.imports.week_hours import WEEK, Piece
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.rotation import RotationKind
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import MINUTES_A_DAY, starts_at, wall

KINDS: Final = {
    "hourly": (RotationKind.HOURS, 60),
    "daily": (RotationKind.DAILY, MINUTES_A_DAY),
    "weekly": (RotationKind.WEEKLY, WEEK),
}
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DATED: Final = ("override", "single_event")


def read_grafana(files: Iterable[tuple[str, object]]) -> tuple[SourceSchedule, ...]:
    """Read every schedule in these files, with the shifts and users that they hold."""
    content = tuple(files)
    users = [u for name, value in content for u in every_part(value, name, "username", "email")]
    shifts = {
        each.text("id"): each
        for name, value in content
        for each in every_part(value, name, "start", "duration", "type")
    }
    return tuple(
        _schedule(each, users, shifts)
        for name, value in content
        for each in every_part(value, name, "shifts", "name")
    )


def _schedule(part: JsonPart, users: list[JsonPart], shifts: dict[str, JsonPart]) -> SourceSchedule:
    zone = zone_of(part, "time_zone")
    reader = _Reader(zone, People(), [])
    for user in users:
        reader.people.add(
            user.text("id", user.text("username")), user.text("username"), user.text("email")
        )
    name = part.text("name")
    named = [str(each) for each in part.lists("shifts")]
    reader.notes += [
        ref("import.no_shift", schedule=name, shift=each) for each in named if each not in shifts
    ]
    own = [shifts[each] for each in named if each in shifts]
    turns = sorted(
        (each for each in own if each.text("type") not in DATED),
        key=lambda each: each.whole("level", 0),
    )
    layers: list[SourceLayer] = []
    lowest = turns[0].whole("level", 0) if turns else 0
    for each in turns:
        layers += reader.layers(each, each.whole("level", 0) > lowest)
    overrides = tuple(
        each for one in own if one.text("type") in DATED for each in reader.dated(one)
    )
    return SourceSchedule(
        part.text("id", name),
        name,
        zone,
        reader.people.used,
        tuple(layers),
        overrides,
        tuple(reader.notes),
    )


@dataclass(slots=True)
class _Reader:
    """Reads the shifts of one schedule."""

    zone: ZoneInfo
    people: People
    notes: list[MessageRef]

    def layers(self, part: JsonPart, over_others: bool) -> Iterator[SourceLayer]:
        """One layer for each who has the shift at the same time."""
        name, frequency = part.text("name", part.text("id")), part.text("frequency", "")
        if frequency not in KINDS:
            self.notes.append(ref("import.odd_frequency", layer=name, frequency=frequency))
            return
        kind, unit = KINDS[frequency]
        zone = zone_of(part, "time_zone") if part.has("time_zone") else self.zone
        start = self._begins(part, kind, zone)
        hours = tuple(_hours(part, kind, unit, start))
        for members in self._members(part):
            yield SourceLayer(
                name=name,
                start=starts_at(start, zone),
                kind=kind,
                every=part.whole("interval", 1),
                members=members,
                end=part.moment_or_none("until", zone),
                hours=hours,
                over_others=over_others,
            )

    def dated(self, part: JsonPart) -> Iterator[SourceOverride]:
        """A shift that comes once takes the place of whoever else would have it."""
        from_ = part.moment("start", self.zone)
        when = Interval(from_, from_ + timedelta(seconds=part.whole("duration")))
        users = [str(each) for each in part.lists("users")]
        users = users or [
            str(each) for group in part.lists("rolling_users") for each in _group(group)
        ]
        if len(users) > 1:
            self.notes.append(ref("import.several_at_once", layer=part.text("name", "")))
        for user in users[:1]:
            yield SourceOverride(self.people.use(user), when)

    def _begins(self, part: JsonPart, kind: RotationKind, zone: ZoneInfo) -> datetime:
        """The wall time of the first turn: a week with several days begins on its first day."""
        start = part.moment("start", zone).astimezone(zone).replace(tzinfo=None)
        if kind is RotationKind.WEEKLY and part.lists("by_day"):
            first = part.text("week_start", "MO").upper()[:2]
            back = (start.weekday() - DAYS.index(first)) % 7 if first in DAYS else 0
            return wall((start - timedelta(days=back)).date(), start.hour * 60 + start.minute)
        return start

    def _members(self, part: JsonPart) -> Iterator[tuple[str | None, ...]]:
        if part.text("type") == "rolling_users":
            groups = [_group(each) for each in part.lists("rolling_users")]
            first = part.whole("start_rotation_from_user_index", 0) % max(1, len(groups))
            groups = groups[first:] + groups[:first]
        else:
            groups = [_group(list(part.lists("users")))]
        columns = list(zip_longest(*groups)) if groups else []
        for column in columns or [(None,) * len(groups)]:
            yield tuple(None if each is None else self.people.use(each) for each in column)


def _group(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _hours(part: JsonPart, kind: RotationKind, unit: int, start: datetime) -> Iterator[Piece]:
    """Of a turn, the time in which the shift lasts; nothing where that is always."""
    length = part.whole("duration") // 60
    days = [
        DAYS.index(str(each).upper()) for each in part.lists("by_day") if str(each).upper() in DAYS
    ]
    minute = start.hour * 60 + start.minute
    if kind is RotationKind.HOURS or (not days and length >= unit):
        return
    if not days:
        days = [start.weekday()] if kind is RotationKind.WEEKLY else list(range(7))
    for begin in (day * MINUTES_A_DAY + minute for day in days):
        yield begin, begin + length
