"""Passwords that somebody has typed where they are none of anybody's business: found and masked.

Only what is written beside a word for a password is taken for one: everything else that looks
like chance (a reference, a file's name, a serial number) is needed to solve the case.
"""

import re
from dataclasses import dataclass
from typing import Final

MASK: Final = "••••••••"
_WORD: Final = (
    r"(?:engangs|bruker|brukar|wi-?fi|wifi|nettverks|admin(?:istrator)?)?-?"
    r"(?:passord(?:et|ene|a)?|adgangskode[nr]?|kodeord(?:et)?|pin-?kode[na]?|pass-?phrase|"
    r"pass-?word|passwd|pwd|pin)"
)
_WHOSE: Final = r"(?:\s+(?:mitt|vårt|hans|hennar|hennes|deira|deres|min|mi|ditt))?"
_FOR: Final = r"(?:\s+(?:til|for|på|i|of|to)\s+\S+){0,2}"
# Between the word and the password: a sign, or a verb that says that they are the same.
_SIGN: Final = r"\s*(?:[:=]|->|=>|–|—|\s-\s)\s*"
_VERB: Final = r"\s+(?:er|is|var|was|heter|heiter|lyder|lyt)\s*:?\s+"
_QUOTED: Final = r"[\"'«“‘`][^\"'»”’`\n]+[\"'»”’`]"
_ONE: Final = r"(?:\S*[^\s,;.]|\S+)"
_SECRET: Final = rf"(?P<secret>{_QUOTED}|{_ONE})"
# After a sign it may be several words, up to the end of the line or of the sentence.
_WORDS: Final = rf"(?P<secret>{_QUOTED}|\S*[^\s,;.](?:[ ]\w+){{1,5}}(?=[ ]*(?:\n|$|[,;.]))|{_ONE})"
BESIDE_SIGN: Final = re.compile(rf"\b{_WORD}{_WHOSE}{_FOR}{_SIGN}{_WORDS}", re.I)
BESIDE_VERB: Final = re.compile(rf"\b{_WORD}{_WHOSE}{_FOR}{_VERB}{_SECRET}", re.I)
BARE: Final = re.compile(rf"\b{_WORD}\s+{_SECRET}", re.I)
# What somebody says of a password, and is none.
_SAID_OF_ONE: Final = """
feil utløpt utgått gått glemt gløymt gløymd borte mista mistet ikke ikkje ukjent ukjend sperret
sperra låst ugyldig nullstilt nullstilla endret endra byttet bytta tilbakestilt tilbakestilt
for til på i og eller som at men det den dette riktig rett korrekt samme same likt lik alltid
aldri også nå no nytt ny gammelt gammalt tomt må skal kan blir vart ble virker verkar fungerer
jeg eg du vi de han ho hun en ein et eit min mitt blitt vorte satt sett trengs manglar mangler
wrong expired forgotten lost not locked invalid incorrect reset changed correct right same too
never no always now new old empty required missing unknown the a an it that this and or but so
for to on in of my your our their does must has was is being still already weak secure default
"""
NO_SECRETS: Final = frozenset(_SAID_OF_ONE.split())


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without passwords, and whether there was one."""

    text: str
    has_found: bool


def mask_passwords(text: str) -> Masked:
    """Put a mask in place of each password that stands beside a word for one."""
    found = False

    def mask(match: re.Match[str]) -> str:
        nonlocal found
        secret = match["secret"]
        if not _is_secret(secret, is_bare=match.re is BARE):
            return match[0]
        found = True
        begin, end = match.span("secret")
        whole = match[0]
        return whole[: begin - match.start()] + MASK + whole[end - match.start() :]

    for pattern in (BESIDE_SIGN, BESIDE_VERB, BARE):
        text = pattern.sub(mask, text)
    return Masked(text, found)


def _is_secret(words: str, *, is_bare: bool) -> bool:
    bare = words.strip("\"'«»“”‘’`.,;:!?()")
    first = bare.split(maxsplit=1)[0] if bare else ""
    is_quoted = words[:1] in "\"'«“‘`"
    said = bare if is_quoted else first
    if not first or MASK in words or said.casefold() in NO_SECRETS:
        return False
    if not is_bare or is_quoted:
        return True
    is_mixed = any(not sign.isalpha() for sign in bare)
    return is_mixed or bare not in (bare.lower(), bare.upper(), bare.capitalize())
