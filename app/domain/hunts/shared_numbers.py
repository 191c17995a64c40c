"""What a telephone number stands for: one person, or many people. No staff rules live here.

Norway's short numbers are our own list (numbers.py), because `phonenumbers` refuses ones that
exist.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from app.domain.desks.desk import Desk
from app.domain.numbers import Number, NumberKind, can_exist, is_satellite
from app.domain.roster.plan import Roster

SERVICE_TYPES: Final = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


class SharedBy(StrEnum):
    """Why a From does not tell who calls: many people stand behind it."""

    WITHHELD = "withheld"  # nobody's number, or the network's placeholder for one
    LINE = "line"  # a desk's line: a switchboard shows it, or a call is forwarded
    ON_DUTY_PHONE = "on_duty_phone"  # of the first line, the duty or the last resort
    SHORT = "short"
    SERVICE = "service"  # toll-free, shared-cost and company numbers, and satellites
    IMPOSSIBLE = "impossible"  # no number of its country's plan: made up on the way


def shared_by(
    number: Number, desk: Desk | None, roster: Roster | None, *, is_line: bool = False
) -> SharedBy | None:
    """Say why many people stand behind this From; None where it is one person's number.

    `is_line` tells that it is the number of a line of any desk.
    """
    digits = number.digits
    if not digits:
        return SharedBy.WITHHELD
    if is_line or (desk and any(line.number == digits for line in desk.lines)):
        return SharedBy.LINE
    if digits in frozenset(_answered_by(desk, roster)):
        return SharedBy.ON_DUTY_PHONE
    if number.kind is NumberKind.SHORT:
        return SharedBy.SHORT
    if number.kind is NumberKind.MALFORMED or not can_exist(digits):
        return SharedBy.IMPOSSIBLE
    return SharedBy.SERVICE if _is_service(digits) else None


def _answered_by(desk: Desk | None, roster: Roster | None) -> Iterator[str]:
    if desk:
        yield from (phone.number for phone in desk.first_line.phones)
    if roster:
        yield from (number for person in roster.people for number in person.numbers)
        yield from roster.last_resort


@lru_cache(maxsize=4096)
def _is_service(digits: str) -> bool:
    number = phonenumbers.parse(digits, None)
    return is_satellite(digits) or phonenumbers.number_type(number) in SERVICE_TYPES
