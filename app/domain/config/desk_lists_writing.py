"""The first line and the contacts written into a desk.toml: all else stays as somebody wrote it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.domain.config.entry_writing import pair, readable
from app.domain.config.hours_writing import read_changed_desk
from app.domain.config.toml_blocks import Block, Keys, blocks
from app.domain.desks.desk import AlarmContact, Desk, FirstLinePhone
from app.domain.desks.desk_lists import DeskList, Entries, Entry, entries_of
from app.domain.message_refs import MessageError, ref

PLACES: Final[dict[DeskList, Keys]] = {
    DeskList.FIRST_LINE: ("first_line", "phones"),
    DeskList.CONTACTS: ("contacts",),
}


def write_list(text: str, desk: Desk, which: DeskList, wanted: Entries) -> tuple[str, Desk]:
    """Return the text with these entries in this order, and the desk that it describes.

    One that stays keeps its lines and comments. MessageError where it cannot be changed so that
    only that changes.
    """
    place, was = PLACES[which], entries_of(desk, which)
    parts = list(blocks(readable(text)))
    there = [at for at, each in enumerate(parts) if each.place == place]
    if len(there) != len(was):
        raise MessageError(ref("hours_change.by_hand"))
    written = dict(zip(was, (parts[at].text for at in there), strict=True))
    others = [each for at, each in enumerate(parts) if at not in there]
    first = there[0] if there else len(others)
    new = [Block(written.get(each) or _new(place, each)) for each in wanted]
    changed = "".join(each.text for each in (*others[:first], *new, *others[first:]))
    after = read_changed_desk(changed, desk.id)
    if after != _with(desk, which, wanted):
        raise MessageError(ref("hours_change.by_hand"))
    return changed, after


def _with(desk: Desk, which: DeskList, wanted: Entries) -> Desk:
    match which:
        case DeskList.FIRST_LINE:
            phones = tuple(each for each in wanted if isinstance(each, FirstLinePhone))
            return replace(desk, first_line=replace(desk.first_line, phones=phones))
        case DeskList.CONTACTS:
            contacts = tuple(each for each in wanted if isinstance(each, AlarmContact))
            return replace(desk, contacts=contacts)


def _new(place: Keys, entry: Entry) -> str:
    return "\n".join(("", f"[[{'.'.join(place)}]]", *_lines(entry), ""))


def _lines(entry: Entry) -> Iterator[str]:
    match entry:
        case FirstLinePhone():
            yield pair("name", entry.name)
            yield pair("number", entry.number)
            yield pair("language", entry.language)
        case AlarmContact():
            yield pair("role", entry.role)
            if entry.phone:
                yield pair("phone", entry.phone)
            if entry.email:
                yield pair("email", entry.email)
