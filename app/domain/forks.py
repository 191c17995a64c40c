"""The questions that the call flow asks of the world, each answered with its reason.

Who is it, what may they, is it open, may the duty be woken. Tickets are case.py,
whom to ring is ringing.py.
"""

from dataclasses import replace

from app.domain import case
from app.domain.call import Place
from app.domain.decision import Code, Effect, Reason
from app.domain.desk import LineKind, Priority, TelephoneFor
from app.domain.duty_hours import DutyHoursAnswer, in_duty_hours
from app.domain.hours import OpenAnswer, is_open
from app.domain.hours_words import duty_hours_values, hours_values
from app.domain.people import Customer
from app.domain.sight import Go, Sight, because


def which_line(sight: Sight) -> Go:
    """Pick the way by the number that was called: no line of ours, support, or duty."""
    world = sight.world
    if world.desk is None or world.line is None:
        reason = because(Code.UNKNOWN_LINE)
        return Go(Place.UNKNOWN_LINE, replace(sight.call, told=True), (reason,))
    line = world.line
    call = replace(sight.call, desk=world.desk.id, kind=line.kind, language=line.languages[0])
    if line.kind is LineKind.SUPPORT:
        return Go(Place.GREETING, call)
    duty = duty_now(sight)
    to = Place.DUTY_MENU if duty else Place.GREETING
    return Go(to, call, (_duty_reason(duty),))


def who_is_it(sight: Sight) -> Go:
    """Recognise the caller by number; ask for one only where agreements differ."""
    digits = sight.call.caller.digits
    matches = tuple(c for c in sight.world.customers if digits and c.answers_to(digits))
    if len(matches) == 1:
        shared = digits in matches[0].shared_phones
        return _recognised(sight, matches[0], Code.SHARED_NUMBER if shared else Code.KNOWN_NUMBER)
    code = Code.SHARED_BY_SEVERAL if matches else Code.UNKNOWN_CALLER
    if len(sight.desk.agreements) > 1:
        return Go(Place.CUSTOMER_NUMBER, sight.call, (because(code),))
    agreement = sight.desk.default_agreement()
    story = (because(code), because(Code.ONE_AGREEMENT, agreement=agreement.name))
    return Go(Place.IS_SERVED, replace(sight.call, agreement=agreement.id), story)


def customer_of(sight: Sight, digits: str) -> Go | None:
    """Find the customer by the number that was keyed; # alone means unknown."""
    if not digits:
        agreement = sight.desk.default_agreement()
        reason = because(Code.NO_CUSTOMER_NUMBER, agreement=agreement.name)
        return Go(Place.IS_SERVED, replace(sight.call, agreement=agreement.id), (reason,))
    customer = next((c for c in sight.world.customers if c.number == digits), None)
    return _recognised(sight, customer, Code.CUSTOMER_NUMBER_FOUND) if customer else None


def _recognised(sight: Sight, customer: Customer, code: Code) -> Go:
    agreement = sight.desk.agreement(customer.agreement)
    call = replace(sight.call, customer=customer.number, agreement=agreement.id)
    reason = because(code, customer=customer.name, agreement=agreement.name)
    return Go(Place.IS_SERVED, call, (reason,))


def is_served(sight: Sight) -> Go:
    """Turn away a class of callers whom the desk does not serve (D2)."""
    group = sight.customer.caller_class if sight.customer else ""
    if group and any(group == refused.caller_class for refused in sight.desk.not_served):
        reason = because(Code.NOT_SERVED, caller_class=group)
        return Go(Place.NOT_SERVED, replace(sight.call, told=True), (reason,))
    return Go(Place.HAS_TELEPHONE, sight.call)


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
    found = who_is_it(sight)
    call = found.call if found.to is Place.IS_SERVED else sight.call
    call = replace(call, priority=Priority.CRITICAL, for_duty=True)
    return Go(Place.OPEN_TICKET, call, found.story)


def who_shall_answer(sight: Sight) -> Go:
    """Decide who is rung for the ticket: the first line, the duty, or nobody now."""
    if sight.call.for_duty:
        return _who_answers_duty_line(sight)
    answer = telephone_open(sight)
    if answer:
        return Go(Place.RING_FIRST_LINE, sight.call, (because(Code.OPEN, **hours_values(answer)),))
    reason = because(Code.CLOSED, **hours_values(answer)) if answer is not None else None
    go = may_wake_duty(sight)
    return replace(go, story=(*((reason,) if reason else ()), *go.story))


def _who_answers_duty_line(sight: Sight) -> Go:
    """Where desk and duty overlap the first line is rung first (B12)."""
    duty = duty_now(sight)
    if duty is not None and duty.overlap:
        return Go(Place.RING_FIRST_LINE, sight.call, (because(Code.OVERLAP),))
    return Go(Place.RING_DUTY, sight.call, (because(Code.WAKES_DUTY),))


def may_duty_take_over(sight: Sight) -> Go:
    """Ask, when the first line is silent, whether the duty is there as well (B12)."""
    if sight.call.for_duty:
        return Go(Place.RING_DUTY, sight.call, (because(Code.OVERLAP),))
    return may_wake_duty(sight)


def may_wake_duty(sight: Sight) -> Go:
    """Ask whether this case may ring the duty now; else a message is taken, with the reason."""
    refusal = _why_duty_sleeps(sight)
    if refusal:
        return Go(Place.MESSAGE, sight.call, (refusal,))
    return Go(Place.RING_DUTY, sight.call, (because(Code.WAKES_DUTY),))


def _why_duty_sleeps(sight: Sight) -> Reason | None:
    duty, agreement, ticket = sight.desk.duty, sight.agreement, sight.call.ticket
    if duty is None:
        return because(Code.DESK_HAS_NO_DUTY)
    if sight.call.wants_human:
        return because(Code.WANTS_HUMAN)
    if ticket is None or ticket.priority not in duty.wakes:
        return because(Code.NOT_CRITICAL)
    if not agreement.includes_duty:
        return because(Code.AGREEMENT_WITHOUT_DUTY, agreement=agreement.name)
    answer = duty_now(sight)
    return None if answer else _duty_reason(answer)


def no_valid_key(sight: Sight) -> Go:
    """Choose for a caller from whom no key comes: speak on the duty line, else as with 0."""
    if sight.call.kind is LineKind.DUTY and not sight.call.ticket and duty_now(sight):
        return Go(Place.SPEAK, sight.call, (because(Code.NO_VALID_KEY),))
    return Go(Place.HUMAN_WANTED, sight.call, (because(Code.NO_VALID_KEY),))


def telephone_open(sight: Sight) -> OpenAnswer | None:
    """Ask the calendar of the caller's agreement; None where it includes no telephone."""
    calendar = sight.agreement.telephone_calendar
    if calendar is None or not sight.agreement.telephone:
        return None
    return is_open(sight.desk.calendar(calendar), sight.now)


def duty_now(sight: Sight) -> DutyHoursAnswer | None:
    """Ask whether these are duty hours; None where the desk has no duty."""
    if sight.desk.duty is None:
        return None
    return in_duty_hours(sight.desk.duty.hours, sight.desk.telephone_calendars(), sight.now)


def _duty_reason(answer: DutyHoursAnswer | None) -> Reason:
    if answer is None:
        return because(Code.DESK_HAS_NO_DUTY)
    code = Code.DUTY_HOURS if answer else Code.OUTSIDE_DUTY_HOURS
    return because(code, **duty_hours_values(answer))
