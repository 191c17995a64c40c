"""The words with which people write days and times: Bokmål, Nynorsk and English at once.

They are compared folded: small letters without marks, so that `lordag` is `lørdag`.
"""

import re
import unicodedata
from collections.abc import Mapping
from itertools import chain
from typing import Final

_MARKS: Final = str.maketrans({"ø": "o", "æ": "ae"})  # what Unicode does not take apart
_NO_MEANING: Final = re.compile(r"[\s,()]+")


def fold(text: str) -> str:
    """Return the text in small letters without marks, its words parted by single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return _NO_MEANING.sub(" ", bare.translate(_MARKS)).strip()


def _by_word(*groups: tuple[str, ...]) -> Mapping[str, int]:
    """One group of words for each number, from 0 on."""
    return {fold(word): number for number, group in enumerate(groups) for word in group}


WEEKDAYS: Final = _by_word(
    ("mandag", "måndag", "man", "mån", "monday", "mon"),
    ("tirsdag", "tysdag", "tir", "tys", "tirs", "tuesday", "tue", "tues"),
    ("onsdag", "ons", "wednesday", "wed"),
    ("torsdag", "tor", "tors", "thursday", "thu", "thur", "thurs"),
    ("fredag", "fre", "friday", "fri"),
    ("lørdag", "laurdag", "lør", "lau", "saturday", "sat"),
    ("søndag", "sundag", "søn", "sunday", "sun"),
)
MONTHS: Final = {
    word: number + 1
    for word, number in _by_word(
        ("januar", "january", "jan"),
        ("februar", "february", "feb"),
        ("mars", "march", "mar"),
        ("april", "apr"),
        ("mai", "may"),
        ("juni", "june", "jun"),
        ("juli", "july", "jul"),
        ("august", "aug"),
        ("september", "sept", "sep"),
        ("oktober", "october", "okt", "oct"),
        ("november", "nov"),
        ("desember", "december", "des", "dec"),
    ).items()
}
# Days from today.
RELATIVE_DAYS: Final = {
    word: number - 1
    for word, number in _by_word(
        ("i går", "igår", "yesterday"),
        ("i dag", "idag", "today"),
        ("i morgen", "imorgen", "i morgon", "imorgon", "tomorrow"),
        ("i overmorgen", "overmorgen", "i overmorgon", "overmorgon", "day after tomorrow"),
    ).items()
}
NOW: Final = frozenset(_by_word(("nå", "no", "now")))
# Of a clock time that comes twice: 0 is the first.
OCCURRENCES: Final = _by_word(
    ("første", "første gang", "første gong", "first", "first time"),
    ("andre", "andre gang", "andre gong", "second", "second time"),
)
AT: Final = tuple(_by_word(("kl", "kl.", "klokken", "klokka", "at")))
BEFORE_DAYS: Final = tuple(
    _by_word(("den", "på", "on", "the"))
)  # say nothing more than the day does


def any_of(*words: str) -> str:
    """Write a pattern for one of the words, the longest that fits."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def all_words() -> frozenset[str]:
    """Every word that is understood."""
    numbered = (WEEKDAYS, MONTHS, RELATIVE_DAYS, OCCURRENCES)
    return frozenset(chain(*numbered, NOW, AT, BEFORE_DAYS))
