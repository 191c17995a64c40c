"""Signs that nobody sees and spaces of other widths, taken out of what people paste into documents.

Contacts, web pages and word processors put them there. What is left means the same.
"""

import unicodedata
from typing import Final

from app.domain.message_refs import MessageRef, ref

# Direction marks, joiners, soft hyphens and byte order marks: copied along, never meant.
INVISIBLE: Final = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
WIDE_SPACES: Final = (
    "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
_PLAIN: Final = str.maketrans(dict.fromkeys(INVISIBLE, "") | dict.fromkeys(WIDE_SPACES, " "))
_QUOTES: Final = "“”„‟«»‘’‚‛"
_CALLED: Final = {
    "\\": ref("sign.backslash"),
    **dict.fromkeys("“”„‟«»", ref("sign.curly_quotation_mark")),
    **dict.fromkeys("‘’‚‛", ref("sign.curly_apostrophe")),
}


def cleaned(text: str) -> str:
    """Return a text on one line as it was meant: composed letters, plain spaces, nothing unseen."""
    return unicodedata.normalize("NFC", text.translate(_PLAIN)).strip()


def is_unseen(sign: str) -> bool:
    """Tell whether a sign is one of those that are left out."""
    return sign in INVISIBLE


def is_wide_space(sign: str) -> bool:
    """Tell whether a sign is a space that is not the plain one."""
    return sign in WIDE_SPACES


def is_curly(sign: str) -> bool:
    """Tell whether a sign is a quotation mark of a word processor."""
    return sign in _QUOTES


def strange_sign(text: str) -> MessageRef | None:
    """Name the first sign of a text that cannot stand in it; None without one."""
    for sign in text:
        if not sign.isprintable():
            return sign_name(sign)
    return None


def sign_name(sign: str) -> MessageRef:
    """Write a sign so that somebody can look for it: itself where it shows, its name and code."""
    code = f"U+{ord(sign):04X}"
    called = _CALLED.get(sign) or unicodedata.name(sign, "").lower() or ref("sign.control")
    if sign.isprintable():
        return ref("sign.shown", sign=sign, called=called, code=code)
    return ref("sign.hidden", called=called, code=code)
