"""Exceptions and early closings written into a desk.toml: all else stays as somebody wrote it.

What comes out is read again. A text in which more than that would change, or less, is refused:
then it is written in a way that only a person can change.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from app.domain.config.desk_document import read_desk
from app.domain.config.diagnostics import errors
from app.domain.config.entry_writing import pair, readable, toml_text
from app.domain.config.toml_blocks import (
    Block,
    Keys,
    block_of,
    blocks,
    new_block,
    with_values,
    without_table,
)
from app.domain.config.written_values import day_text, window_text
from app.domain.desks.desk import Desk
from app.domain.desks.desk_calendars import OWN_HOURS
from app.domain.desks.hours_edits import Entry, HoursEdit, hours_edits, without_entries
from app.domain.message_refs import MessageError, ref
from app.domain.time.calendars import DatedException, EarlyClosing, parse_yearly_day
from app.domain.time.wall_time import clock

EXCEPTIONS: Final = "exceptions"
EARLY_CLOSINGS: Final = "early_closings"


def write_hours_edits(text: str, desk: Desk, edits: Iterable[HoursEdit]) -> tuple[str, Desk]:
    """Return the text with the edits, and the desk that it describes.

    MessageError where it cannot be changed so that only the edits are.
    """
    wanted = tuple(edits)
    parts = list(blocks(readable(text)))  # taken apart once: a quarter is hundreds of edits
    for edit in wanted:
        _write(parts, edit)
    changed = "".join(each.text for each in parts)
    after = read_changed_desk(changed, desk.id)
    if not _is_just(desk, after, wanted):
        raise MessageError(ref("hours_change.by_hand"))
    return changed, after


def read_changed_desk(text: str, desk_id: str) -> Desk:
    """Read a text that was changed here; MessageError says what is wrong with what was entered."""
    read = read_desk(text, "", desk_id)
    wrong = next(iter(errors(read.diagnostics)), None)
    if wrong and wrong.code != "not_toml":
        raise MessageError(wrong.message)
    if read.value is None:
        raise MessageError(ref("hours_change.by_hand"))
    return read.value


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


def _write(parts: list[Block], edit: HoursEdit) -> None:
    """Write one edit: in the place of what the day had, or behind what the calendar has."""
    place = _place(edit)
    there = next((i for i, each in enumerate(parts) if _is_of(each, place, edit)), None)
    if there is None:
        if edit.after is None:
            raise MessageError(ref("hours_change.by_hand"))
        lines = (_day_line(edit.after), *_lines(edit.after).values())
        parts.insert(_last_of(parts, place) + 1, new_block(place, lines))
    elif edit.after is None:
        parts[there] = Block(without_table(parts[there].text))
    else:
        parts[there] = block_of(with_values(parts[there].text, _lines(edit.after)))


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


def _last_of(parts: list[Block], place: Keys) -> int:
    """The last block of this kind, else the last one of the calendar, else the last of all."""
    for known in (place, place[:-1]):
        found = [i for i, each in enumerate(parts) if each.place[: len(known)] == known]
        if found:
            return found[-1]
    return len(parts) - 1


def _day_line(entry: Entry) -> str:
    match entry:
        case DatedException():
            return f"date = {entry.day.isoformat()}"
        case EarlyClosing():
            return pair("day", str(day_text(entry.on)))


def _lines(entry: Entry) -> dict[str, str]:
    """Return the lines of an entry by their keys, but for its day; of no note none."""
    note = pair("note", entry.note) if entry.note else ""
    match entry:
        case DatedException():
            windows = (toml_text(window_text(*each)) for each in entry.hours)
            return {"hours": f"hours = [{', '.join(windows)}]", "note": note}
        case EarlyClosing():
            return {"closes": pair("closes", clock(entry.closes_minute)), "note": note}
