"""The first line's telephones written into a desk.toml: all else stays as somebody wrote it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.domain.config.entry_writing import pair, readable
from app.domain.config.hours_writing import read_changed_desk
from app.domain.config.toml_blocks import Block, blocks
from app.domain.desks.desk import Desk, FirstLinePhone
from app.domain.message_refs import MessageError, ref

PLACE: Final = ("first_line", "phones")


def write_first_line(text: str, desk: Desk, phones: tuple[FirstLinePhone, ...]) -> tuple[str, Desk]:
    """Return the text with these telephones in this order, and the desk that it describes.

    One that stays keeps its lines and comments. MessageError where it cannot be changed so that
    only that changes.
    """
    parts = list(blocks(readable(text)))
    places = [at for at, each in enumerate(parts) if each.place == PLACE]
    if len(places) != len(desk.first_line.phones):
        raise MessageError(ref("hours_change.by_hand"))
    written = dict(zip(desk.first_line.phones, (parts[at].text for at in places), strict=True))
    others = [each for at, each in enumerate(parts) if at not in places]
    first = places[0] if places else len(others)
    wanted = [Block(written.get(each) or "\n".join(("", *_lines(each), ""))) for each in phones]
    changed = "".join(each.text for each in (*others[:first], *wanted, *others[first:]))
    after = read_changed_desk(changed, desk.id)
    if after != replace(desk, first_line=replace(desk.first_line, phones=phones)):
        raise MessageError(ref("hours_change.by_hand"))
    return changed, after


def _lines(phone: FirstLinePhone) -> Iterator[str]:
    yield "[[first_line.phones]]"
    yield pair("name", phone.name)
    yield pair("number", phone.number)
    yield pair("language", phone.language)
