"""Telephone numbers: parsing, comparing, speaking and masking. Who has one stands in
desks/customer.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


class NumberKind(StrEnum):
    """What a telephone number is good for."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SHORT = "short"
    FOREIGN = "foreign"
    WITHHELD = "withheld"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number as we compare and dial it.

    `digits` is E.164 with its plus sign, a bare short number, or empty when the
    caller withheld it or sent something that cannot be read.
    """

    digits: str
    kind: NumberKind

    @property
    def is_known(self) -> bool:
        """Tell whether there is a number at all to compare or ring."""
        return self.digits != ""

    @property
    def can_receive_sms(self) -> bool:
        """Tell whether an SMS to this number can arrive (own prefix table)."""
        return self.kind is NumberKind.MOBILE or (
            self.kind is NumberKind.FOREIGN and self.digits.startswith(MOBILE_ABROAD)
        )


NOBODY: Final = Number("", NumberKind.WITHHELD)

# Twilio writes a withheld caller as any of these words, or as one in telephone keys.
WITHHELD_WORDS: Final = frozenset(
    {
        "",
        "anonymous",
        "unknown",
        "restricted",
        "private",
        "unavailable",
        "+266696687",  # anonymous
        "+7378742833",  # restricted
        "+2562533",  # blocked
        "+8656696",  # unknown, as two networks spell it
        "+86282452253",  # unavailable
    }
)

# Norway's closed plan has eight digits; the first one or two tell the kind. The
# table is ours because `phonenumbers` refuses numbers that exist (04xxx, 59) and
# the demo's numbers are from series that nobody was given.
NORWAY: Final = "+47"
MOBILE_PREFIXES: Final = ("4", "9", "59")

# Mobile series abroad that we know; other foreign numbers get no SMS.
MOBILE_ABROAD: Final = ("+467", "+45", "+3584", "+35850", "+447", "+4915", "+4916", "+4917", "+486")

SHORT_NUMBER: Final = re.compile(r"0\d{4}|1\d{2,5}")
E164: Final = re.compile(r"\+[1-9]\d{5,14}")
NORWEGIAN_WITHOUT_PLUS: Final = re.compile(r"47[2-9]\d{7}", re.ASCII)
PUNCTUATION: Final = re.compile(r"[\s().\-/\u00a0]")


# `tel:` and `sip:` before a number, and what follows it there: a host, or parameters.
ADDRESS: Final = re.compile(r"(?:tel|sips?):([^@;?]*)(?:[@;?].*)?", re.IGNORECASE)
NATIONAL_ZERO: Final = re.compile(
    r"^(\s*(?:\+|00)[\d\s]*)\(0\)"
)  # +46 (0)70: not dialled from abroad
ENCODED_PLUS: Final = re.compile(r"^ (?=[1-9][0-9]{7,14}$)")  # a form that lost its plus sign


@lru_cache(maxsize=1024)  # every post of a call names the same ones
def parse_number(text: str | None) -> Number:
    """Read a number as people and networks write it; never fail.

    Eight digits are Norwegian, and so are 47 and eight more; 00 is read as +. What cannot be
    read comes back with kind MALFORMED, what was withheld with WITHHELD; both without digits.
    """
    bare = _bare(text or "")
    if bare.lower() in WITHHELD_WORDS:
        return NOBODY
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    elif NORWEGIAN_WITHOUT_PLUS.fullmatch(bare):
        bare = "+" + bare
    if SHORT_NUMBER.fullmatch(bare):
        return Number(bare, NumberKind.SHORT)
    if re.fullmatch(r"[2-9]\d{7}", bare):
        bare = NORWAY + bare
    if not (bare.isascii() and E164.fullmatch(bare)):
        return Number("", NumberKind.MALFORMED)
    return Number(bare, _kind_of(bare))


def _bare(text: str) -> str:
    address = ADDRESS.fullmatch(text.strip())
    number = address[1] if address else ENCODED_PLUS.sub("+", text)
    return PUNCTUATION.sub("", NATIONAL_ZERO.sub(r"\1", number).strip())


def _kind_of(e164: str) -> NumberKind:
    if not e164.startswith(NORWAY):
        return NumberKind.FOREIGN
    national = e164.removeprefix(NORWAY)
    if SHORT_NUMBER.fullmatch(national):
        return NumberKind.SHORT
    if len(national) == 12 and national.startswith("58"):  # machines: 12 digits, Nkom
        return NumberKind.LANDLINE
    if len(national) != 8:
        return NumberKind.MALFORMED
    return NumberKind.MOBILE if national.startswith(MOBILE_PREFIXES) else NumberKind.LANDLINE


# Numbers that nobody here ever rings (toll fraud).
EMERGENCY: Final = frozenset({"110", "112", "113"})
COSTLY: Final = (NORWAY + "82", NORWAY + "81", "1")

# Satellite and international shared-cost series: dear to ring, and where fraud goes.
SATELLITES: Final = ("+870", "+878", "+881", "+882", "+883", "+888", "+979")


def is_satellite(digits: str) -> bool:
    """Tell whether this number, or beginning of one, belongs to no country."""
    return digits.startswith(SATELLITES)


def is_emergency(digits: str) -> bool:
    """Tell whether this is an emergency number, with or without the country's code."""
    return digits.removeprefix(NORWAY) in EMERGENCY


def is_costly(digits: str) -> bool:
    """Tell whether calling this number costs extra."""
    return digits.startswith(COSTLY)


def in_pairs(digits: str) -> str:
    """Write a number so that a voice reads it in pairs: `49 00 00 11`.

    Norwegian numbers lose their country code; numbers that begin with 8 are
    grouped 3-2-3 as people say them; others are grouped in twos.
    """
    national = digits.removeprefix(NORWAY)
    lead = ""
    if national.startswith("+"):
        lead, national = "+", national[1:]
    if len(national) == 8 and national.startswith("8"):
        groups = [national[:3], national[3:5], national[5:]]
    else:
        groups = [national[i : i + 2] for i in range(0, len(national), 2)]
    return lead + " ".join(groups)


def digit_by_digit(number: int | str) -> str:
    """Write a ticket or customer number so that a voice reads each digit: `1, 0, 4, 2`."""
    return ", ".join(str(number))


def mask(digits: str) -> str:
    """Hide the middle of a number for logs: `+4749••••11`; never returns all of it."""
    if len(digits) < 6:
        return "•" * len(digits)
    keep = 5 if digits.startswith("+") else 2
    return digits[:keep] + "•" * (len(digits) - keep - 2) + digits[-2:]


@lru_cache(maxsize=4096)
def can_exist(digits: str) -> bool:
    """Tell whether a number in E.164 has a length that its country's plan knows."""
    from phonenumbers import is_possible_number  # loaded late: no help of a command needs it

    number = _parsed(digits)
    return number is not None and is_possible_number(number)


@lru_cache(maxsize=4096)
def is_usual(digits: str) -> bool:
    """Tell whether a number lies in a series that its country has given out."""
    from phonenumbers import is_valid_number

    number = _parsed(digits)
    return number is not None and is_valid_number(number)


def _parsed(digits: str) -> PhoneNumber | None:
    from phonenumbers import NumberParseException, parse

    try:
        return parse(digits, None)
    except NumberParseException:
        return None
