"""May the caller of a ticket be called back, and how: only at a key, never by itself.

The one number that is ever rung without standing in a roster or a desk (toll fraud).
"""

from dataclasses import dataclass
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.hunts.context import HuntContext
from app.domain.hunts.shared_numbers import shared_by
from app.domain.numbers import (
    Number,
    NumberKind,
    is_costly,
    is_emergency,
)
from app.domain.roles import Role
from app.domain.roster.plan import Roster
from app.domain.texts.message import MessageRef

CALLBACKS_ALLOWED: Final = 5  # for one ticket's call or call-out
CALLABLE: Final = (NumberKind.MOBILE, NumberKind.LANDLINE, NumberKind.FOREIGN)


def why_not_called_back(context: HuntContext) -> MessageRef | None:
    """Say why this ticket's caller may not be called back; None where they may."""
    number = context.holder.caller
    ticket = context.ticket
    if ticket and not ticket.is_from_caller and not number.is_known:
        return MessageRef("callback.no_number")
    return _why_never(number) or _why_shared(context) or _why_not_here(context, number)


@dataclass(frozen=True, slots=True)
class TicketsNumber:
    """Whom a ticket is answered to: their number, and what is known of it."""

    number: Number
    is_line: bool = False  # it is the number of a line of some desk
    is_blocked: bool = False  # the desk takes no calls from it
    is_from_caller: bool = False  # whoever called or wrote showed it, or withheld it


def why_not_called(asked: TicketsNumber, desk: Desk, roster: Roster | None) -> MessageRef | None:
    """Say why a ticket's customer may not be called from its page; None where they may."""
    number = asked.number
    if not number.digits and number.kind is not NumberKind.MALFORMED:
        return MessageRef("callback.withheld" if asked.is_from_caller else "callback.no_number")
    if asked.is_blocked:
        return MessageRef("callback.blocked")
    if shared_by(number, desk, roster, is_line=asked.is_line) and not _why_never(number):
        return MessageRef("callback.shared")
    is_elsewhere = not number.digits.startswith(desk.callback.prefixes)
    return _why_never(number) or (MessageRef("callback.prefix") if is_elsewhere else None)


def _why_never(number: Number) -> MessageRef | None:
    if not number.is_known:
        malformed = number.kind is NumberKind.MALFORMED
        return MessageRef("callback.unreadable" if malformed else "callback.withheld")
    if is_emergency(number.digits):
        return MessageRef("callback.emergency")
    if is_costly(number.digits):
        return MessageRef("callback.costly")
    if number.kind is NumberKind.SHORT:
        return MessageRef("callback.short")
    return None if number.kind in CALLABLE else MessageRef("callback.unreadable")


def _why_shared(context: HuntContext) -> MessageRef | None:
    """Calling it back would ring a desk, or whoever has the duty."""
    return MessageRef("callback.shared") if context.caller_shared_by else None


def _why_not_here(context: HuntContext, number: Number) -> MessageRef | None:
    if not number.digits.startswith(context.desk.callback.prefixes):
        return MessageRef("callback.prefix")
    made = sum(leg.callee.role is Role.CALLER for leg in context.hunt.legs)
    hourly = context.rings_this_hour >= context.desk.ceilings.rings_per_hour
    return MessageRef("callback.ceiling") if made >= CALLBACKS_ALLOWED or hourly else None
