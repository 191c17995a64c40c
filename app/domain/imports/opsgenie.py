"""Opsgenie and Jira Service Management: schedules, overrides and users as their REST answers,
backups and Terraform state have them.

Rotations of one schedule stand beside each other: who has one of them is on call.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.imports.json_part import JsonPart, every_part
from app.domain.imports.people import People
from app.domain.imports.source_schedule import SourceLayer, SourceOverride, SourceSchedule
from app.domain.imports.week_hours import Piece, every_day, piece_of_week
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.roster.rotation import RotationKind
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import WEEKDAYS

KINDS: Final = {
    "hourly": RotationKind.HOURS,
    "daily": RotationKind.DAILY,
    "weekly": RotationKind.WEEKLY,
}
NOBODY: Final = ("none", "noone")
WHOLE_TEAMS: Final = ("team", "escalation")


def read_opsgenie(files: Iterable[tuple[str, object]]) -> tuple[SourceSchedule, ...]:
    """Read every schedule in these files, with the overrides and users that they hold."""
    content = tuple(files)
    users = [
        user for name, value in content for user in every_part(value, name, "username", "full_name")
    ]
    overrides = [
        each for name, value in content for each in every_part(value, name, "start_date", "user")
    ]
    schedules = [
        each
        for name, value in content
        for each in every_part(value, name, "rotations", "name")
        if "start_date" not in each.values
    ]
    return tuple(_schedule(each, users, overrides, len(schedules) == 1) for each in schedules)


def _schedule(
    part: JsonPart, users: list[JsonPart], overrides: list[JsonPart], is_only: bool
) -> SourceSchedule:
    zone = zone_of(part, "timezone")
    people = People()
    for user in users:
        people.add(
            user.text("id", user.text("username")), user.text("full_name"), user.text("username")
        )
    notes: list[MessageRef] = []
    name = part.text("name")
    if part.values.get("enabled") is False:
        notes.append(ref("import.disabled", schedule=name))
    rotations = part.parts("rotations") or part.parts("rotation")
    layers = tuple(_layer(each, zone, people, notes) for each in rotations)
    dated = [each for each in overrides if is_only or _belongs(each, part)]
    made = tuple(_override(each, zone, people, notes, len(layers)) for each in dated)
    return SourceSchedule(
        part.text("id", name), name, zone, people.used, layers, made, tuple(notes)
    )


def _belongs(override: JsonPart, schedule: JsonPart) -> bool:
    """Tell whether it is this schedule's: by what it names, else by the file of a backup."""
    parent = override.part("_parent")
    if not parent.values:
        return override.file == schedule.file
    own = {schedule.text("id", ""), schedule.text("name")} - {""}
    return bool(own & {parent.text("id", ""), parent.text("name", "")})


def _layer(part: JsonPart, zone: ZoneInfo, people: People, notes: list[MessageRef]) -> SourceLayer:
    name = part.text("name", part.text("id", "rotation"))
    kind = part.text("type").lower()
    if kind not in KINDS:
        raise part.missing("type")
    return SourceLayer(
        name=name,
        start=part.moment("start_date", zone),
        kind=KINDS[kind],
        every=part.whole("length", 1),
        members=tuple(_members(part, name, people, notes)),
        end=part.moment_or_none("end_date", zone),
        hours=tuple(_hours(part.part("time_restriction"))),
    )


def _members(
    part: JsonPart, layer: str, people: People, notes: list[MessageRef]
) -> Iterator[str | None]:
    for each in part.parts("participants") or part.parts("participant"):
        kind = each.text("type", "user").lower()
        if kind in NOBODY:
            yield None
            continue
        called = each.text("name", each.text("username", each.text("id", "")))
        if kind in WHOLE_TEAMS:
            notes.append(ref("import.a_team", layer=layer, team=called))
        yield people.use(each.text("id", called), called)


def _hours(part: JsonPart) -> Iterator[Piece]:
    for each in (part.part("restriction"),):
        if each.has("start_hour"):
            yield from every_day(_minute(each, "start"), _minute(each, "end"))
    for each in part.parts("restrictions"):
        days = (_weekday(each, "start_day"), _weekday(each, "end_day"))
        yield piece_of_week(days[0], _minute(each, "start"), days[1], _minute(each, "end"))


def _minute(part: JsonPart, which: str) -> int:
    return part.whole(f"{which}_hour") * 60 + part.whole(f"{which}_min", 0)


def _weekday(part: JsonPart, key: str) -> int:
    name = part.text(key).lower()
    if name not in WEEKDAYS:
        raise part.missing(key)
    return WEEKDAYS.index(name)


def _override(
    part: JsonPart, zone: ZoneInfo, people: People, notes: list[MessageRef], rotations: int
) -> SourceOverride:
    user = part.part("user")
    called = user.text("username", user.text("name", user.text("id", "")))
    when = Interval(part.moment("start_date", zone), part.moment("end_date", zone))
    if rotations > 1:
        notes.append(ref("import.override_of_several", person=called))
    return SourceOverride(people.use(user.text("id", called), called), when)


def zone_of(part: JsonPart, key: str) -> ZoneInfo:
    """Return the time zone under a key; MessageError for one that is unknown."""
    name = part.text(key)
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise MessageError(ref("import.unknown_zone", file=part.file, zone=name)) from None
