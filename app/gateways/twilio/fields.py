"""Reads single fields of a posted form: bounded, without control characters, never failing."""

import re
from typing import Final

from app.gateways.twilio.signature import WebForm

WITHOUT_PLUS: Final = re.compile(r"[1-9][0-9]{9,14}")  # eight digits are Norwegian: left alone
LONGEST_LINE: Final = 64  # signs of a called number: what a row holds
KEYS: Final = frozenset("0123456789*#")
MOST_KEYS: Final = 32
A_DAY: Final = 86_400
SECONDS: Final = re.compile(r"([0-9]{1,12})(\.[0-9]*)?")
SID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")  # offline files are named by it
NAME: Final = re.compile(r"[a-z-]{1,30}")
# What neither XML nor PostgreSQL can carry: control characters and halves of surrogates.
UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


class UnreadableForm(Exception):
    """Signed, but without the fields that every post has; `missing` names them."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__("missing: " + ", ".join(missing))


def field(form: WebForm, key: str, most: int) -> str:
    """Return a field's text without control characters, at most so long; empty without one.

    The order of repeated fields is not signed (the validator sorts them), so the choice
    between them must not depend on it: the first in sorting order counts.
    """
    values = form.getlist(key)
    if len(values) == 1:
        return _clean(values[0], most)
    return min((clean for value in values if (clean := _clean(value, most))), default="")


def _clean(value: str, most: int) -> str:
    if value.isascii() and value.isprintable():  # as nearly all are
        return value[: most * 4].strip()[:most]
    return UNPRINTABLE.sub(" ", value[: most * 4]).strip()[:most]


def number_field(form: WebForm, key: str, most: int) -> str:
    """Return a telephone number as posted; one that lost its plus sign on the way gets it back.

    Some providers leave it out, and in a form it is a space where it was not escaped.
    """
    text = field(form, key, most)
    return f"+{text}" if WITHOUT_PLUS.fullmatch(text) else text


def has(form: WebForm, *names: str) -> bool:
    """Tell whether any of these fields holds something."""
    return any(field(form, each, 8) for each in names)


def sid(form: WebForm, key: str) -> str:
    """Return an identifier of the network; empty when there is none that can be one."""
    text = field(form, key, 65)
    return text if SID.fullmatch(text) else ""


def name(form: WebForm, key: str) -> str:
    """Return a status word such as `no-answer`; empty when it is none."""
    text = field(form, key, 31).lower()
    return text if NAME.fullmatch(text) else ""


def keys(form: WebForm, key: str) -> str:
    """Return the telephone keys that were pressed, nothing else."""
    text = field(form, key, MOST_KEYS)
    return text if KEYS.issuperset(text) else ""


def seconds(form: WebForm, key: str, unknown: int) -> int:
    """Return a duration in whole seconds between 0 and a day; `unknown` when it is none."""
    found = SECONDS.fullmatch(field(form, key, 12))
    return min(int(found[1]), A_DAY) if found else unknown


def require(form: WebForm, *names: str) -> None:
    """Raise UnreadableForm unless every one of these fields says who or what is meant."""
    missing = tuple(each for each in names if not _identifies(form, each))
    if missing:
        raise UnreadableForm(missing)


def _identifies(form: WebForm, key: str) -> bool:
    return bool(field(form, key, 100) if key == "To" else sid(form, key))
