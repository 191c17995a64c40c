"""Is anybody there: the telephone of the caller's agreement, and the duty, at this moment.

Answers with their reasons. What follows from them is forks.py and case.py.
"""

from typing import Final

from app.domain.decision import Code, Reason
from app.domain.desk import LineKind
from app.domain.duty.duty_hours import DutyHoursAnswer, DutyReason, in_duty_hours
from app.domain.sight import Sight, because
from app.domain.time.hours import OpenAnswer, is_open
from app.domain.words.hours_words import duty_hours_values, hours_values

# The duty would be woken at another hour: it is not there now.
NO_DUTY_NOW: Final = frozenset({Code.OUTSIDE_DUTY_HOURS, Code.PLANNED_GAP})


def telephone_open(sight: Sight) -> OpenAnswer | None:
    """Ask the calendar of the caller's agreement; None where it includes no telephone."""
    calendar = sight.agreement.telephone_calendar
    if calendar is None or not sight.agreement.telephone:
        return None
    return is_open(sight.desk.calendar(calendar), sight.now)


def open_reason(sight: Sight, answer: OpenAnswer | None) -> Reason:
    """Say why the telephone of the caller's agreement is answered or not."""
    if answer is None:
        return because(Code.AGREEMENT_HAS_NO_TELEPHONE, agreement=sight.agreement.name)
    return because(Code.OPEN if answer else Code.CLOSED, **hours_values(answer))


def duty_now(sight: Sight) -> DutyHoursAnswer | None:
    """Ask whether these are duty hours; None where the desk has no duty."""
    if sight.desk.duty is None:
        return None
    return in_duty_hours(sight.desk.duty.hours, sight.desk.telephone_calendars(), sight.now)


def is_duty_call(sight: Sight) -> bool:
    """Ask whether this is a duty line in duty hours."""
    return sight.call.kind is LineKind.DUTY and bool(duty_now(sight))


def duty_reason(answer: DutyHoursAnswer | None) -> Reason:
    """Say why these are duty hours or not."""
    if answer is None:
        return because(Code.DESK_HAS_NO_DUTY)
    return because(duty_code(answer), **duty_hours_values(answer))


def duty_code(answer: DutyHoursAnswer) -> Code:
    """Name what an answer about duty hours comes to."""
    if answer:
        return Code.DUTY_HOURS
    is_planned = answer.reason is DutyReason.PLANNED_GAP
    return Code.PLANNED_GAP if is_planned else Code.OUTSIDE_DUTY_HOURS
