"""May the caller of a ticket be called back, and how: only at a key, never by itself.

The one number that is ever rung without standing in a roster or a desk (toll fraud,
telephony.md, Patterns 6).
"""

from typing import Final

from app.domain.call import RungAs
from app.domain.decision import Named
from app.domain.people import Number, NumberKind, is_costly, is_emergency
from app.domain.sight import Sight

CALLBACKS_ALLOWED: Final = 5  # for one ticket's call or round
CALLABLE: Final = (NumberKind.MOBILE, NumberKind.LANDLINE, NumberKind.FOREIGN)


def why_not_called_back(sight: Sight) -> Named | None:
    """Say why this ticket's caller may not be called back; None where they may."""
    number = sight.call.caller
    return _why_never(number) or _why_shared(sight) or _why_not_here(sight, number)


def _why_never(number: Number) -> Named | None:
    if not number.is_known:
        malformed = number.kind is NumberKind.MALFORMED
        return Named("callback.unreadable" if malformed else "callback.withheld")
    if is_emergency(number.digits):
        return Named("callback.emergency")
    if is_costly(number.digits):
        return Named("callback.costly")
    if number.kind is NumberKind.SHORT:
        return Named("callback.short")
    return None if number.kind in CALLABLE else Named("callback.unreadable")


def _why_shared(sight: Sight) -> Named | None:
    """Calling it back would ring a desk, or whoever has the duty."""
    return Named("callback.shared") if sight.caller_shared_by else None


def _why_not_here(sight: Sight, number: Number) -> Named | None:
    if not number.digits.startswith(sight.desk.callback.prefixes):
        return Named("callback.prefix")
    made = sum(leg.callee.role is RungAs.CALLER for leg in sight.call.legs)
    hourly = sight.rings_this_hour >= sight.desk.ceilings.rings_per_hour
    return Named("callback.ceiling") if made >= CALLBACKS_ALLOWED or hourly else None
