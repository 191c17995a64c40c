"""Exceptions and early closings written into a desk.toml: all else stays as somebody wrote it.

What comes out is read again. A text in which more than that would change, or less, is refused:
then it is written in a way that only a person can change.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.config.desk_document import read_desk
from app.domain.config.diagnostics import errors
from app.domain.config.entry_writing import pair, readable, statements, toml_text
from app.domain.config.written_values import day_text, window_text
from app.domain.desks.desk import Desk
from app.domain.desks.desk_calendars import OWN_HOURS
from app.domain.desks.hours_edits import Entry, HoursEdit, hours_edits, without_entries
from app.domain.message_refs import MessageError, ref
from app.domain.time.calendars import DatedException, EarlyClosing, parse_yearly_day
from app.domain.time.wall_time import clock

EXCEPTIONS: Final = "exceptions"
EARLY_CLOSINGS: Final = "early_closings"
Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A header with all that belongs to it, or what stands before the first one.

    `place` is the table's path, `values` what is written in it.
    """

    text: str
    place: Keys = ()
    values: Any = None


def write_hours_edits(text: str, desk: Desk, edits: Iterable[HoursEdit]) -> tuple[str, Desk]:
    """Return the text with the edits, and the desk that it describes.

    MessageError where it cannot be changed so that only the edits are.
    """
    wanted = tuple(edits)
    changed = readable(text)
    changed = changed if changed.endswith("\n") else f"{changed}\n"
    for edit in wanted:
        changed = _written(changed, edit)
    read = read_desk(changed, "", desk.id)
    wrong = next(iter(errors(read.diagnostics)), None)
    if wrong and wrong.code != "not_toml":
        raise MessageError(wrong.message)
    if read.value is None or not _is_just(desk, read.value, wanted):
        raise MessageError(ref("hours_change.by_hand"))
    return changed, read.value


def hours_line(edit: HoursEdit, entry: Entry | None) -> str:
    """Write what a calendar says of a day, as the document does: `office 2026-12-24 []`."""
    of = f"{edit.calendar} {day_text(edit.day)}"
    match entry:
        case DatedException(hours=hours):
            return f"{of} [{', '.join(window_text(*each) for each in hours)}]"
        case None:
            return f"{of} -"
        case _:
            return f"{of} {clock(entry.closes_minute)}"


def _is_just(before: Desk, after: Desk, edits: tuple[HoursEdit, ...]) -> bool:
    is_all = set(hours_edits(before, after)) == {
        each for each in edits if each.before != each.after
    }
    return is_all and without_entries(before) == without_entries(after)


def _written(text: str, edit: HoursEdit) -> str:
    """Write one edit: in the place of what the day had, or behind what the calendar has."""
    place = _place(edit)
    blocks = list(_blocks(text))
    there = next((i for i, each in enumerate(blocks) if _is_of(each, place, edit)), None)
    if there is None:
        if edit.after is None:
            raise MessageError(ref("hours_change.by_hand"))
        blocks.insert(_last_of(blocks, place) + 1, Block("\n" + _new(place, edit.after)))
        return "".join(each.text for each in blocks)
    comments, rest = _comments_above(blocks[there].text)
    if edit.after is None:
        blocks[there] = Block(_comments_below(rest))
    else:
        blocks[there] = Block(comments + _new(place, edit.after) + _comments_below(rest))
    return "".join(each.text for each in blocks)


def _place(edit: HoursEdit) -> Keys:
    entry = edit.after or edit.before
    kind = EXCEPTIONS if isinstance(entry, DatedException) else EARLY_CLOSINGS
    of = ("duty", "hours") if edit.calendar == OWN_HOURS else ("calendars", edit.calendar)
    return (*of, kind)


def _is_of(block: Block, place: Keys, edit: HoursEdit) -> bool:
    """Whether a block says something of the edit's day."""
    if block.place != place or not isinstance(block.values, dict):
        return False
    if isinstance(edit.day, date):
        return str(block.values.get("date")) == str(edit.day)
    try:
        return parse_yearly_day(str(block.values.get("day"))) == edit.day
    except ValueError:
        return False


def _last_of(blocks: list[Block], place: Keys) -> int:
    """The last block of this kind, else the last one of the calendar, else the last of all."""
    for known in (place, place[:-1]):
        found = [i for i, each in enumerate(blocks) if each.place[: len(known)] == known]
        if found:
            return found[-1]
    return len(blocks) - 1


def _new(place: Keys, entry: Entry) -> str:
    return "\n".join((f"[[{'.'.join(place)}]]", *_lines(entry))) + "\n"


def _lines(entry: Entry) -> Iterator[str]:
    match entry:
        case DatedException():
            yield f"date = {entry.day.isoformat()}"
            windows = (toml_text(window_text(*each)) for each in entry.hours)
            yield f"hours = [{', '.join(windows)}]"
        case EarlyClosing():
            yield pair("day", str(day_text(entry.on)))
            yield pair("closes", clock(entry.closes_minute))
    if entry.note:
        yield pair("note", entry.note)


def _blocks(text: str) -> Iterator[Block]:
    """Take a text apart at its headers. Comments and empty lines stand with the header below."""
    lines, comments = "", ""
    for statement in statements(text.removesuffix("\n")):
        if _is_comment(statement):
            comments += statement
            continue
        if statement.lstrip().startswith("["):
            yield _block(lines)
            lines = ""
        lines += comments + statement
        comments = ""
    yield _block(lines + comments)


def _block(text: str) -> Block:
    header = next((line for line in text.split("\n") if not _is_comment(line)), "")
    if not header.lstrip().startswith("["):
        return Block(text)
    try:
        place, _ = _innermost(tomllib.loads(header))
        _, values = _innermost(tomllib.loads(text), len(place))
    except tomllib.TOMLDecodeError:
        return Block(text)
    return Block(text, place, values)


def _innermost(values: Any, depth: int = 10) -> tuple[Keys, Any]:
    """Follow a header's tables down to what is written in its own."""
    keys: list[str] = []
    while len(keys) < depth and isinstance(values, dict) and len(values) == 1:
        [(key, values)] = values.items()
        if isinstance(values, list):
            values = values[-1]
        keys.append(key)
    return tuple(keys), values


def _is_comment(statement: str) -> bool:
    bare = statement.strip()
    return not bare or bare.startswith("#")


def _comments_above(text: str) -> tuple[str, str]:
    """Part what stands above a header from the header and all below it."""
    lines = text.splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.lstrip().startswith("["))
    return "".join(lines[:first]), "".join(lines[first:])


def _comments_below(text: str) -> str:
    """What a text ends with that is no line of its table: what a person wrote there stays."""
    lines = text.splitlines(keepends=True)
    last = max((i for i, line in enumerate(lines) if not _is_comment(line)), default=-1)
    return "".join(lines[last + 1 :])
