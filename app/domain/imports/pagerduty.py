"""PagerDuty: schedules with layers, as its REST answers and Terraform state have them.

The answer has the layer that wins first. A schedule made of shifts is told of, and not read.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.imports.json_part import JsonPart, every_part
from app.domain.imports.opsgenie import zone_of
from app.domain.imports.people import People
from app.domain.imports.source_schedule import SourceLayer, SourceOverride, SourceSchedule
from app.domain.imports.turn_length import rotated, turn_length
from app.domain.imports.week_hours import Piece
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import MINUTES_A_DAY, parse_clock

MINUTE: Final = 60
# Whether the layer that wins stands first: in answers it does, in Terraform's state it is the last.
LAYERS: Final = (("schedule_layers", True), ("layer", False))
OVERRIDES: Final = ("overrides_subschedule", "override_subschedule")


def read_pagerduty(files: Iterable[tuple[str, object]]) -> tuple[SourceSchedule, ...]:
    """Read every schedule in these files, with the overrides and users that they hold."""
    content = tuple(files)
    users = [user for name, value in content for user in every_part(value, name, "email", "name")]
    found: list[SourceSchedule] = []
    for name, value in content:
        for key, is_first_on_top in LAYERS:
            parts = every_part(value, name, key, "time_zone")
            found += [_schedule(each, key, users, is_first_on_top) for each in parts]
        if any(True for _ in every_part(value, name, "recurrence", "assignment_strategy")):
            raise MessageError(ref("import.of_shifts", file=name))
    return tuple(found)


def _schedule(
    part: JsonPart, key: str, users: list[JsonPart], is_first_on_top: bool
) -> SourceSchedule:
    zone, people = zone_of(part, "time_zone"), People()
    for user in users:
        people.add(
            user.text("id", user.text("email")),
            user.text("name"),
            user.text("email"),
            _phones(user),
        )
    notes: list[MessageRef] = []
    parts = part.parts(key)
    from_below = reversed(parts) if is_first_on_top else iter(parts)
    layers = tuple(filter(None, (_layer(each, zone, people, notes) for each in from_below)))
    dated = [
        each for key in OVERRIDES for each in part.part(key).parts("rendered_schedule_entries")
    ]
    dated += part.parts("overrides")
    overrides = tuple(_override(each, zone, people) for each in dated)
    name = part.text("name", part.text("summary", part.text("id", "schedule")))
    return SourceSchedule(
        part.text("id", name), name, zone, people.used, layers, overrides, tuple(notes)
    )


def _layer(
    part: JsonPart, zone: ZoneInfo, people: People, notes: list[MessageRef]
) -> SourceLayer | None:
    name = part.text("name", part.text("id", "layer"))
    seconds = part.whole("rotation_turn_length_seconds")
    length = turn_length(seconds)
    if length is None:
        notes.append(ref("import.odd_length", layer=name, seconds=seconds))
        return None
    members = tuple(_user(each, people) for each in part.parts("users"))
    members = members or tuple(people.use(str(each)) for each in part.lists("users"))
    start = part.moment("rotation_virtual_start", zone)
    begins = part.moment_or_none("start", zone) or start
    begins, members = rotated(start, begins, length, members, zone)
    return SourceLayer(
        name=name,
        start=begins,
        kind=length.kind,
        every=length.every,
        members=members,
        end=part.moment_or_none("end", zone),
        hours=tuple(_hours(part)),
        over_others=True,
    )


def _hours(part: JsonPart) -> Iterator[Piece]:
    for each in part.parts("restrictions") or part.parts("restriction"):
        start = parse_clock(each.text("start_time_of_day")[:5])
        length = each.whole("duration_seconds") // MINUTE
        day = each.whole("start_day_of_week", 0)
        days = (day - 1,) if day else range(7)
        for begin in (which * MINUTES_A_DAY + start for which in days):
            yield begin, begin + length


def _user(part: JsonPart, people: People) -> str:
    user = part.part("user") if part.has("user") else part
    called = user.text("summary", user.text("name", user.text("email", "")))
    return people.use(user.text("id", called), called)


def _override(part: JsonPart, zone: ZoneInfo, people: People) -> SourceOverride:
    when = Interval(part.moment("start", zone), part.moment("end", zone))
    return SourceOverride(_user(part, people), when)


def _phones(user: JsonPart) -> tuple[str, ...]:
    ways = (each for each in user.parts("contact_methods") if "phone" in each.text("type", ""))
    return tuple(f"+{each.text('country_code', '47')}{each.text('address')}" for each in ways)
