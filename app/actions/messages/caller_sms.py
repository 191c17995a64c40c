"""A caller's SMS to a desk: a ticket is opened, or the words are added, and an answer carried out.

In the transaction that stores the SMS. Whether a ticket wakes the duty is said by the rules of
call-outs; what is answered, by domain/messages.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from sqlalchemy import Connection

from app.actions.callouts.ring_about import is_rung_about
from app.actions.messages.staff import Replies, in_language
from app.actions.tickets.move_ticket import MoveRequest, SetPriority, move_ticket_in
from app.actions.tickets.open_ticket import store_ticket
from app.domain.access.actor import SMS, Actor, ActorKind
from app.domain.desks.desk import Desk, Line, LineKind, Priority
from app.domain.desks.duty_hours import in_duty_hours
from app.domain.hunts.shared_numbers import shared_by
from app.domain.message_refs import MessageRef, ref
from app.domain.messages.cases import (
    Ask,
    Case,
    CaseStep,
    Kept,
    NewWords,
    SetLevel,
    Thanks,
    decide_case,
)
from app.domain.messages.intent import REQUESTS_COUNT_FOR
from app.domain.messages.writers import (
    Writer,
    kept_text,
    level_text,
    opened_text,
    question,
    writer_of,
)
from app.domain.numbers import Number, parse_number
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.opening import NewTicket
from app.domain.tickets.outcome import InboxEvent, Outcome
from app.domain.tickets.ticket import Contact, Source, Ticket, WakesDuty
from app.store.caller_history import load_caller_history
from app.store.desks import LiveDesk, desk_of_line
from app.store.inbox_notifications import InboxNotification, notify_inbox
from app.store.outbox import put_jobs
from app.store.sms import ReceivedSms, note_about
from app.store.sms_cases import customers_with_number, find_case, save_case, strangers_tickets
from app.store.sms_senders import count_from
from app.store.tickets import OpeningKey, add_event, change_opener

STRANGERS_ALLOWED: Final = 60  # tickets of unknown numbers at one desk in an hour
CALLER: Final = Actor(ActorKind.TELEPHONE, "", "", SMS)


@dataclass(frozen=True, slots=True)
class CallerSms:
    """An SMS of somebody who is none of the staff. One that is `late` waited for the database."""

    sms: ReceivedSms
    live: LiveDesk
    now: datetime
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class CallerReply:
    """What a caller is answered. What is only a receipt is sent once an hour, others each time."""

    replies: Replies = ()
    is_receipt: bool = False


@dataclass(frozen=True, slots=True)
class _Writing:
    """The SMS, who wrote it, and the ticket of which they wrote last."""

    asked: CallerSms
    number: Number
    writer: Writer
    case: Case | None
    young: Ticket | None  # of this number, however it was opened

    @property
    def whose(self) -> tuple[str, str]:
        return self.writer.desk.id, self.number.digits

    def say(self, text: MessageRef, *, is_receipt: bool = False) -> CallerReply:
        """Answer, where an SMS can arrive."""
        if not self.number.can_receive_sms:
            return CallerReply()
        return CallerReply((in_language(text, self.writer.language),), is_receipt)


def take_callers_sms(connection: Connection, asked: CallerSms) -> CallerReply | None:
    """Do what a caller's SMS asks for; None where it is nobody's who could be answered."""
    desk, now = asked.live.desk, asked.now
    if not asked.sms.body.strip():  # a picture, perhaps, which nobody gets
        return None
    number, line = parse_number(asked.sms.sender), desk.line(asked.sms.line)
    if line is None or _is_nobodys(connection, number, asked.live):
        return None
    history = load_caller_history(connection, desk.id, number.digits, "", now)
    if history.blocked:
        return None
    customers = customers_with_number(connection, desk.id, number.digits)
    writer = writer_of(desk, line, customers, number.digits)
    if _is_too_many(connection, writer, asked):
        text = ref("sms_case.too_many", desk=desk.name, phone=writer.phone)
        return CallerReply((in_language(text, writer.language),), is_receipt=True)
    case = find_case(connection, desk.id, number.digits)
    young = None if writer.is_shared else history.recent_ticket
    return _decide(connection, _Writing(asked, number, writer, case, young))


def _is_nobodys(connection: Connection, number: Number, live: LiveDesk) -> bool:
    """Tell whether many people, or machines, stand behind the number; our own lines too."""
    is_line = number.is_known and desk_of_line(connection, number.digits) is not None
    return shared_by(number, live.desk, live.roster, is_line=is_line) is not None


def _is_too_many(connection: Connection, writer: Writer, asked: CallerSms) -> bool:
    since, desk = asked.now - REQUESTS_COUNT_FOR, writer.desk
    theirs = count_from(connection, desk.id, asked.sms.sender, since)
    if theirs > desk.ceilings.calls_per_hour:
        return True
    is_stranger = writer.customer is None
    return is_stranger and strangers_tickets(connection, desk.id, asked.now) >= STRANGERS_ALLOWED


def _decide(connection: Connection, writing: _Writing) -> CallerReply:
    asked, case, writer = writing.asked, writing.case, writing.writer
    decision = decide_case(asked.sms.body, case, asked.now)
    if asked.is_late and not isinstance(decision, NewWords):
        return CallerReply()  # they were told to answer once more
    match decision:
        case NewWords():
            return _words(connection, writing)
        case Thanks():
            return CallerReply()
        case Ask(step):
            assert case
            save_case(connection, writing.whose, case.ticket, step, asked.now)
            return writing.say(question(writer, case.ticket, step))
        case SetLevel(level):
            assert case
            return _set_level(connection, writing, case, level)
        case Kept():
            number, level_now = (case.ticket, case.priority) if case else (0, None)
            return writing.say(kept_text(writer, decision, number, level_now))
        case _:
            assert_never(decision)


def _words(connection: Connection, writing: _Writing) -> CallerReply:
    """Add words to the young ticket of the number, or open one."""
    refused = writing.writer.not_served
    if refused:
        return CallerReply((refused,), is_receipt=True)
    young = writing.young
    if young is None:
        return _open(connection, writing)
    now, case = writing.asked.now, writing.case
    is_asked = case is not None and case.ticket == young.number
    step = case.step if case and is_asked else CaseStep.ANSWERED
    save_case(connection, writing.whose, young.number, step, now)
    _note_words(connection, writing, young.number)
    event = InboxEvent.WRITTEN
    told = InboxNotification(event, young.number, writing.asked.sms.sid, now)
    jobs = notify_inbox(writing.writer.desk, told)
    if jobs:
        put_jobs(connection, jobs, now)
    text = question(writing.writer, young.number, step)
    return writing.say(text, is_receipt=True)  # it may be an automatic reply to ours


def _open(connection: Connection, writing: _Writing) -> CallerReply:
    writer, asked = writing.writer, writing.asked
    new = NewTicket(
        Source.SMS,
        Priority.MEDIUM,
        Contact(writing.number),
        customer=writer.customer.number if writer.customer else None,
        agreement=writer.agreement.id,
        line=writer.line.number,
        language=writer.language,
    )
    key = OpeningKey(f"sms:{asked.sms.sid}", "")
    opened = store_ticket(connection, new, writer.desk, key, asked.now)
    if opened is None:
        return CallerReply()
    save_case(connection, writing.whose, opened.number, writer.first_step, asked.now)
    _note_words(connection, writing, opened.number)
    return writing.say(opened_text(writer, opened.number))


def _note_words(connection: Connection, writing: _Writing, ticket: int) -> None:
    """The words stay with the SMS, which is kept for a shorter time than the ticket."""
    sid = writing.asked.sms.sid
    note_about(connection, sid, ticket)
    add_event(connection, ticket, TicketEventKind.SMS_RECEIVED, writing.asked.now, sms=sid)


def _set_level(
    connection: Connection, writing: _Writing, case: Case, level: Priority
) -> CallerReply:
    writer, now = writing.writer, writing.asked.now
    request = MoveRequest(case.ticket, SetPriority(level), CALLER, desks=[writer.desk.id])
    outcome = move_ticket_in(connection, request, now)
    save_case(connection, writing.whose, case.ticket, CaseStep.ANSWERED, now)
    wakes = isinstance(outcome, Outcome) and _wakes(connection, writing, outcome.ticket)
    return writing.say(level_text(writer, case.ticket, level, wakes=wakes))


def _wakes(connection: Connection, writing: _Writing, ticket: Ticket) -> bool:
    """Tell whether the duty is called; about what is confirmed on its line, whatever is agreed."""
    line, desk, now = writing.writer.line, writing.writer.desk, writing.asked.now
    if ticket.priority is Priority.CRITICAL and _is_duty_call(desk, line, now):
        ticket = replace(ticket, wakes_duty=WakesDuty.CONFIRMED)
        change_opener(connection, ticket)
    return is_rung_about(connection, ticket, now)


def _is_duty_call(desk: Desk, line: Line, now: datetime) -> bool:
    if line.kind is not LineKind.DUTY or desk.duty is None:
        return False
    return bool(in_duty_hours(desk.duty.hours, desk.telephone_calendars(), now))
