"""Lines, the first line and the ceilings of a desk: which numbers, and how they are rung."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from app.domain.config.phone_part import can_ring, needed_phone
from app.domain.config.table_reader import TableReader
from app.domain.config.translations_part import language
from app.domain.desks.desk import (
    MOST_CALLS_PER_HOUR,
    MOST_RINGS_PER_HOUR,
    Ceilings,
    FirstLine,
    FirstLinePhone,
    Line,
    LineKind,
)
from app.domain.message_refs import ref
from app.domain.texts.text_parts import LANGUAGES

# Twilio rings at least 5 s; more than a minute and a caller has given up.
SHORTEST_RING: Final = 5
LONGEST_RING: Final = 60


class RingOrder(StrEnum):
    """How several telephones are rung."""

    IN_ORDER = "in_order"
    AT_ONCE = "at_once"


def lines(top: TableReader) -> tuple[Line, ...]:
    """Read the desk's lines; at least one, of which one is for support."""
    found = tuple(_lines(top))
    if not top.has("lines"):
        top.document.error((), ref("diagnostic.missing.line"))
    elif not any(line.kind is LineKind.SUPPORT for line in found):
        top.error("lines", ref("diagnostic.no_support_line"))
    return found


def _lines(top: TableReader) -> Iterator[Line]:
    seen: set[str] = set()
    for part in top.list_of_tables("lines"):
        number = needed_phone(part, "number")
        public = needed_phone(part, "public_number") if part.has("public_number") else number
        kind = part.choice("kind", LineKind)
        languages = _languages(part)
        part.close()
        if number and number in seen:
            part.error("number", ref("diagnostic.line_twice", number=number))
        seen.add(number)
        yield Line(number, public, kind, languages)


def _languages(part: TableReader) -> tuple[str, ...]:
    texts = part.texts("languages", needed=True)
    found = tuple(language(part, "languages", text, index) for index, text in enumerate(texts))
    if len(set(found)) < len(found):
        part.error("languages", ref("diagnostic.language_twice"))
    if part.has("languages") and not texts:
        part.error("languages", ref("diagnostic.no_language"))
    return tuple(dict.fromkeys(code for code in found if code))


def offered(lines: tuple[Line, ...]) -> tuple[str, ...]:
    """Return every language that one of the lines offers."""
    return tuple(code for code in LANGUAGES if any(code in line.languages for line in lines))


def first_line(top: TableReader, default_language: str) -> FirstLine:
    """Read who answers while the desk is open."""
    part = top.table("first_line", needed=True)
    if part is None:
        return FirstLine((), False, 0)
    order = part.choice("order", RingOrder, RingOrder.IN_ORDER)
    seconds = ring_seconds(part, 20)
    phones = tuple(_phones(part, default_language))
    if not part.values.get("phones"):
        part.document.error(
            part.path,
            ref("diagnostic.nobody_to_ring"),
        )
    part.close()
    return FirstLine(phones, order is RingOrder.AT_ONCE, seconds)


def _phones(part: TableReader, default_language: str) -> Iterator[FirstLinePhone]:
    seen: set[str] = set()
    for each in part.list_of_tables("phones"):
        name = each.text("name")
        number = needed_phone(each, "number")
        code = language(each, "language", each.values.get("language", default_language))
        each.has("language")
        each.close()
        if number and number in seen:
            each.error("number", ref("diagnostic.number_twice.first_line", number=number))
        seen.add(number)
        if not part.document.is_stored or can_ring(number):
            yield FirstLinePhone(name, number, code)


def ring_seconds(part: TableReader, default: int) -> int:
    """Read how long one number rings before the next is tried."""
    return part.whole("ring_seconds", SHORTEST_RING, LONGEST_RING, default)


def ceilings(part: TableReader | None) -> Ceilings:
    """Read the limits that keep a call and its cost within bounds; the usual ones by default."""
    usual = Ceilings()
    if part is None:
        return usual
    found = Ceilings(
        part.whole("rings_per_call", 1, 50, usual.rings_per_call),
        part.whole("rings_per_hour", 1, MOST_RINGS_PER_HOUR, usual.rings_per_hour),
        part.whole("turns_per_call", 20, 500, usual.turns_per_call),
        part.whole("talk_minutes", 1, 240, usual.talk_minutes),
        part.whole("message_seconds", 10, 600, usual.message_seconds),
        part.whole("calls_per_hour", 3, MOST_CALLS_PER_HOUR, usual.calls_per_hour),
        part.whole("stranger_wakes_per_hour", 1, 60, usual.stranger_wakes_per_hour),
    )
    part.close()
    return found
