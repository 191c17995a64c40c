"""Telephone numbers in documents: only what can be rung, and what may be."""

import re
from collections.abc import Collection
from typing import Final

from app.domain.config.table_reader import TableReader
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.numbers import (
    NORWAY,
    Number,
    NumberKind,
    can_exist,
    is_costly,
    is_emergency,
    is_satellite,
    is_usual,
    parse_number,
)
from app.domain.toml_positions import TomlValue

MOST_WORDS: Final = 60  # of one cell
MOST_PARTS: Final = 8  # in which one number is written


def read_number(text: str) -> Number:
    """Return a number that a document may name; MessageError says why not."""
    number = parse_number(text)
    if not number.is_known:
        raise MessageError(ref("diagnostic.unreadable_number.unreadable", text=text))
    if wrong := why_not_rung(number, text):
        raise MessageError(wrong)
    if is_emergency(number.digits):
        raise MessageError(ref("diagnostic.unreadable_number.emergency", text=text))
    if is_costly(number.digits):
        raise MessageError(ref("diagnostic.unreadable_number.costly", text=text))
    return number


def why_not_rung(number: Number, text: str) -> MessageRef | None:
    """Say why no telephone can be rung at a number, or none shall be; None where one can.

    `text` is the number as somebody wrote it.
    """
    if is_satellite(number.digits):
        return ref("diagnostic.unreadable_number.satellite", text=text)
    return why_impossible(number, text)


def why_impossible(number: Number, text: str) -> MessageRef | None:
    """Say why a number cannot exist; None where it can."""
    if number.kind is NumberKind.SHORT:
        return None
    if number.kind is not NumberKind.MALFORMED and _can_exist(number):
        return None
    if number.digits.startswith(NORWAY):
        digits = len(number.digits.removeprefix(NORWAY))
        return ref("diagnostic.unreadable_number.norwegian", text=text, count=digits)
    return ref("diagnostic.unreadable_number.foreign", text=text)


def _can_exist(number: Number) -> bool:
    return number.digits.startswith(NORWAY) or can_exist(number.digits)


def why_unusual(digits: str) -> MessageRef | None:
    """Say what is odd about a number that could exist; None where nothing is.

    Norwegian series are not looked at: ours for practice are of ones that nobody was given.
    """
    if not digits.startswith("+") or digits.startswith(NORWAY) or is_usual(digits):
        return None
    return ref("diagnostic.unusual_number", number=digits)


def phone(table: TableReader, key: str, value: TomlValue, index: int | None = None) -> str:
    """Return a value as the digits of a number that may be rung, or "" after noting why not."""
    text = table.text_at(key, value, index)
    path = (*table.path, key) if index is None else (*table.path, key, index)
    try:
        digits = read_number(text).digits if text else ""
    except MessageError as wrong:
        if table.document.is_stored and why_not_rung(parse_number(text), text):
            table.document.warn(path, wrong.message)
            return parse_number(text).digits
        table.document.error(path, wrong.message)
        return ""
    if odd := why_unusual(digits):
        table.document.warn(path, odd)
    return digits


def needed_phone(table: TableReader, key: str) -> str:
    """Return the number under a key that must be there."""
    return phone(table, key, table.values[key]) if table.needs(key) else ""


def phones(table: TableReader, key: str, people: Collection[str] = ()) -> tuple[str, ...]:
    """Return a list of numbers in their order; the key may be missing.

    An entry that is one of `people` stays as it is: whoever it names is rung.
    """
    if not table.has(key):
        return ()
    values = table.values[key]
    if not isinstance(values, list):
        table.error(key, ref("diagnostic.wrong_type.numbers", key=key))
        return ()
    found = tuple(
        value if isinstance(value, str) and value in people else phone(table, key, value, index)
        for index, value in enumerate(values)
    )
    for index, number in enumerate(found):
        if number and number in found[:index]:
            path = (*table.path, key, index)
            table.document.error(path, ref("diagnostic.number_twice.list", number=number, key=key))
    return tuple(dict.fromkeys(number for number in found if number in people or can_ring(number)))


def can_ring(digits: str) -> bool:
    """Tell whether a number that was read can be rung: a stored document may hold another."""
    return digits != "" and not why_not_rung(parse_number(digits), digits)


def split_numbers(cell: str) -> tuple[str, ...]:
    """Part a cell into numbers: at semicolons, and at spaces where that has one meaning.

    `+47 490 02 001` is one number, `49002001 49002002` are two. What has no one meaning is
    returned whole, for `read_number` to refuse.
    """
    pieces = (piece.split() for piece in re.split(r"[;,/|\n]", cell))
    return tuple(text for words in pieces for text in _grouped(words))


def _grouped(words: list[str]) -> tuple[str, ...]:
    if all(_is_number(word) for word in words):
        return tuple(words)
    ways = _ways(tuple(words[:MOST_WORDS]))
    return ways[0] if len(ways) == 1 and len(words) <= MOST_WORDS else (" ".join(words),)


def _ways(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return ways to read the words as numbers, two at most: one that is alone is meant."""
    ends: list[list[tuple[str, ...]]] = [[()], *([] for _ in words)]
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - MOST_PARTS), end):
            group = words[start:end]
            starts_later = any(word.startswith("+") for word in group[1:])
            if ends[start] and not starts_later and _is_number("".join(group), len(group) > 1):
                ends[end] += [(*way, " ".join(group)) for way in ends[start]]
        del ends[end][2:]
    return ends[-1]


def _is_number(text: str, is_joined: bool = False) -> bool:
    """Tell whether a text is a number that exists; a short one is never written in parts."""
    kind = parse_number(text).kind
    if kind is NumberKind.SHORT:
        return not is_joined
    return kind not in (NumberKind.MALFORMED, NumberKind.WITHHELD)
