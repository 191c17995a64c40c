"""A contact card (vCard 3.0, RFC 2426) with the numbers that a desk calls from.

Who has it in their telephone sees by name who calls, and can let it ring through the night.
"""

from collections.abc import Iterable
from typing import Final

from app.domain.desks.desk import Desk

LONGEST_LINE: Final = 75  # bytes, its end not counted
ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def numbers_called_from(desks: Iterable[Desk]) -> tuple[str, ...]:
    """Every number that a call of these desks may come from, each once."""
    return tuple(dict.fromkeys(line.number for desk in desks for line in desk.lines))


def write_contact_card(name: str, numbers: Iterable[str]) -> str:
    """Write a card; each number is one that rings and sends SMS."""
    written = name.translate(ESCAPED)
    lines = (
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{written};;;;",
        f"FN:{written}",
        f"ORG:{written}",
        *(f"TEL;TYPE=WORK,VOICE:{number}" for number in numbers),
        "END:VCARD",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    """Break a long line as the format has it: the rest begins with a space."""
    pieces, size = [""], 0
    for sign in line:
        length = len(sign.encode())
        if size + length > LONGEST_LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += length
    return "\r\n".join(pieces)
