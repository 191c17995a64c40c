"""What fits one SMS: the GSM-7 alphabet, its length, and how other characters are written in it.

Norwegian letters are in the alphabet; dashes, guillemets and curly quotation marks are not.
"""

import unicodedata
from typing import Final

ONE_SMS: Final = 160  # characters of GSM-7 (3GPP TS 23.038)
ONE_SMS_UNICODE: Final = 70  # UTF-16 units, once a single character lies outside it

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("\f^{}\\[~]|€")  # each takes two places

# Characters that people do write, and that lose their meaning when they are just dropped.
_WRITTEN_AS: Final = str.maketrans(
    dict.fromkeys("‐‑‒–—―−•·", "-")
    | dict.fromkeys("«»“”„‟″", '"')
    | dict.fromkeys("‘’‚‛′´`", "'")
    | {"…": "...", "\t": " ", "\v": " "}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T"}
    | {"þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "œ": "oe", "Œ": "OE", "ẞ": "ß"}
)


def gsm7_length(text: str) -> int:
    """Count the places a text takes in GSM-7; ValueError names what is not in the alphabet."""
    foreign = sorted(set(text) - BASIC - EXTENDED)
    if foreign:
        raise ValueError(f"not in GSM-7: {' '.join(foreign)}")
    return len(text) + sum(letter in EXTENDED for letter in text)


def fits_one_sms(text: str) -> bool:
    """Tell whether a text is sent as one SMS: 160 places of GSM-7, else 70 of UTF-16."""
    if set(text) <= BASIC | EXTENDED:
        return gsm7_length(text) <= ONE_SMS
    return len(text.encode("utf-16-le")) // 2 <= ONE_SMS_UNICODE


def to_gsm7(text: str) -> str:
    """Write a text in GSM-7 and on one line: dashes plainly, foreign accents and emoji gone."""
    written = "".join(_letter(letter) for letter in text.translate(_WRITTEN_AS))
    return " ".join(written.split())


def _letter(letter: str) -> str:
    if letter in BASIC or letter in EXTENDED:
        return letter
    plain = unicodedata.normalize("NFKD", letter)
    return "".join(each for each in plain if each in BASIC)


def shortened(words: str, places: int) -> str:
    """Shorten a GSM-7 name to so many places: after a whole word where one fits, then a full stop.

    At least one letter stays, whatever `places` says.
    """
    if gsm7_length(words) <= places:
        return words
    kept = words
    while len(kept) > 1 and gsm7_length(kept) > places - 1:
        kept = kept[:-1]
    at_word = kept.rpartition(" ")[0] if not words[len(kept)].isspace() else kept
    if len(at_word) * 2 >= len(kept):
        kept = at_word
    return kept.rstrip(" ,.;:-/&(") + "."
