"""What fits one SMS: the GSM-7 alphabet, its length, and how other characters are written in it.

Norwegian letters are in the alphabet; dashes, guillemets and curly quotation marks are not.
"""

import re
import unicodedata
from functools import lru_cache
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

# Cyrillic as passports write it, and Greek; other alphabets have no short table.
_CYRILLIC_PAIRS: Final = "є ie ж zh х kh ц ts ч ch ш sh щ shch ю iu я ia ј j љ lj њ nj ћ c џ dz ѓ g"
_CYRILLIC: Final = str.maketrans(
    "абвгґдезиіїйклмнопрстуфыэђќўѝё", "abvggdeziiiiklmnoprstufyedkuie", "ъь"
) | str.maketrans(dict(re.findall(r"(\S) (\S+)", _CYRILLIC_PAIRS)))
_GREEK: Final = str.maketrans("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo") | {
    ord("θ"): "th",
    ord("χ"): "ch",
    ord("ψ"): "ps",
}
_OTHER_ALPHABETS: Final = _CYRILLIC | _GREEK


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


@lru_cache(maxsize=1024)  # a text has few letters, and each of them often
def _letter(letter: str) -> str:
    if latin := _latin(letter):
        return latin
    if letter in BASIC or letter in EXTENDED:
        return letter
    plain = unicodedata.normalize("NFKD", letter)
    if latin := _latin(plain[:1]):  # with an accent on it
        return latin
    return "".join(each for each in plain if each in BASIC)


def _latin(letter: str) -> str:
    """Write a letter of another alphabet in ours; "" where there is no table for it."""
    low = letter.lower()
    latin = low.translate(_OTHER_ALPHABETS)
    if latin == low:
        return ""
    return latin if letter.islower() else latin.capitalize()


def name_in_sms(name: str, instead: str) -> str:
    """Return a name that can be read in an SMS, or what is said instead: never half of one."""
    letters = [letter for letter in unicodedata.normalize("NFC", name) if letter.isalnum()]
    kept = [letter for letter in letters if to_gsm7(letter)]
    return name if kept and len(kept) * 2 > len(letters) else instead


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
