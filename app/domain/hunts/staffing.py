"""Is anybody there: the telephone of the caller's agreement, and the duty, at this moment.

Answers with their reasons. Whether the duty may be woken is waking.py.
"""

from typing import Final

from app.domain.desks.duty_hours import DutyHoursAnswer, in_duty_hours, told_duty_hours
from app.domain.hunts.context import HuntContext
from app.domain.reasons import Code, Reason, because
from app.domain.time.hours import is_open
from app.domain.time.hours_reasons import OpenAnswer

# The duty would be woken at another hour: it is not there now.
NO_DUTY_NOW: Final = frozenset({Code.OUTSIDE_DUTY_HOURS, Code.PLANNED_GAP})


def telephone_open(context: HuntContext) -> OpenAnswer | None:
    """Ask the calendar of the caller's agreement; None where it includes no telephone."""
    calendar = context.agreement.telephone_calendar
    if calendar is None or not context.agreement.telephone:
        return None
    return is_open(context.desk.calendar(calendar), context.now)


def open_reason(context: HuntContext, answer: OpenAnswer | None) -> Reason:
    """Say why the telephone of the caller's agreement is answered or not."""
    if answer is None:
        return because(Code.AGREEMENT_HAS_NO_TELEPHONE, agreement=context.agreement.name)
    return because(Code.OPEN if answer else Code.CLOSED, why=answer.reason.ref)


def duty_hours_answer(context: HuntContext) -> DutyHoursAnswer | None:
    """Ask whether these are duty hours; None where the desk has no duty."""
    if context.desk.duty is None:
        return None
    return in_duty_hours(context.desk.duty.hours, context.desk.telephone_calendars(), context.now)


def duty_reason(answer: DutyHoursAnswer | None) -> Reason:
    """Say why these are duty hours or not."""
    if answer is None:
        return because(Code.DESK_HAS_NO_DUTY)
    return told_duty_hours(answer)
