"""The questions that the call flow asks of the world, each answered with its reason.

What may the caller do, who shall answer, may the duty be woken. Who it is stands in
identity.py, tickets in call_ticket.py, whom to ring in ringing.py and hunts/who_is_rung.py.
"""

from app.domain.calls import call_ticket, outages
from app.domain.calls.call import Step
from app.domain.calls.context import Branch, CallContext
from app.domain.copies import replace
from app.domain.desks.desk import LineKind, Priority, TelephoneFor
from app.domain.hunts.effects import Effect
from app.domain.hunts.staffing import duty_hours_answer, duty_reason, open_reason, telephone_open
from app.domain.hunts.waking import wakes, why_duty_sleeps
from app.domain.reasons import Code, Reason, because
from app.domain.tickets.ticket import Ticket


def which_line(context: CallContext) -> Branch:
    """Pick the flow by the number that was called: no line of ours, support, or duty."""
    world = context.world
    if world.desk is None or world.line is None:
        reason = because(Code.UNKNOWN_LINE)
        return Branch(Step.UNKNOWN_LINE, replace(context.call, informed=True), (reason,))
    line = world.line
    outage = outages.told_outage(context)
    call = replace(
        context.call,
        desk=world.desk.id,
        kind=line.kind,
        language=line.languages[0],
        outage=outage.id if outage else None,
    )
    screened = _why_screened(context)
    if screened:
        return Branch(
            _where_screened(context.of(call), screened), replace(call, informed=True), (screened,)
        )
    if line.kind is LineKind.SUPPORT:
        return Branch(Step.GREETING, call)
    duty = duty_hours_answer(context)
    to = Step.DUTY_GREETING if duty and _recent_ticket(context) is None else Step.GREETING
    return Branch(to, call, (duty_reason(duty),))


def _where_screened(context: CallContext, why: Reason) -> Step:
    """Let whoever is not put through leave a message where the case may be critical.

    A number that somebody has blocked may not. Who withholds theirs may at every line.
    """
    may_be_critical = why.code is Code.CALLS_TOO_OFTEN and context.is_duty_call
    may_speak = why.code is Code.WITHHELD_CLOSED or may_be_critical
    return Step.CLOSED_TO_CALLER if may_speak else Step.SCREENED


def _why_screened(context: CallContext) -> Reason | None:
    """Hold off robocallers and pocket calls, never a caller with an open critical ticket.

    Behind a switchboard are many callers: it may be blocked, but its calls are not counted.
    """
    earlier = context.world.earlier
    if earlier.has_open_critical and not context.caller_shared_by:
        return None
    if earlier.blocked:
        return because(Code.BLOCKED if context.call.caller.is_known else Code.WITHHELD_CLOSED)
    limit = context.desk.ceilings.calls_per_hour
    if earlier.calls_this_hour < limit or _many_call_from_it(context):
        return None
    return because(Code.CALLS_TOO_OFTEN, limit=limit)


def is_same_ticket(context: CallContext) -> Branch:
    """Ask a caller with a young open ticket whether it is about that one."""
    before = _recent_ticket(context)
    if before is None:
        return Branch(Step.NEW_TICKET, context.call)
    reason = because(Code.RECENT_TICKET, ticket=before.number)
    return Branch(Step.SAME_TICKET, replace(context.call, recent_ticket=before), (reason,))


def _recent_ticket(context: CallContext) -> Ticket | None:
    """Return the caller's young ticket; one from a number that many call from may be anybody's."""
    return None if _many_call_from_it(context) else context.world.earlier.recent_ticket


def _many_call_from_it(context: CallContext) -> bool:
    return context.has_shared_number or context.caller_shared_by is not None


def new_ticket(context: CallContext) -> Branch:
    """Go on with a case of its own: on a duty line in duty hours by its menu."""
    trace = (because(Code.NEW_TICKET),) if context.call.recent_ticket else ()
    return Branch(Step.DUTY_MENU if context.is_duty_call else Step.WHO_IS_IT, context.call, trace)


def has_telephone(context: CallContext) -> Branch:
    """Ask whether the agreement includes the telephone; else the portal's address goes out."""
    name = context.agreement.name
    if context.agreement.telephone:
        return Branch(Step.PRIORITY_MENU, context.call)
    trace: tuple[Effect | Reason, ...] = (because(Code.AGREEMENT_HAS_NO_TELEPHONE, agreement=name),)
    return call_ticket.send_portal_sms(context, Step.NO_TELEPHONE, trace)


def chose_critical(context: CallContext) -> Branch:
    """Go on with a critical case."""
    return _chosen(context, Priority.CRITICAL)


def chose_high(context: CallContext) -> Branch:
    """Go on with a case of high priority."""
    return _chosen(context, Priority.HIGH)


def chose_medium(context: CallContext) -> Branch:
    """Go on with a case of medium priority."""
    return _chosen(context, Priority.MEDIUM)


def chose_low(context: CallContext) -> Branch:
    """Go on with a case of low priority."""
    return _chosen(context, Priority.LOW)


def _chosen(context: CallContext, priority: Priority) -> Branch:
    """The telephone may be meant for high levels only, unless the network is away."""
    call = replace(context.call, priority=priority)
    meant = context.desk.telephone_for is TelephoneFor.EVERYTHING
    if meant or priority in (Priority.CRITICAL, Priority.HIGH):
        return Branch(Step.OPEN_TICKET, call)
    return Branch(Step.NETWORK_QUESTION, call, (because(Code.TELEPHONE_NOT_MEANT),))


def network_away(context: CallContext) -> Branch:
    """Take the case by telephone: the caller cannot reach the portal."""
    return Branch(Step.OPEN_TICKET, context.call, (because(Code.NETWORK_AWAY),))


def use_the_portal(context: CallContext) -> Branch:
    """Send the caller to the portal: the network is there."""
    return call_ticket.send_portal_sms(context, Step.PORTAL_GIVEN, (because(Code.NETWORK_THERE),))


def duty_confirmed(context: CallContext) -> Branch:
    """Open a critical case on the duty line; nobody is asked for a customer number there."""
    call = replace(context.call, priority=Priority.CRITICAL, for_duty=True)
    return Branch(Step.OPEN_TICKET, call)


def who_shall_answer(context: CallContext) -> Branch:
    """Decide who is rung for the ticket: the first line, the duty, or nobody now."""
    if context.call.for_duty:
        return _who_answers_duty_line(context)
    answer = telephone_open(context)
    if answer:
        return Branch(Step.RING_FIRST_LINE, context.call, (open_reason(context, answer),))
    go = may_wake_duty(context)
    return replace(go, trace=(open_reason(context, answer), *go.trace))


def _who_answers_duty_line(context: CallContext) -> Branch:
    """Where desk and duty overlap the first line is rung first."""
    duty = duty_hours_answer(context)
    if duty is not None and duty.overlap:
        return Branch(Step.RING_FIRST_LINE, context.call, (because(Code.OVERLAP),))
    return Branch(Step.RING_DUTY, context.call, (wakes(context),))


def may_duty_take_over(context: CallContext) -> Branch:
    """Ask, when the first line is silent, whether the duty is there as well."""
    if context.call.for_duty:
        return Branch(Step.RING_DUTY, context.call, (wakes(context),))
    return may_wake_duty(context)


def may_wake_duty(context: CallContext) -> Branch:
    """Ask whether this case may ring the duty now; else a message is taken, with the reason."""
    refusal = why_duty_sleeps(context)
    if refusal:
        return Branch(Step.MESSAGE, context.call, (refusal,))
    return Branch(Step.RING_DUTY, context.call, (wakes(context),))


def no_valid_key(context: CallContext) -> Branch:
    """Choose for a caller from whom no key comes: a human where one is there, else speak.

    On the duty line the voice alone may wake the duty; by day the first line answers.
    """
    reason = because(Code.NO_VALID_KEY)
    if context.call.ticket:
        return Branch(Step.HUMAN_WANTED, context.call, (reason,))
    if telephone_open(context) and not context.is_duty_call:
        return Branch(Step.HUMAN_WANTED, context.call, (reason,))
    return Branch(Step.SPEAK, context.call, (reason,))
