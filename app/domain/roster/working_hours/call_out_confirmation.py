"""What a person may say of when they were called out, beside what the telephone measured. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.time.intervals import Interval

LOOK_BACK: Final = timedelta(days=31)  # so long a call-out is listed, and can be confirmed
FURTHEST: Final = timedelta(hours=12)  # the way there and back, and work after the talk
A_MINUTE: Final = timedelta(minutes=1)
LONGEST_REASON: Final = 200


class CallOutRefusal(StrEnum):
    """Why a time is not taken."""

    UNKNOWN = "unknown"  # no such call of theirs, or too long ago
    ENDS_BEFORE = "ends_before"
    NOT_OVER = "not_over"
    TOO_FAR = "too_far"
    NEEDS_REASON = "needs_reason"


def refusal_of(
    measured: Interval, wanted: Interval, reason: str, now: datetime
) -> CallOutRefusal | None:
    """Say why a time is not taken; a longer one than was measured needs a reason."""
    if wanted.to <= wanted.from_:
        return CallOutRefusal.ENDS_BEFORE
    whole = to_the_minute(measured)
    if wanted.to > now + A_MINUTE:
        return CallOutRefusal.NOT_OVER
    if wanted.from_ < measured.from_ - FURTHEST or wanted.to > measured.to + FURTHEST:
        return CallOutRefusal.TOO_FAR
    is_within = whole.from_ <= wanted.from_ and wanted.to <= whole.to
    return None if is_within or reason.strip() else CallOutRefusal.NEEDS_REASON


def to_the_minute(measured: Interval) -> Interval:
    """What was measured, as people write it: to whole minutes, and never none."""
    from_ = measured.from_.replace(second=0, microsecond=0)
    to = measured.to.replace(second=0, microsecond=0)
    return Interval(from_, to if to == measured.to else to + A_MINUTE)
