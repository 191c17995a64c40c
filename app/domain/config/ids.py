"""Ids made of names, for people and rotations: small letters, digits and hyphens."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

LONGEST_ID: Final = 40
NEW: Final = "new"  # in an address: one that is there not yet
NO_LETTERS: Final = re.compile(r"[^a-z0-9]+")
LETTERS: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ß": "ss"})


def slug(text: str) -> str:
    """Return a text as an id; nothing is left of one without letters and digits."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return NO_LETTERS.sub("-", plain.encode("ascii", "ignore").decode()).strip("-")[:LONGEST_ID]


def free_id(wanted: str, taken: Collection[str]) -> str:
    """Return the id itself, or with a number where it is taken, or a page's own."""
    count, found = 2, wanted
    while found in taken or found == NEW:
        found, count = f"{wanted}-{count}", count + 1
    return found
