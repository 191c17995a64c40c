"""ilert: schedules with layers, or with single shifts, as its REST answers and Terraform state
have them. A layer further down wins.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.imports.json_part import JsonPart, every_part
from app.domain.imports.opsgenie import zone_of
from app.domain.imports.people import People
from app.domain.imports.source_schedule import SourceLayer, SourceOverride, SourceSchedule
from app.domain.imports.turn_length import seconds_of, turn_length
from app.domain.imports.week_hours import Piece, piece_of_week
from app.domain.message_refs import MessageRef, ref
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import WEEKDAYS, parse_clock

LAYERS: Final = ("schedule_layers", "schedule_layer")
STATIC: Final = "static"


def read_ilert(files: Iterable[tuple[str, object]]) -> tuple[SourceSchedule, ...]:
    """Read every schedule in these files, with the users that they hold."""
    content = tuple(files)
    users = [u for name, value in content for u in every_part(value, name, "email", "last_name")]
    return tuple(
        _schedule(each, users)
        for name, value in content
        for each in every_part(value, name, "timezone", "name")
    )


def _schedule(part: JsonPart, users: list[JsonPart]) -> SourceSchedule:
    zone, people = zone_of(part, "timezone"), People()
    for user in users:
        mobile = user.part("mobile").text("number", "")
        people.add(
            user.text("id", user.text("email")), _called(user), user.text("email"), (mobile,)
        )
    notes: list[MessageRef] = []
    layers = [each for key in LAYERS for each in part.parts(key)]
    is_static = part.text("type", "").lower() == STATIC
    shifts = part.parts("shifts") or part.parts("shift") if is_static else ()
    dated = (*shifts, *part.parts("overrides"))
    made = tuple(filter(None, (_layer(each, zone, people, notes) for each in layers)))
    overrides = tuple(_override(each, zone, people) for each in dated)
    name = part.text("name")
    return SourceSchedule(
        part.text("id", name), name, zone, people.used, made, overrides, tuple(notes)
    )


def _layer(
    part: JsonPart, zone: ZoneInfo, people: People, notes: list[MessageRef]
) -> SourceLayer | None:
    name, rotation = part.text("name", "layer"), part.text("rotation")
    length = turn_length(seconds_of(rotation))
    if length is None:
        notes.append(ref("import.odd_duration", layer=name, duration=rotation))
        return None
    users = part.parts("users") or part.parts("user")
    return SourceLayer(
        name=name,
        start=part.moment("starts_on", zone),
        kind=length.kind,
        every=length.every,
        members=tuple(_user(each, people) for each in users),
        end=part.moment_or_none("ends_on", zone),
        hours=tuple(_hours(part)),
        over_others=True,
    )


def _hours(part: JsonPart) -> Iterator[Piece]:
    for each in part.parts("restrictions") or part.parts("restriction"):
        (from_day, from_minute), (to_day, to_minute) = (
            _at(each.part(key)) for key in ("from", "to")
        )
        yield piece_of_week(from_day, from_minute, to_day, to_minute)


def _at(part: JsonPart) -> tuple[int, int]:
    name = part.text("day_of_week").lower()
    if name not in WEEKDAYS:
        raise part.missing("day_of_week")
    return WEEKDAYS.index(name), parse_clock(part.text("time")[:5])


def _user(part: JsonPart, people: People) -> str:
    user = part.part("user") if part.has("user") else part
    return people.use(user.text("id", user.text("username", "")), _called(user))


def _called(user: JsonPart) -> str:
    full = f"{user.text('first_name', '')} {user.text('last_name', '')}".strip()
    return full or user.text("username", user.text("email", ""))


def _override(part: JsonPart, zone: ZoneInfo, people: People) -> SourceOverride:
    when = Interval(part.moment("start", zone), part.moment("end", zone))
    return SourceOverride(_user(part, people), when)
