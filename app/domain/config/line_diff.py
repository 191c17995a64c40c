"""What differs between two texts, line by line, each with its number in either."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

AROUND: Final = 3  # lines that are the same, shown before and after what differs


class LineSign(StrEnum):
    """What stands before a line, as in every tool that compares texts."""

    SAME = " "
    ADDED = "+"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line; `before` and `after` are its numbers, None where a text has not got it."""

    sign: LineSign
    text: str
    before: int | None
    after: int | None


DiffHunk = tuple[DiffLine, ...]


def line_diff(before: str, after: str) -> tuple[DiffHunk, ...]:
    """Return what differs, with some lines around it; nothing for the same text."""
    old, new = lines_of(before), lines_of(after)
    found = SequenceMatcher(None, old, new).get_grouped_opcodes(AROUND)
    return tuple(
        tuple(line for tag, *ends in group for line in _lines(tag, old, new, ends))
        for group in found
    )


def lines_of(text: str) -> list[str]:
    """Return a text's lines as editors and TOML count them, however they end."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _lines(tag: str, old: list[str], new: list[str], ends: list[int]) -> Iterator[DiffLine]:
    old_from, old_to, new_from, new_to = ends
    if tag == "equal":
        for at in range(old_to - old_from):
            number, there = old_from + at, new_from + at
            yield DiffLine(LineSign.SAME, old[number], number + 1, there + 1)
        return
    for at in range(old_from, old_to):
        yield DiffLine(LineSign.REMOVED, old[at], at + 1, None)
    for at in range(new_from, new_to):
        yield DiffLine(LineSign.ADDED, new[at], None, at + 1)
