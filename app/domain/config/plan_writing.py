"""People and rotations changed in a roster.toml: all else stays as somebody wrote it.

What comes out is read again. A text in which more than that would change, or less, is refused:
then it is written in a way that only a person can change.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from app.domain.config.diagnostics import errors
from app.domain.config.entry_writing import readable
from app.domain.config.roster_document import read_roster
from app.domain.config.roster_writing import (
    person_header,
    person_lines,
    rotation_lines,
    rotation_tables,
    rotation_text,
)
from app.domain.config.toml_blocks import Block, block_of, blocks, with_values, without_table
from app.domain.message_refs import MessageError, ref
from app.domain.roster.plan import Person, Roster
from app.domain.roster.rotation import Rotation

PEOPLE: Final = "people"
ROTATIONS: Final = "rotations"


def write_plan(text: str, after: Roster) -> str:
    """Return a roster's document with the people and the rotations of `after`.

    MessageError says what is wrong with them, or that only a person can write this into the text.
    """
    before = _read(text)
    parts = list(blocks(readable(text)))
    _write_people(parts, before.people, after.people)
    _write_rotations(parts, before.layers, after.layers)
    changed = "".join(each.text for each in parts)
    if _read(changed) != replace(before, people=after.people, layers=after.layers):
        raise MessageError(ref("plan_edit.by_hand"))
    return changed


def _read(text: str) -> Roster:
    read = read_roster(text, "")
    wrong = next(iter(errors(read.diagnostics)), None)
    if wrong and wrong.code != "not_toml":
        raise MessageError(wrong.message)
    if read.value is None:
        raise MessageError(ref("plan_edit.by_hand"))
    return read.value


def _write_people(parts: list[Block], before: Iterable[Person], after: Iterable[Person]) -> None:
    was, wanted = {each.id: each for each in before}, {each.id: each for each in after}
    for person in was:
        if person not in wanted:
            at = _only(parts, (PEOPLE, person))
            parts[at] = Block(without_table(parts[at].text))
    for person, each in wanted.items():
        if person not in was:
            lines = ("", person_header(each), *person_lines(each).values(), "")
            parts.insert(_behind(parts, PEOPLE), block_of("\n".join(lines)))
        elif each != was[person]:
            at = _only(parts, (PEOPLE, person))
            lines_now = _changed(person_lines(was[person]), person_lines(each))
            parts[at] = block_of(with_values(parts[at].text, lines_now))


def _write_rotations(
    parts: list[Block], before: Iterable[Rotation], after: Iterable[Rotation]
) -> None:
    was, wanted = {each.id: each for each in before}, {each.id: each for each in after}
    for rotation, old in was.items():
        places, new = _of_rotation(parts, rotation), wanted.get(rotation)
        if new is None:
            for at in places:
                parts[at] = Block(without_table(parts[at].text))
        elif new != old:
            texts = _rotation_texts([parts[at] for at in places], old, new)
            parts[places[0] : places[-1] + 1] = list(texts)
    for rotation, each in wanted.items():
        if rotation not in was:
            text = "\n".join(("", *rotation_text(each), ""))
            behind = _behind(parts, ROTATIONS) or _behind(parts, PEOPLE)
            parts.insert(behind, Block(text, (ROTATIONS,)))


def _rotation_texts(written: list[Block], before: Rotation, after: Rotation) -> Iterator[Block]:
    """Write a rotation anew where it differs: its own lines, and those of its tables that do."""
    tables_before, tables = rotation_tables(before), rotation_tables(after)
    differing = [key for key in tables if tables[key] != tables_before[key]]
    lines = _changed(rotation_lines(before), rotation_lines(after))
    own = with_values(written[0].text, {**lines, **dict.fromkeys(differing, "")})
    yield block_of(own)
    for each in written[1:]:
        is_replaced = each.place[1:2] and each.place[1] in differing
        yield Block(without_table(each.text)) if is_replaced else each
    for key in differing:
        if tables[key]:
            yield Block("\n".join((*tables[key], "")), (ROTATIONS, key))


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The lines that differ, an empty one for each that is no more."""
    keys = dict.fromkeys((*before, *after))
    return {key: after.get(key, "") for key in keys if before.get(key) != after.get(key)}


def _only(parts: list[Block], place: tuple[str, ...]) -> int:
    found = [at for at, each in enumerate(parts) if each.place == place]
    if len(found) != 1:
        raise MessageError(ref("plan_edit.by_hand"))
    return found[0]


def _of_rotation(parts: list[Block], rotation: str) -> list[int]:
    """Where a rotation's own table and those below it stand, one behind the other."""
    own = [
        at
        for at, each in enumerate(parts)
        if each.place == (ROTATIONS,) and each.values and each.values.get("id") == rotation
    ]
    if len(own) != 1:
        raise MessageError(ref("plan_edit.by_hand"))
    places = own
    while (at := places[-1] + 1) < len(parts) and _is_below(parts[at]):
        places.append(at)
    return places


def _is_below(block: Block) -> bool:
    return len(block.place) > 1 and block.place[0] == ROTATIONS


def _behind(parts: list[Block], kind: str) -> int:
    """Behind the last table of a kind; behind what stands before all tables where there is none."""
    found = [at for at, each in enumerate(parts) if each.place[:1] == (kind,)]
    if found:
        return found[-1] + 1
    return 1 if kind == PEOPLE else 0
