"""The first line and the contacts written into a desk.toml: all else stays as somebody wrote it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from app.domain.config.entry_writing import pair, readable
from app.domain.config.hours_writing import read_changed_desk
from app.domain.config.toml_blocks import Keys, blocks, new_block, with_values, without_table
from app.domain.desks.desk import AlarmContact, Desk, FirstLinePhone
from app.domain.desks.desk_lists import DeskList, Entries, Entry, entries_of
from app.domain.message_refs import MessageError, ref

PLACES: Final[dict[DeskList, Keys]] = {
    DeskList.FIRST_LINE: ("first_line", "phones"),
    DeskList.CONTACTS: ("contacts",),
}


def write_list(text: str, desk: Desk, which: DeskList, wanted: Entries) -> tuple[str, Desk]:
    """Return the text with these entries in this order, and the desk that it describes.

    One that stays keeps its lines and comments, one that changes its comments. MessageError where
    it cannot be changed so that only that changes.
    """
    place, was = PLACES[which], entries_of(desk, which)
    parts = list(blocks(readable(text)))
    there = [at for at, each in enumerate(parts) if each.place == place]
    if len(there) != len(was):
        raise MessageError(ref("hours_change.by_hand"))
    written = dict(zip(was, (parts[at].text for at in there), strict=True))
    first = there[0] if there else len(parts)
    behind = (each.text for at, each in enumerate(parts) if at > first and at not in there)
    before = (each.text for each in parts[:first])
    changed = "".join((*before, *_texts(place, written, wanted), *behind))
    after = read_changed_desk(changed, desk.id)
    if after != _with(desk, which, wanted):
        raise MessageError(ref("hours_change.by_hand"))
    return changed, after


def _texts(place: Keys, written: Mapping[Entry, str], wanted: Entries) -> Iterator[str]:
    """Write a list, beginning with what stood above entries that go and is not about them."""
    gone = [each for each in written if each not in wanted]
    texts = []
    for each in wanted:
        old = each if each in written else next((g for g in gone if _is_same(g, each)), None)
        if old is None:
            texts.append(new_block(place, _lines(each).values()).text)
        elif old == each:
            texts.append(written[each])
        else:
            gone.remove(old)
            texts.append(with_values(written[old], _lines(each)))
    yield from (without_table(written[each]) for each in gone)
    yield from texts


def _is_same(one: Entry, other: Entry) -> bool:
    """Whether an entry is another one with something changed."""
    match one, other:
        case FirstLinePhone(), FirstLinePhone():
            return one.name == other.name or one.number == other.number
        case AlarmContact(), AlarmContact():
            return one.role == other.role
        case _:
            return False


def _with(desk: Desk, which: DeskList, wanted: Entries) -> Desk:
    match which:
        case DeskList.FIRST_LINE:
            phones = tuple(each for each in wanted if isinstance(each, FirstLinePhone))
            return replace(desk, first_line=replace(desk.first_line, phones=phones))
        case DeskList.CONTACTS:
            contacts = tuple(each for each in wanted if isinstance(each, AlarmContact))
            roles = {each.role for each in contacts}
            rules = tuple(each for each in desk.contact_rules if each.role in roles)
            return replace(desk, contacts=contacts, contact_rules=rules)


def _lines(entry: Entry) -> dict[str, str]:
    """Return the lines of an entry by their keys; of what it has not, none."""
    match entry:
        case FirstLinePhone(name, number, language):
            said = {"name": name, "number": number, "language": language}
        case AlarmContact(role, phone, email):
            said = {"role": role, "phone": phone, "email": email}
    return {key: pair(key, text) if text else "" for key, text in said.items()}
