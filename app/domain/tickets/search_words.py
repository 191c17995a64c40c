"""What tickets are found by: the words of what is written on them, and what somebody looks for.

Pure. A word is a run of letters and digits, without regard to case; a search is words that a
ticket has all of, each by its beginning.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from app.domain.numbers import parse_number
from app.domain.tickets.ticket import LARGEST_NUMBER

LONGEST_WORD: Final = 40  # more of a word tells nothing apart
SHORTEST_WORD: Final = 2
MOST_WORDS: Final = 400  # of one text: what comes after says little new
LONGEST_SEARCH: Final = 100
MOST_TERMS: Final = 6
FEWEST_DIGITS: Final = 5  # of a telephone number
FIRST_SIGN: Final = " "  # stands in no word, and sorts before every letter
LAST_SIGN: Final = chr(0x10FFFF)  # sorts after every letter

_WORD: Final = re.compile(r"[^\W_]+")
_TELEPHONE: Final = re.compile(r"(?:\+|00)?[\d ()./-]+")


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One of the things that are looked for: a ticket has to have every one of them.

    `text` is the beginning of a word, or of a customer's name; a number may be the ticket's,
    the customer's, or a telephone's.
    """

    text: str
    phone: str = ""

    @property
    def until(self) -> str:
        """Return what sorts after every word that it finds: one of two letters finds itself."""
        return self.text + (LAST_SIGN if len(self.text) > SHORTEST_WORD else FIRST_SIGN)

    @property
    def ticket(self) -> int | None:
        """Return the number of a ticket that it may be."""
        is_number = self.text.isascii() and self.text.isdecimal() and len(self.text) < 20
        number = int(self.text) if is_number else 0
        return number if 0 < number <= LARGEST_NUMBER else None


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words by which these texts are found."""
    found: set[str] = set()
    for text in texts:
        found.update(_words(text)[:MOST_WORDS])
    return frozenset(found)


def search_terms(text: str) -> tuple[SearchTerm, ...]:
    """Return what somebody looks for; nothing where they typed nothing that can be found."""
    typed = text.strip()[:LONGEST_SEARCH]
    phone = _phone(typed)
    if phone:
        digits = "".join(sign for sign in typed if sign.isdecimal())
        return (SearchTerm(digits, phone),)
    words = dict.fromkeys(_words(typed))
    return tuple(SearchTerm(each) for each in words)[:MOST_TERMS]


def _words(text: str) -> list[str]:
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    words = (match[:LONGEST_WORD] for match in _WORD.findall(folded))
    return [each for each in dict.fromkeys(words) if len(each) >= SHORTEST_WORD]


def _phone(typed: str) -> str:
    """Read a whole search as a telephone number, as they are stored; "" for anything else."""
    if not (typed.isascii() and _TELEPHONE.fullmatch(typed)):
        return ""
    digits = "".join(sign for sign in typed if sign.isdecimal())
    return parse_number(typed).digits if len(digits) >= FEWEST_DIGITS else ""
