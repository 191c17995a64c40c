"""The case behind a call: opening its ticket, and the messages that go out with it.

Forks of the call flow that make something happen in the house. No sentences, no ringing.
"""

from dataclasses import replace
from typing import Final

from app.domain.call import Call, OpenCase, Place, TicketOfCall
from app.domain.decision import (
    TICKET_NUMBER,
    AttachMessage,
    Code,
    Effect,
    JoinTicket,
    Named,
    OpenTicket,
    Reason,
    SendSms,
    Sentence,
    Value,
)
from app.domain.desk import Priority
from app.domain.duty.roster import DutyList, OnDuty, Person, Role, on_duty
from app.domain.identity import as_known
from app.domain.people import parse_number
from app.domain.sight import Go, Sight, because
from app.domain.staffing import is_duty_call, open_reason, telephone_open
from app.domain.targets import deadlines
from app.domain.whispers import duty_note, speaks_another
from app.domain.words.gsm7 import name_in_sms
from app.domain.words.ordinals import nth
from app.domain.words.priority_words import priority_name

# Seconds of sound on a duty line that count as somebody speaking, not a pocket call.
SOUND_SECONDS: Final = 3


def open_ticket(sight: Sight) -> Go:
    """Open the call's ticket with the chosen priority, and tell the caller by SMS."""
    priority = sight.call.priority or Priority.MEDIUM
    call, story = _with_ticket(sight, priority)
    is_joined = call.ticket is not None and call.ticket.joined
    return Go(Place.RING_WHO_HAS_IT if is_joined else Place.WHO_SHALL_ANSWER, call, story)


def human_wanted(sight: Sight) -> Go:
    """Take the caller to a human or a message; the duty is never woken by it."""
    call, story = _ticket_or_none(sight)
    known = sight.of(call)
    answer = telephone_open(known)
    to = Place.RING_FIRST_LINE if answer else Place.MESSAGE
    call = replace(call, for_duty=False, wants_human=True)
    return Go(to, call, (*story, open_reason(known, answer)))


def message_wanted(sight: Sight) -> Go:
    """Take a message with a ticket from a caller for whom the telephone is not meant."""
    call, story = _ticket_or_none(sight)
    return Go(Place.MESSAGE, call, story)


def spoken(sight: Sight) -> Go:
    """Open a case for a caller who spoke but has no keys; silence wakes nobody.

    On a duty line in duty hours it is a critical one, elsewhere one of medium priority.
    """
    heard = sight.call.heard_seconds
    if heard < SOUND_SECONDS:
        return Go(Place.SILENCE, replace(sight.call, told=True), (because(Code.SILENCE),))
    reason = because(Code.NO_KEYS_SOUND, seconds=round(heard))
    is_duty = is_duty_call(sight)
    known = replace(sight, call=replace(sight.call, for_duty=is_duty))
    priority = Priority.CRITICAL if is_duty else Priority.MEDIUM
    call, story = _with_ticket(known, priority, no_keys=True)
    to = Place.RING_DUTY if is_duty else Place.MESSAGE_TAKEN
    return Go(to, call, (reason, *story))


def spoken_when_closed(sight: Sight) -> Go:
    """Keep what a caller said who is not put through now: nobody is rung in the call.

    A critical case is not lost: rounds of calls follow about its ticket.
    """
    go = spoken(sight)
    return replace(go, to=Place.MESSAGE_TAKEN) if go.to is Place.RING_DUTY else go


def left_by_lifeline(sight: Sight, *, rang_duty: bool = False) -> Go:
    """Open a case for a caller who could only leave a message, because something had failed.

    Nobody could ask how urgent it is: on a duty line in duty hours it is critical, and
    wherever the duty was rung for it.
    """
    if sight.call.ticket:
        return Go(Place.MESSAGE_TAKEN, sight.call)
    is_critical = rang_duty or is_duty_call(sight)
    known = replace(sight, call=replace(sight.call, for_duty=is_critical))
    call, story = _with_ticket(known, Priority.CRITICAL if is_critical else Priority.MEDIUM)
    return Go(Place.MESSAGE_TAKEN, call, story)


def join_case(sight: Sight) -> Go:
    """Let the call join the ticket of an earlier one: nobody gets another SMS about it."""
    before = sight.call.open_case
    if before is None:  # nobody was asked
        return Go(Place.NEW_CASE, sight.call)
    for_duty = is_duty_call(sight) and before.priority is Priority.CRITICAL
    call, story = _joined(sight, before, Code.SAME_CASE)
    return Go(Place.RING_WHO_HAS_IT, replace(call, for_duty=for_duty), story)


def _joined(sight: Sight, before: OpenCase, code: Code) -> tuple[Call, tuple[Effect | Reason, ...]]:
    """Make the call one about an earlier ticket."""
    calls = before.calls + 1
    ticket = TicketOfCall(
        before.priority,
        before.respond_by,
        before.solve_by,
        number=before.number,
        joined=calls,
        is_urgent=sight.desk.is_urgent(before.priority, before.agreement),
        opened_at=before.opened_at,
    )
    known = [agreement.id for agreement in sight.desk.agreements]
    call = replace(
        sight.call,
        open_case=before,
        ticket=ticket,
        priority=before.priority,
        customer=before.customer,
        agreement=before.agreement if before.agreement in known else None,
        caller_told=True,
        number_sent=True,
    )
    reason = because(code, ticket=before.number, calls=nth(calls))
    return call, (reason, JoinTicket(before.number, calls))


def tell_portal(sight: Sight, to: Place, story: tuple[Effect | Reason, ...]) -> Go:
    """Send the portal's address by SMS where one can arrive, and go on to be told of it."""
    call = replace(sight.call, told=True)
    if not sight.caller_gets_sms or call.caller_told:
        return Go(to, call, story)
    sms = _sms_to_caller(sight, "sms_portal", portal=sight.desk.portal)
    return Go(to, replace(call, caller_told=True), (*story, sms))


def tell_duty(sight: Sight, call: Call, duty_list: DutyList) -> tuple[Call, tuple[SendSms, ...]]:
    """Tell each person on duty once per call or round what it is; last resorts get no SMS."""
    if call.ticket and call.ticket.joined:  # they were told of the case when it was new
        return call, ()
    messages: list[SendSms] = []
    for entry in duty_list.ringing:
        person = entry.person
        is_last = entry.role is Role.LAST_RESORT
        if person is None or is_last or person.id in call.duty_told:
            continue
        if not sight.may_wake(person.id):
            continue
        sms = _sms_to_duty(sight.of(call), entry)
        call = replace(call, duty_told=(*call.duty_told, person.id))
        messages += [sms, *_note_to_duty(sight.of(call), sms)] if sms else []
    return call, tuple(messages)


def tell_who_has_it(sight: Sight) -> tuple[SendSms, ...]:
    """Tell whoever has the ticket, once an hour, that another caller about it left a message.

    No round follows about a ticket that is taken. Has its taker left, or no number that can
    get an SMS, those on duty are told.
    """
    call, before, roster = sight.call, sight.call.open_case, sight.world.roster
    if not (before and before.accepted_by and roster and call.ticket and call.ticket.joined):
        return ()
    if not call.ticket.is_urgent or call.message_seconds < 2:
        return ()
    taker = roster.person(before.accepted_by)
    on_list = [entry.person for entry in on_duty(roster, sight.now).ringing if entry.person]
    messages = [_sms_about_message(sight, each, before) for each in (taker, *on_list) if each]
    told = [sms for sms in messages if sms]
    return tuple(told[:1] if taker and told and told[0].person == taker.id else told)


def _sms_about_message(sight: Sight, person: Person, before: OpenCase) -> SendSms | None:
    to = next((n for n in person.numbers if parse_number(n).can_receive_sms), None)
    if to is None:
        return None
    values: tuple[tuple[str, Value], ...] = (
        ("desk", sight.desk.name),
        ("ticket", before.number),
        ("caller", sight.call.caller.digits or Named("caller_unknown")),
    )
    sentence = Sentence("sms_message_again", person.language or sight.line.languages[0], values)
    dedup = f"message:{before.number}:{sight.now:%Y%m%dT%H}:{person.id}"
    return SendSms(to, sentence, dedup, person.id)


def _ticket_or_none(sight: Sight) -> tuple[Call, tuple[Effect | Reason, ...]]:
    if sight.call.ticket:
        return sight.call, ()
    return _with_ticket(sight, Priority.MEDIUM)


def _with_ticket(
    sight: Sight, priority: Priority, *, no_keys: bool = False
) -> tuple[Call, tuple[Effect | Reason, ...]]:
    known = as_known(sight)
    sight = sight.of(known.call)
    before = _open_case_of_stranger(sight, priority)
    if before:
        call, joins = _joined(sight, before, Code.SAME_STRANGER)
        return call, (*known.story, *joins)
    agreement = sight.agreement
    due = deadlines(sight.desk, agreement.id, priority, sight.now)
    is_urgent = sight.desk.is_urgent(priority, agreement.id)
    ticket = TicketOfCall(
        priority,
        due.respond_by,
        due.solve_by,
        no_keys,
        is_urgent=is_urgent,
        opened_at=sight.now,
    )
    sms = _ticket_sms(sight, priority)
    call = replace(
        sight.call,
        ticket=ticket,
        priority=priority,
        agreement=agreement.id,
        caller_told=sight.call.caller_told or bool(sms),
        number_sent=bool(sms),
    )
    opened = OpenTicket(
        priority, call.customer, agreement.id, due.respond_by, due.solve_by, no_keys, is_urgent
    )
    target = (
        because(Code.TARGET, respond=due.respond_by, solve=due.solve_by)
        if due.respond_by or due.solve_by
        else because(Code.NOT_AGREED)
    )
    return call, (*known.story, opened, target, *((sms,) if sms else ()))


def _open_case_of_stranger(sight: Sight, priority: Priority) -> OpenCase | None:
    """Return the urgent ticket that one stranger's further urgent calls belong to.

    Nobody is asked, and its number is told to nobody: those who withhold theirs have it in
    common. Whoever takes it hears every one of them; a customer's case is never joined so.
    """
    if sight.callers_number != sight.call.caller.digits:
        return None  # a number that many people share: an earlier ticket may be anybody's
    before, levels = sight.world.strangers.case, list(Priority)  # the most urgent first
    if before is None or not sight.is_stranger or sight.call.customer != before.customer:
        return None
    is_urgent = sight.desk.is_urgent(priority, sight.agreement.id)
    return before if is_urgent and levels.index(before.priority) <= levels.index(priority) else None


def _ticket_sms(sight: Sight, priority: Priority) -> SendSms | None:
    if sight.call.caller_told or not sight.caller_gets_sms:
        return None
    key = "sms_ticket_critical" if priority is Priority.CRITICAL else "sms_ticket"
    return _sms_to_caller(sight, key, ticket=TICKET_NUMBER, phone=sight.line.public_number)


def _sms_to_caller(sight: Sight, key: str, **values: Value) -> SendSms:
    call = sight.call
    filled = (("desk", sight.desk.name), *values.items())
    return SendSms(
        to=call.caller.digits,
        sentence=Sentence(key, call.language, filled),
        dedup=f"{call.sid}:caller:{key}",
    )


def _sms_to_duty(sight: Sight, entry: OnDuty) -> SendSms | None:
    person, call = entry.person, sight.call
    if person is None or call.ticket is None:
        return None
    to = next((n for n in entry.numbers if parse_number(n).can_receive_sms), None)
    if to is None:
        return None
    customer, language = sight.customer, person.language or sight.line.languages[0]
    values: list[tuple[str, Value]] = [
        ("desk", sight.desk.name),
        ("priority", priority_name(sight.desk, call.ticket.priority, language)),
        ("ticket", call.ticket.number or TICKET_NUMBER),
        ("caller", sight.callers_number or _no_number(sight)),
    ]
    if customer:
        name = sight.desk.customer_name(customer)
        values.append(("customer", name_in_sms(name, customer.number)))
    if speaks_another(sight, language):
        values.append(("speaks", Named(f"language.{call.language}")))
    key = "sms_round" if call.round else "sms_duty"
    key = key if customer else f"{key}_unknown_customer"
    sentence = Sentence(key, language, tuple(values))
    dedup = f"{call.sid}:duty:{person.id}"
    if call.round:
        dedup = f"round:{call.ticket.number}:{call.round}:{person.id}"
    return SendSms(to, sentence, dedup, person.id)


def _note_to_duty(sight: Sight, sms: SendSms) -> tuple[SendSms, ...]:
    """The desk's note about such a ticket, as an SMS of its own; told once, not in every round."""
    language, ticket = sms.sentence.language, sight.call.ticket
    note = duty_note(sight, language)
    if not note or ticket is None or sight.call.round:
        return ()
    values = (("desk", sight.desk.name), ("ticket", ticket.number or TICKET_NUMBER), ("note", note))
    sentence = Sentence("sms_duty_note", language, values)
    return (SendSms(sms.to, sentence, f"{sms.dedup}:note", sms.person),)


def _no_number(sight: Sight) -> Named:
    return Named("caller_shared" if sight.call.caller.is_known else "caller_unknown")


def attach(call: Call, recording: str, seconds: int) -> tuple[AttachMessage, ...]:
    """Attach what was spoken to the call's ticket, where there is both."""
    if call.ticket is None or seconds == 0:
        return ()
    return (AttachMessage(recording, seconds),)
