"""The case behind a call: opening its ticket, and the messages that go out with it.

Forks of the call flow that make something happen in the system. No messages, no ringing.
"""

from typing import Final

from app.domain.calls.call import Call, Step
from app.domain.calls.context import Branch, CallContext
from app.domain.calls.identity import as_known
from app.domain.copies import replace
from app.domain.desks.desk import Priority
from app.domain.hunts.effects import AttachMessage, Effect, JoinTicket, OpenTicket, SendSms
from app.domain.hunts.staffing import open_reason, telephone_open
from app.domain.numbers import parse_number
from app.domain.reasons import Code, Reason, because
from app.domain.roster.on_duty import Person, on_duty
from app.domain.texts.message import (
    TICKET_NUMBER,
    Message,
    MessageRef,
    Value,
    nth,
)
from app.domain.tickets import opening
from app.domain.tickets.opening import NewTicket
from app.domain.tickets.ticket import Contact, Source, Ticket, WakesDuty

# Seconds of sound on a duty line that count as somebody speaking, not a pocket call.
VOICE_SECONDS: Final = 3


def open_ticket(context: CallContext) -> Branch:
    """Open the call's ticket with the chosen priority, and tell the caller by SMS."""
    priority = context.call.priority or Priority.MEDIUM
    call, trace = _with_ticket(context, priority)
    return Branch(Step.RING_TICKET_OWNER if call.joined else Step.WHO_SHALL_ANSWER, call, trace)


def human_wanted(context: CallContext) -> Branch:
    """Take the caller to a human or a message; the duty is never woken by it."""
    asked = replace(context.call, for_duty=False, wants_human=True)
    if asked.ticket and not asked.joined:
        asked = replace(asked, ticket=replace(asked.ticket, wakes_duty=WakesDuty.NEVER))
    call, trace = _ticket_or_none(context.of(asked))
    known = context.of(call)
    answer = telephone_open(known)
    to = Step.RING_FIRST_LINE if answer else Step.MESSAGE
    return Branch(to, call, (*trace, open_reason(known, answer)))


def message_wanted(context: CallContext) -> Branch:
    """Take a message with a ticket from a caller for whom the telephone is not meant."""
    call, trace = _ticket_or_none(context)
    return Branch(Step.MESSAGE, call, trace)


def spoken(context: CallContext) -> Branch:
    """Open a case for a caller who spoke but has no keys; silence wakes nobody.

    On a duty line in duty hours it is a critical one, elsewhere one of medium priority.
    """
    heard = context.call.heard_seconds
    if heard < VOICE_SECONDS:
        return Branch(Step.SILENCE, replace(context.call, informed=True), (because(Code.SILENCE),))
    reason = because(Code.NO_KEYS_SOUND, seconds=round(heard))
    is_duty = context.is_duty_call
    known = replace(context, call=replace(context.call, for_duty=is_duty))
    priority = Priority.CRITICAL if is_duty else Priority.MEDIUM
    call, trace = _with_ticket(known, priority, no_keys=True)
    to = Step.RING_DUTY if is_duty else Step.MESSAGE_TAKEN
    return Branch(to, call, (reason, *trace))


def spoken_when_closed(context: CallContext) -> Branch:
    """Keep what a caller said who is not put through now: nobody is rung in the call.

    A critical case is not lost: call-outs follow about its ticket.
    """
    go = spoken(context)
    return replace(go, to=Step.MESSAGE_TAKEN) if go.to is Step.RING_DUTY else go


def left_by_lifeline(context: CallContext, *, rang_duty: bool = False) -> Branch:
    """Open a case for a caller who could only leave a message, because something had failed.

    Nobody could ask how urgent it is: on a duty line in duty hours it is critical, and
    wherever the duty was rung for it.
    """
    if context.call.ticket:
        return Branch(Step.MESSAGE_TAKEN, context.call)
    is_critical = rang_duty or context.is_duty_call
    known = replace(context, call=replace(context.call, for_duty=is_critical))
    call, trace = _with_ticket(known, Priority.CRITICAL if is_critical else Priority.MEDIUM)
    return Branch(Step.MESSAGE_TAKEN, call, trace)


def join_ticket(context: CallContext) -> Branch:
    """Let the call join the ticket of an earlier one: nobody gets another SMS about it."""
    before = context.call.recent_ticket
    if before is None:  # nobody was asked
        return Branch(Step.NEW_TICKET, context.call)
    for_duty = context.is_duty_call and before.priority is Priority.CRITICAL
    call, trace = _joined(context, before, Code.SAME_TICKET)
    return Branch(Step.RING_TICKET_OWNER, replace(call, for_duty=for_duty), trace)


def _joined(
    context: CallContext, before: Ticket, code: Code
) -> tuple[Call, tuple[Effect | Reason, ...]]:
    """Make the call one about an earlier ticket."""
    calls = before.calls + 1
    is_urgent = context.desk.is_urgent(before.priority, before.agreement)
    known = [agreement.id for agreement in context.desk.agreements]
    call = replace(
        context.call,
        recent_ticket=before,
        ticket=replace(before, is_urgent=is_urgent),
        joined=calls,
        priority=before.priority,
        customer=before.customer,
        agreement=before.agreement if before.agreement in known else None,
        caller_notified=True,
        number_sent=True,
    )
    reason = because(code, ticket=before.number, calls=nth(calls))
    return call, (reason, JoinTicket(before.number, calls))


def send_portal_sms(context: CallContext, to: Step, trace: tuple[Effect | Reason, ...]) -> Branch:
    """Send the portal's address by SMS where one can arrive, and go on to announce it."""
    call = replace(context.call, informed=True)
    if not context.caller_gets_sms or call.caller_notified:
        return Branch(to, call, trace)
    sms = _sms_to_caller(context, "sms_portal", portal=context.desk.portal)
    return Branch(to, replace(call, caller_notified=True), (*trace, sms))


def notify_ticket_owner(context: CallContext) -> tuple[SendSms, ...]:
    """Tell whoever has the ticket, once an hour, that another caller about it left a message.

    No call-out follows about a ticket that is taken. Has its taker left, or no number that can
    get an SMS, those on duty are notified.
    """
    call, before, roster = context.call, context.call.recent_ticket, context.world.roster
    taken = before.acknowledged if before else None
    if not (before and taken and taken.person and roster and call.ticket and call.joined):
        return ()
    if not call.ticket.is_urgent or not call.has_message:
        return ()
    taker = roster.person(taken.person)
    listed = on_duty(roster, context.now)
    on_list = [*(entry.person for entry in listed.ringing if entry.person), *listed.sms_only]
    messages = [_sms_about_message(context, each, before) for each in (taker, *on_list) if each]
    informed = [sms for sms in messages if sms]
    return tuple(
        informed[:1] if taker and informed and informed[0].person == taker.id else informed
    )


def _sms_about_message(context: CallContext, person: Person, before: Ticket) -> SendSms | None:
    to = next((n for n in person.numbers if parse_number(n).can_receive_sms), None)
    if to is None:
        return None
    values: tuple[tuple[str, Value], ...] = (
        ("desk", context.desk.name),
        ("ticket", before.number),
        ("caller", context.call.caller.digits or MessageRef("caller_unknown")),
    )
    message = Message("sms_message_again", person.language or context.line.languages[0], values)
    dedup = f"message:{before.number}:{context.now:%Y%m%dT%H}:{person.id}"
    return SendSms(to, message, dedup, person.id)


def _ticket_or_none(context: CallContext) -> tuple[Call, tuple[Effect | Reason, ...]]:
    if context.call.ticket:
        return context.call, ()
    return _with_ticket(context, Priority.MEDIUM)


def _with_ticket(
    context: CallContext, priority: Priority, *, no_keys: bool = False
) -> tuple[Call, tuple[Effect | Reason, ...]]:
    known = as_known(context)
    context = context.of(known.call)
    before = _recent_ticket_of_stranger(context, priority)
    if before:
        call, joins = _joined(context, before, Code.SAME_STRANGER)
        return call, (*known.trace, *joins)
    agreement = context.agreement
    new = NewTicket(
        Source.CALL,
        priority,
        Contact(context.call.caller),
        customer=context.call.customer,
        agreement=agreement.id,
        wakes_duty=context.call.wakes_duty,
        line=context.call.line,
        language=context.call.language,
        no_keys=no_keys,
        call_sid=context.call.sid,
    )
    ticket = opening.open_ticket(new, context.desk, context.now).ticket
    sms = _ticket_sms(context, priority)
    call = replace(
        context.call,
        ticket=ticket,
        priority=priority,
        agreement=agreement.id,
        caller_notified=context.call.caller_notified or bool(sms),
        number_sent=bool(sms),
    )
    due = ticket.due
    target = (
        because(Code.TARGET, respond=due.respond_by, solve=due.solve_by)
        if due.respond_by or due.solve_by
        else because(Code.NOT_AGREED)
    )
    return call, (*known.trace, OpenTicket(new), target, *((sms,) if sms else ()))


def _recent_ticket_of_stranger(context: CallContext, priority: Priority) -> Ticket | None:
    """Return the urgent ticket that one stranger's further urgent calls belong to.

    Nobody is asked, and its number is told to nobody: those who withhold theirs have it in
    common. Whoever takes it hears every one of them; a customer's case is never joined so.
    """
    if context.callers_number != context.call.caller.digits:
        return None  # a number that many people share: an earlier ticket may be anybody's
    before, levels = context.world.strangers.ticket, list(Priority)  # the most urgent first
    if before is None or not context.is_stranger or context.call.customer != before.customer:
        return None
    is_urgent = context.desk.is_urgent(priority, context.agreement.id)
    return before if is_urgent and levels.index(before.priority) <= levels.index(priority) else None


def _ticket_sms(context: CallContext, priority: Priority) -> SendSms | None:
    if context.call.caller_notified or not context.caller_gets_sms:
        return None
    key = "sms_ticket_critical" if priority is Priority.CRITICAL else "sms_ticket"
    return _sms_to_caller(context, key, ticket=TICKET_NUMBER, phone=context.line.public_number)


def _sms_to_caller(context: CallContext, key: str, **values: Value) -> SendSms:
    call = context.call
    filled = (("desk", context.desk.name), *values.items())
    return SendSms(
        to=call.caller.digits,
        message=Message(key, call.language, filled),
        dedup=f"{call.sid}:caller:{key}",
    )


def attach(call: Call, recording: str, seconds: int) -> tuple[AttachMessage, ...]:
    """Attach what was spoken to the call's ticket, where there is both."""
    if call.ticket is None or seconds == 0:
        return ()
    return (AttachMessage(recording, seconds),)
