"""The questions that the call flow asks of the world, each answered with its reason.

What may the caller do, who shall answer, may the duty be woken. Who it is stands in
identity.py, tickets in case.py, whom to ring in ringing.py.
"""

from dataclasses import replace

from app.domain import case
from app.domain.call import OpenCase, Place
from app.domain.decision import Code, Effect, Named, Reason
from app.domain.desk import LineKind, Priority, TelephoneFor
from app.domain.sight import Go, Sight, because
from app.domain.staffing import (
    duty_now,
    duty_reason,
    is_duty_call,
    open_reason,
    telephone_open,
)


def which_line(sight: Sight) -> Go:
    """Pick the way by the number that was called: no line of ours, support, or duty."""
    world = sight.world
    if world.desk is None or world.line is None:
        reason = because(Code.UNKNOWN_LINE)
        return Go(Place.UNKNOWN_LINE, replace(sight.call, told=True), (reason,))
    line = world.line
    call = replace(sight.call, desk=world.desk.id, kind=line.kind, language=line.languages[0])
    held_off = _why_held_off(sight)
    if held_off:
        return Go(_where_held_off(sight.of(call), held_off), replace(call, told=True), (held_off,))
    if line.kind is LineKind.SUPPORT:
        return Go(Place.GREETING, call)
    duty = duty_now(sight)
    to = Place.DUTY_MENU if duty and _open_case(sight) is None else Place.GREETING
    return Go(to, call, (duty_reason(duty),))


def _where_held_off(sight: Sight, why: Reason) -> Place:
    """Let whoever is not put through leave a message where the case may be critical.

    A number that somebody has blocked may not. Who withholds theirs may at every line.
    """
    may_be_critical = why.code is Code.CALLS_TOO_OFTEN and is_duty_call(sight)
    may_speak = why.code is Code.WITHHELD_CLOSED or may_be_critical
    return Place.CLOSED_TO_CALLER if may_speak else Place.HELD_OFF


def _why_held_off(sight: Sight) -> Reason | None:
    """Hold off robocallers and pocket calls, never a caller with an open critical ticket.

    Behind a switchboard are many callers: it may be blocked, but its calls are not counted.
    """
    earlier = sight.world.earlier
    if earlier.has_open_critical and not sight.caller_shared_by:
        return None
    if earlier.blocked:
        return because(Code.BLOCKED if sight.call.caller.is_known else Code.WITHHELD_CLOSED)
    limit = sight.desk.ceilings.calls_per_hour
    if earlier.calls_this_hour < limit or _many_call_from_it(sight):
        return None
    return because(Code.CALLS_TOO_OFTEN, limit=limit)


def is_same_case(sight: Sight) -> Go:
    """Ask a caller with a young open ticket whether it is about that one."""
    before = _open_case(sight)
    if before is None:
        return Go(Place.NEW_CASE, sight.call)
    reason = because(Code.OPEN_CASE, ticket=before.number)
    return Go(Place.SAME_CASE, replace(sight.call, open_case=before), (reason,))


def _open_case(sight: Sight) -> OpenCase | None:
    """Return the caller's young ticket; one from a number that many call from may be anybody's."""
    return None if _many_call_from_it(sight) else sight.world.earlier.open_case


def _many_call_from_it(sight: Sight) -> bool:
    return sight.has_shared_number or sight.caller_shared_by is not None


def new_case(sight: Sight) -> Go:
    """Go on with a case of its own: on a duty line in duty hours by its menu."""
    story = (because(Code.NEW_CASE),) if sight.call.open_case else ()
    return Go(Place.DUTY_MENU if is_duty_call(sight) else Place.WHO_IS_IT, sight.call, story)


def has_telephone(sight: Sight) -> Go:
    """Ask whether the agreement includes the telephone; else the portal's address goes out (A4)."""
    name = sight.agreement.name
    if sight.agreement.telephone:
        return Go(Place.PRIORITY_MENU, sight.call)
    story: tuple[Effect | Reason, ...] = (because(Code.AGREEMENT_HAS_NO_TELEPHONE, agreement=name),)
    return case.tell_portal(sight, Place.NO_TELEPHONE, story)


def chose_critical(sight: Sight) -> Go:
    """Go on with a critical case."""
    return _chosen(sight, Priority.CRITICAL)


def chose_high(sight: Sight) -> Go:
    """Go on with a case of high priority."""
    return _chosen(sight, Priority.HIGH)


def chose_medium(sight: Sight) -> Go:
    """Go on with a case of medium priority."""
    return _chosen(sight, Priority.MEDIUM)


def chose_low(sight: Sight) -> Go:
    """Go on with a case of low priority."""
    return _chosen(sight, Priority.LOW)


def _chosen(sight: Sight, priority: Priority) -> Go:
    """The telephone may be meant for high levels only, unless the network is away (B2)."""
    call = replace(sight.call, priority=priority)
    meant = sight.desk.telephone_for is TelephoneFor.EVERYTHING
    if meant or priority in (Priority.CRITICAL, Priority.HIGH):
        return Go(Place.OPEN_TICKET, call)
    return Go(Place.NETWORK_QUESTION, call, (because(Code.TELEPHONE_NOT_MEANT),))


def network_away(sight: Sight) -> Go:
    """Take the case by telephone: the caller cannot reach the portal."""
    return Go(Place.OPEN_TICKET, sight.call, (because(Code.NETWORK_AWAY),))


def use_the_portal(sight: Sight) -> Go:
    """Send the caller to the portal: the network is there."""
    return case.tell_portal(sight, Place.PORTAL_TOLD, (because(Code.NETWORK_THERE),))


def duty_confirmed(sight: Sight) -> Go:
    """Open a critical case on the duty line; nobody is asked for a customer number there."""
    call = replace(sight.call, priority=Priority.CRITICAL, for_duty=True)
    return Go(Place.OPEN_TICKET, call)


def who_shall_answer(sight: Sight) -> Go:
    """Decide who is rung for the ticket: the first line, the duty, or nobody now."""
    if sight.call.for_duty:
        return _who_answers_duty_line(sight)
    answer = telephone_open(sight)
    if answer:
        return Go(Place.RING_FIRST_LINE, sight.call, (open_reason(sight, answer),))
    go = may_wake_duty(sight)
    return replace(go, story=(open_reason(sight, answer), *go.story))


def _who_answers_duty_line(sight: Sight) -> Go:
    """Where desk and duty overlap the first line is rung first (B12)."""
    duty = duty_now(sight)
    if duty is not None and duty.overlap:
        return Go(Place.RING_FIRST_LINE, sight.call, (because(Code.OVERLAP),))
    return Go(Place.RING_DUTY, sight.call, (_wakes(sight),))


def may_duty_take_over(sight: Sight) -> Go:
    """Ask, when the first line is silent, whether the duty is there as well (B12)."""
    if sight.call.for_duty:
        return Go(Place.RING_DUTY, sight.call, (_wakes(sight),))
    return may_wake_duty(sight)


def may_wake_duty(sight: Sight) -> Go:
    """Ask whether this case may ring the duty now; else a message is taken, with the reason."""
    refusal = why_duty_sleeps(sight)
    if refusal:
        return Go(Place.MESSAGE, sight.call, (refusal,))
    return Go(Place.RING_DUTY, sight.call, (_wakes(sight),))


def why_no_round(sight: Sight) -> Reason | None:
    """Say why the duty may not be called about this ticket now, by the rules of the call itself."""
    if not sight.call.for_duty:
        return why_duty_sleeps(sight)
    answer = duty_now(sight)
    return None if answer else duty_reason(answer)


def why_duty_sleeps(sight: Sight) -> Reason | None:
    """Say why this case may not wake the duty now; None where it may."""
    duty, ticket = sight.desk.duty, sight.call.ticket
    if duty is None:
        return because(Code.DESK_HAS_NO_DUTY)
    if sight.call.wants_human:
        return because(Code.WANTS_HUMAN)
    refusal = _why_not_woken(sight, ticket.priority if ticket else None)
    if refusal:
        return refusal
    answer = duty_now(sight)
    return None if answer else duty_reason(answer)


def _why_not_woken(sight: Sight, level: Priority | None) -> Reason | None:
    """Say why the caller's agreement does not let this level wake the duty; None where it does."""
    duty, agreement = sight.desk.duty, sight.agreement
    usual = duty.wakes if duty else frozenset()
    wakes = usual if agreement.wakes is None else agreement.wakes
    if level not in wakes:
        is_plain = level is None or wakes == {Priority.CRITICAL}
        named = None if is_plain else Named(f"priority.{level}")
        return because(Code.NOT_CRITICAL if is_plain else Code.LEVEL_SLEEPS, priority=named)
    if not agreement.includes_duty:
        return because(Code.AGREEMENT_WITHOUT_DUTY, agreement=agreement.name)
    return None


def _wakes(sight: Sight) -> Reason:
    level = sight.call.ticket.priority if sight.call.ticket else Priority.CRITICAL
    return because(Code.WAKES_DUTY, priority=Named(f"priority.{level}"))


def no_valid_key(sight: Sight) -> Go:
    """Choose for a caller from whom no key comes: a human where one is there, else speak.

    On the duty line the voice alone may wake the duty; by day the first line answers.
    """
    reason = because(Code.NO_VALID_KEY)
    if sight.call.ticket:
        return Go(Place.HUMAN_WANTED, sight.call, (reason,))
    if telephone_open(sight) and not is_duty_call(sight):
        return Go(Place.HUMAN_WANTED, sight.call, (reason,))
    return Go(Place.SPEAK, sight.call, (reason,))
