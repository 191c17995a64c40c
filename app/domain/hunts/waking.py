"""May the duty be woken about this ticket now: by the agreement, the level and the duty's hours."""

from app.domain.desks.desk import Priority
from app.domain.hunts.context import HuntContext
from app.domain.hunts.staffing import duty_hours_answer, duty_reason
from app.domain.reasons import Code, Reason, because
from app.domain.texts.message import MessageRef
from app.domain.tickets.ticket import WakesDuty


def why_no_call_out(context: HuntContext) -> Reason | None:
    """Say why the duty may not be called about this ticket now, by the rules of the call itself."""
    if context.holder.wakes_duty is not WakesDuty.CONFIRMED:
        return why_duty_sleeps(context)
    answer = duty_hours_answer(context)
    return None if answer else duty_reason(answer)


def why_duty_sleeps(context: HuntContext) -> Reason | None:
    """Say why this case may not wake the duty now; None where it may."""
    duty, ticket = context.desk.duty, context.ticket
    if duty is None:
        return because(Code.DESK_HAS_NO_DUTY)
    if context.holder.wakes_duty is WakesDuty.NEVER:
        return because(Code.WANTS_HUMAN)
    refusal = _why_not_woken(context, ticket.priority if ticket else None)
    if refusal:
        return refusal
    answer = duty_hours_answer(context)
    return None if answer else duty_reason(answer)


def _why_not_woken(context: HuntContext, level: Priority | None) -> Reason | None:
    """Say why the caller's agreement does not let this level wake the duty; None where it does."""
    duty, agreement = context.desk.duty, context.agreement
    usual = duty.wakes if duty else frozenset()
    wakes = usual if agreement.wakes is None else agreement.wakes
    if level not in wakes:
        is_plain = level is None or wakes == {Priority.CRITICAL}
        named = None if is_plain else MessageRef(f"priority.{level}")
        return because(Code.NOT_CRITICAL if is_plain else Code.LEVEL_SLEEPS, priority=named)
    if not agreement.includes_duty:
        return because(Code.AGREEMENT_WITHOUT_DUTY, agreement=agreement.name)
    return None


def wakes(context: HuntContext) -> Reason:
    """Say that this case wakes the duty."""
    level = context.ticket.priority if context.ticket else Priority.CRITICAL
    return because(Code.WAKES_DUTY, priority=MessageRef(f"priority.{level}"))
