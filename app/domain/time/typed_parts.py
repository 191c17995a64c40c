"""What somebody types into a field of a day, or of a time of day: that part of a moment alone.

Read by the same words as whole moments (typed_moments.py); never a guess.
"""

from datetime import date
from typing import Final

from app.domain.reasons import Reason, TypedMomentCode, because
from app.domain.time.parsing import LONGEST_SHOWN
from app.domain.time.typed_days import TimeField, TypingRefused, check_agreement, days_meant
from app.domain.time.typed_readings import NO_CLOCK_SHOWS, Reading, readings
from app.domain.time.typed_words import fold

LONGEST_READ: Final = 60


def read_typed_day(text: str, field: TimeField) -> date | Reason:
    """Read a day: `24.12`, `fredag`, `i morgen`; or the reason why it is none."""
    found = [each for each in _readings(text) if each.minute is None and each != Reading()]
    if len(found) != 1:
        return because(TypedMomentCode.NOT_A_DAY, text=text[:LONGEST_SHOWN])
    try:
        day = next(days_meant(found[0], field))
        check_agreement(found[0], day, field)
    except TypingRefused as refused:
        return refused.reason
    return day


def read_typed_clock(text: str) -> int | Reason:
    """Read a time of day in minutes since midnight: `15.30`, `kl 8`; or why it is none."""
    found = [each for each in _readings(text) if each == Reading(each.minute, each.is_marked)]
    if len(found) != 1 or found[0].minute is None:
        return because(TypedMomentCode.NOT_A_CLOCK, text=text[:LONGEST_SHOWN])
    if found[0].minute == NO_CLOCK_SHOWS:
        return because(TypedMomentCode.NO_SUCH_CLOCK, text=text[:LONGEST_SHOWN])
    return found[0].minute


def _readings(text: str) -> frozenset[Reading]:
    typed = text.strip()
    return readings(fold(typed)) if typed and len(typed) <= LONGEST_READ else frozenset()
