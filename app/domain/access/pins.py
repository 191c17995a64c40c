"""Which PINs are taken, and when wrong ones lock. A PIN counts only beside its owner's number."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Final

from app.domain.message_refs import MessageError, ref

SHORTEST: Final = 4
LONGEST: Final = 8
WRONG_ALLOWED: Final = 5  # in a row
LOCKED_FOR: Final = timedelta(hours=24)  # 5 tries a day find one of 10,000 in years, not in a night
FEWEST_DIFFERENT: Final = 2
DAYS, MONTHS, YEARS = range(1, 32), range(1, 13), ("19", "20")


def check_new_pin(pin: str, numbers: Iterable[str]) -> str:
    """Return a new PIN; MessageError for one that is none, or is among the first to be tried.

    `numbers` are its owner's: whoever knows the number tries its digits.
    """
    if not (pin.isascii() and pin.isdecimal() and SHORTEST <= len(pin) <= LONGEST):
        raise MessageError(ref("pin.form", least=SHORTEST, most=LONGEST))
    if _is_pattern(pin) or _may_be_a_date(pin):
        raise MessageError(ref("pin.too_plain"))
    if any(pin in each for each in numbers):
        raise MessageError(ref("pin.of_number"))
    return pin


def _is_pattern(pin: str) -> bool:
    """Tell whether it repeats itself, or counts up or down."""
    half = len(pin) // 2
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    repeats = len(pin) % 2 == 0 and pin[:half] == pin[half:]
    return len(set(pin)) < FEWEST_DIFFERENT or repeats or steps <= {1} or steps <= {9}


def _may_be_a_date(pin: str) -> bool:
    """Tell whether it may be a birthday, or a year."""
    if len(pin) == SHORTEST and pin[:2] in YEARS:
        return True
    if len(pin) in (SHORTEST, 6, LONGEST):
        day, month = int(pin[:2]), int(pin[2:4])
        from_year = int(pin[-2:]) in DAYS and int(pin[-4:-2]) in MONTHS  # 19870314, 870314
        is_day = (day in DAYS and month in MONTHS) or (month in DAYS and day in MONTHS)
        return is_day or (len(pin) > SHORTEST and from_year)
    return False
