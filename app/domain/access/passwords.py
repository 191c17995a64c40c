"""Which passwords are taken. Length is what counts: no rules about digits and capitals."""

import unicodedata
from itertools import pairwise
from typing import Final

from app.domain.message_refs import MessageError, ref

SHORTEST: Final = 12
LONGEST: Final = 200  # letters: a hash of more would cost us, and protect nobody
FEWEST_DIFFERENT: Final = 5


def composed(password: str) -> str:
    """Return a password in one spelling: an å is one sign on one keyboard and two on another."""
    return unicodedata.normalize("NFC", password)


def check_new_password(password: str, email: str, name: str) -> str:
    """Return a new password as it is hashed; MessageError for one that is too easily guessed."""
    wanted = composed(password)
    if len(wanted) < SHORTEST:
        raise MessageError(ref("password.too_short", least=SHORTEST))
    if len(wanted) > LONGEST:
        raise MessageError(ref("password.too_long", most=LONGEST))
    if len(set(wanted.lower())) < FEWEST_DIFFERENT or _is_sequence(wanted.lower()):
        raise MessageError(ref("password.too_plain"))
    own = (email, email.partition("@")[0], name)
    if wanted.lower().strip() in {each.lower() for each in own if each}:
        raise MessageError(ref("password.own_name"))
    return wanted


def _is_sequence(text: str) -> bool:
    """Tell whether each sign follows the one before, as in abcdefghijkl and 123456789012."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1} or steps <= {-1} or steps <= {1, -9}
