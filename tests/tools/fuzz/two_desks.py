"""Two desks in one installation, alike but for their words and numbers: neither is told of the
other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from app.domain.config.folder import DeskFolder
from tests.support import sample_desk

FJORD, BERG = sample_desk.DESK, "bergvakt"
# The other desk is the same one, read through this table.
OTHER_WORDS: Final = {
    "Fjordhjelp": "Bergvakt",
    "fjordhjelp": "bergvakt",
    "Fjord help": "Berg watch",
    "Skogli skule": "Steinli skule",
    "Teknisk eining": "Hage og park",
    "First line": "Skranke",
    "Duty ": "Vakt ",
    "duty-1": "vakt-1",
    "duty-2": "vakt-2",
    "+47200009": "+47200008",
    "+47200090": "+47200080",
    "+47200091": "+47200081",
    "+47490090": "+47490080",
    "+47490091": "+47490081",
    "+47490092": "+47490082",
}
WORDS: Final = {
    FJORD: ("fjord", "skogli", "teknisk", "first line", "duty 1", "duty 2"),
    BERG: ("berg", "steinli", "hage og park", "skranke", "vakt 1", "vakt 2"),
}
A_NUMBER: Final = re.compile(r"\+\d{8,}")


def other(text: str) -> str:
    """The same text as the other desk has it."""
    return re.sub("|".join(map(re.escape, OTHER_WORDS)), lambda word: OTHER_WORDS[word[0]], text)


def folders() -> tuple[DeskFolder, DeskFolder]:
    files = {"desk": "DESK_TOML", "roster": "ROSTER_TOML", "customers": "CUSTOMERS_CSV"}
    texts = {part: other(getattr(sample_desk, name)) for part, name in files.items()}
    return sample_desk.folder(), sample_desk.folder(BERG, **texts)


@cache
def numbers_of(desk: str) -> frozenset[str]:
    """Every number of a desk: lines, first line, duty, customers."""
    text = sample_desk.DESK_TOML + sample_desk.ROSTER_TOML + sample_desk.CUSTOMERS_CSV
    return frozenset(A_NUMBER.findall(text if desk == FJORD else other(text)))


@cache
def lines_of(desk: str) -> tuple[str, str]:
    lines = (sample_desk.SUPPORT, sample_desk.DUTY)
    return lines if desk == FJORD else (other(lines[0]), other(lines[1]))


def desks_with(numbers: Iterable[str]) -> frozenset[str]:
    """The desks that have one of these lines."""
    given = frozenset(numbers)
    return frozenset(desk for desk in (FJORD, BERG) if given.intersection(lines_of(desk)))


def told_of(desk: str, answer: str) -> list[str]:
    """What of a desk stands in an answer: its words, and its numbers however they are spoken."""
    words = [word for word in WORDS[desk] if word in answer.lower()]
    close = re.sub(r"(?<=\d)[ ,](?=\d)", "", answer)
    numbers = [each for each in numbers_of(desk) if each[3:] in close]
    return words + sorted(numbers)
