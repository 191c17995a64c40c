"""roster.toml written from a Roster: what is read from it again is equal."""

import json
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.roster.plan import Absence, Override, Person, Roster
from app.domain.roster.rotation import Rotation
from app.domain.roster.turn_order import Weights
from app.domain.time.wall_time import clock, starts_at
from app.domain.time.weekdays import WEEKDAYS


def write_roster(roster: Roster) -> str:
    """Write a roster as roster.toml, its dated parts in local wall time."""
    zone = ZoneInfo(roster.time_zone)
    head = [_pair("id", roster.id), _pair("time_zone", roster.time_zone)]
    if roster.last_resort:
        head.append(_list("last_resort", roster.last_resort))
    parts = ["\n".join(head)]
    parts += ["\n".join(_person(person)) for person in roster.people]
    parts += ["\n".join(_rotation(rotation)) for rotation in roster.layers]
    parts += ["\n".join(_override(override, zone)) for override in roster.overrides]
    parts += ["\n".join(_absence(absence, zone)) for absence in roster.absences]
    return "\n\n".join(parts) + "\n"


def _person(person: Person) -> Iterator[str]:
    yield f"[people.{person.id}]"
    yield _pair("name", person.name)
    yield _list("phones", person.numbers)
    if person.language:
        yield _pair("language", person.language)


def _rotation(rotation: Rotation) -> Iterator[str]:
    yield "[[rotations]]"
    yield _pair("id", rotation.id)
    yield _pair("role", rotation.role)
    yield _pair("kind", rotation.kind)
    yield f"every = {rotation.every}"
    yield _pair("handover", clock(rotation.handover_minute))
    if rotation.handover_weekday is not None:
        yield _pair("handover_day", WEEKDAYS[rotation.handover_weekday])
    yield f"start = {rotation.start.isoformat()}"
    if rotation.until:
        yield f"until = {rotation.until.isoformat()}"
    yield _list("members", rotation.members)
    if rotation.backup_is_next:
        yield _pair("backup", "next")
    for weights in rotation.weights:
        yield from _weights(weights)


def _weights(weights: Weights) -> Iterator[str]:
    yield ""
    yield "[[rotations.weights]]"
    if weights.from_:
        yield f"from = {weights.from_.isoformat()}"
    percents = ", ".join(f"{person} = {percent}" for person, percent in weights.percent)
    yield f"percent = {{ {percents} }}"


def _override(override: Override, zone: ZoneInfo) -> Iterator[str]:
    yield "[[overrides]]"
    yield _pair("person", override.person)
    if override.role:
        yield _pair("role", override.role)
    if override.instead_of:
        yield _pair("instead_of", override.instead_of)
    yield from _span(override.from_, override.to, zone)
    if not override.fills:
        yield "fills = false"
    if override.note:
        yield _pair("note", override.note)
    if override.author:
        yield _pair("author", override.author)


def _absence(absence: Absence, zone: ZoneInfo) -> Iterator[str]:
    yield "[[absences]]"
    yield _pair("person", absence.person)
    yield from _span(absence.from_, absence.to, zone)
    if absence.note:
        yield _pair("note", absence.note)


def _span(from_: datetime, to: datetime, zone: ZoneInfo) -> Iterator[str]:
    yield f"from = {_moment(from_, zone)}"
    yield f"to = {_moment(to, zone)}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """Wall time, with its offset only where the wall time alone is read as another instant."""
    local = at.astimezone(zone)
    bare = local.replace(tzinfo=None, fold=0)
    return bare.isoformat() if starts_at(bare, zone) == at else local.isoformat()


def _list(key: str, texts: tuple[str, ...]) -> str:
    return f"{key} = [{', '.join(_text(text) for text in texts)}]"


def _pair(key: str, text: str) -> str:
    return f"{key} = {_text(text)}"


def _text(text: str) -> str:
    """A TOML basic string. JSON escapes alike, but for the delete sign, which TOML refuses bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
