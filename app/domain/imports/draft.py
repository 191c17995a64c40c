"""A source's schedule as a draft of our roster, and in words what a person has to look at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from app.domain.config.ids import free_id, slug
from app.domain.imports.source_schedule import SourceLayer, SourceOverride, SourceSchedule
from app.domain.imports.week_hours import hours_of
from app.domain.message_refs import MessageRef, ref
from app.domain.numbers import parse_number
from app.domain.roles import Role
from app.domain.roster.plan import Override, Person, Roster
from app.domain.roster.rotation import Rotation, RotationKind
from app.domain.texts.written_moments import moment_ref
from app.domain.time.wall_time import starts_at, wall

NOBODY: Final = "nobody"  # the member of turns that nobody has
LONGEST_NAME: Final = 60
MOST_EVERY: Final = 52


@dataclass(frozen=True, slots=True)
class Draft:
    """A roster that is not live, who of the source is who in it, and what to look at."""

    roster: Roster
    source: SourceSchedule
    ids: tuple[tuple[str, str], ...]  # the source's id, ours
    notes: tuple[MessageRef, ...]


def draft_of(schedule: SourceSchedule) -> Draft:
    """Make the draft of a schedule."""
    ids = dict(_ids(schedule))
    has_nobody = any(None in layer.members for layer in schedule.layers)
    people = tuple(
        Person(ids[each.id], _name(each.name or each.email or each.id), _numbers(each.phones))
        for each in schedule.people
    )
    if has_nobody:
        people += (Person(NOBODY, NOBODY.capitalize(), ()),)
    rotations, notes = _rotations(schedule, ids)
    overrides = tuple(_override(each, ids) for each in schedule.overrides)
    roster = Roster(
        slug(schedule.name) or slug(schedule.id) or "roster",
        schedule.zone.key,
        people,
        tuple(rotations),
        overrides,
    )
    told = (*schedule.notes, *notes, *_questions(roster, has_nobody))
    return Draft(roster, schedule, tuple(ids.items()), told)


def _ids(schedule: SourceSchedule) -> Iterator[tuple[str, str]]:
    taken = {NOBODY}
    for each in schedule.people:
        wanted = slug(each.name or each.email.partition("@")[0]) or slug(each.id) or "person"
        found = free_id(wanted, taken)
        taken.add(found)
        yield each.id, found


def _rotations(
    schedule: SourceSchedule, ids: dict[str, str]
) -> tuple[list[Rotation], list[MessageRef]]:
    made: list[Rotation] = []
    notes: list[MessageRef] = []
    taken: set[str] = set()
    for layer in schedule.layers:
        if not layer.members:
            notes.append(ref("import.no_members", layer=layer.name))
            continue
        if layer.every > MOST_EVERY:
            notes.append(ref("import.too_long", layer=layer.name, count=layer.every))
            continue
        rotation = _rotation(layer, schedule, ids)
        if rotation.until and rotation.until <= rotation.start:
            notes.append(ref("import.no_time", layer=layer.name))
            continue
        below = made[-1].id if layer.over_others and made else None
        rotation = replace(rotation, id=free_id(rotation.id, taken), over=below)
        taken.add(rotation.id)
        made.append(rotation)
        notes += _border_notes(layer, rotation, schedule)
        beside = [each for each in made[:-1] if each.over is None]
        if below and len(beside) > 1:
            notes.append(ref("import.over_several", layer=layer.name))
    return made, notes


def _rotation(layer: SourceLayer, schedule: SourceSchedule, ids: dict[str, str]) -> Rotation:
    start = layer.start.astimezone(schedule.zone)
    end = layer.end.astimezone(schedule.zone) if layer.end else None
    is_weekly = layer.kind is RotationKind.WEEKLY
    return Rotation(
        id=slug(layer.name) or "rotation",
        role=Role.PRIMARY,
        members=tuple(NOBODY if each is None else ids[each] for each in layer.members),
        kind=layer.kind,
        handover_minute=start.hour * 60 + start.minute,
        start=start.date(),
        handover_weekday=start.weekday() if is_weekly else None,
        every=layer.every,
        until=end.date() if end else None,
        hours=hours_of(layer.hours, schedule.zone.key) if layer.hours else None,
    )


def _border_notes(
    layer: SourceLayer, rotation: Rotation, schedule: SourceSchedule
) -> Iterator[MessageRef]:
    """What a rotation cannot say about its end: it ends at its own handover."""
    if layer.end is None or rotation.until is None:
        return
    ends = starts_at(wall(rotation.until, rotation.handover_minute), schedule.zone)
    if ends != layer.end:
        zone = schedule.zone.key
        yield ref(
            "import.ends_otherwise",
            layer=layer.name,
            theirs=moment_ref(layer.end, zone),
            ours=moment_ref(ends, zone),
        )


def _override(each: SourceOverride, ids: dict[str, str]) -> Override:
    return Override(ids[each.person], Role.PRIMARY, each.when.from_, each.when.to)


def _questions(roster: Roster, has_nobody: bool) -> Iterator[MessageRef]:
    if has_nobody:
        yield ref("import.planned_empty", person=NOBODY)
    without = tuple(each.id for each in roster.people if not each.numbers and each.id != NOBODY)
    if without:
        yield ref("import.no_numbers", people=without)
    if not roster.layers and not roster.overrides:
        yield ref("import.nothing_planned")


def _name(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME]


def _numbers(phones: Iterable[str]) -> tuple[str, ...]:
    found = (parse_number(each).digits for each in phones)
    return tuple(dict.fromkeys(each for each in found if each.startswith("+")))
