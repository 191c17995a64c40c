"""What the network tells about SMS and recordings, outside the turns of a call."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.desks.withheld_numbers import WithheldRequest, close_by_sms, open_to_withheld
from app.actions.messages.caller_sms import CallerSms, take_callers_sms
from app.actions.messages.staff import Replies, StaffSms, in_language, staff_with_number
from app.actions.messages.staff_commands import COMMANDS_ALLOWED, help_for, obey, too_many
from app.actions.messages.undo_change import undo
from app.domain.desks.desk import Desk
from app.domain.message_refs import ref
from app.domain.messages.commands import Command, Verb, read_command
from app.domain.messages.intent import (
    REQUESTS,
    REQUESTS_ALLOWED,
    REQUESTS_COUNT_FOR,
    SmsIntent,
    intent_of,
)
from app.domain.numbers import parse_number
from app.store import Database
from app.store.apply import recording_jobs
from app.store.calls import load_call
from app.store.desks import LiveDesk, find_desk
from app.store.missed_call_outs import clear_missed_call_outs_of
from app.store.outbox import NewJob, hurry_job, put_jobs
from app.store.sms import DeliveryReport, ReceivedSms, note_delivery, save_incoming, save_replies
from app.store.sms_senders import count_from, may_reply, note_opt_in, note_opt_out
from app.store.tables import JobKind

HELP: Final = Command(Verb.HELP)


@dataclass(frozen=True, slots=True)
class SmsResult:
    """An SMS that came in: its desk, whether it is answered, and with what if that is known."""

    live: LiveDesk | None
    is_answered: bool
    replies: Replies = ()


def take_sms(
    database: Database, sms: ReceivedSms, now: datetime, *, is_late: bool = False
) -> SmsResult:
    """Store an SMS that came in, once, do what it asks for, and say how to answer it.

    One that is told late closes and opens nothing: its sender has been told so.
    """
    return database.write(partial(_take_sms, sms=sms, now=now, is_late=is_late))


def take_delivery(database: Database, told: DeliveryReport, now: datetime) -> None:
    """Note how an SMS of ours fares. Any order, any number of times."""
    database.write(partial(note_delivery, report=told, now=now))


def take_recording(
    database: Database, call_sid: str, recording: str, status: str, now: datetime
) -> None:
    """Have a finished recording fetched, once; one that is absent or unknown is nothing."""
    if status == "completed":
        work = partial(_take_recording, call_sid=call_sid, recording=recording, now=now)
        database.write(work)


def _take_sms(connection: Connection, sms: ReceivedSms, now: datetime, is_late: bool) -> SmsResult:
    line = parse_number(sms.line).digits or sms.line
    sms = replace(sms, line=line)
    stored = save_incoming(connection, sms, now)
    live = find_desk(connection, stored.desk) if stored.desk else None
    if not stored.is_new:  # it is done once only
        is_answered = bool(stored.replies) or _may_reply(connection, sms, now)
        return SmsResult(live, is_answered, stored.replies)
    intent = intent_of(sms.body)
    if intent is SmsIntent.STOP:
        note_opt_out(connection, sms.sender, line, now)
        return SmsResult(live, is_answered=False)  # the network confirms it itself
    if intent is SmsIntent.START:
        note_opt_in(connection, sms.sender, line)
        return SmsResult(live, is_answered=False)
    if intent is SmsIntent.ANSWER:
        clear_missed_call_outs_of(connection, sms.sender)
    if live is None:
        return SmsResult(live, _may_reply(connection, sms, now))
    incoming = Incoming(sms, live, intent, now, is_late)
    replies = _reply(connection, incoming)
    if replies:
        save_replies(connection, sms.sid, replies)
    if is_late:
        _send_late(connection, incoming, replies or ())
        return SmsResult(live, is_answered=False)
    is_answered = _may_reply(connection, sms, now) if replies is None else bool(replies)
    return SmsResult(live, is_answered, replies or ())


@dataclass(frozen=True, slots=True)
class Incoming:
    """An SMS to a desk's line, and what it asks for by its words."""

    sms: ReceivedSms
    live: LiveDesk
    intent: SmsIntent
    now: datetime
    is_late: bool = False


def _reply(connection: Connection, incoming: Incoming) -> Replies | None:
    """Do what an SMS asks for; None where it can be nobody's, and is told how to reach the desk.

    Empty where it gets no answer.
    """
    if incoming.intent in REQUESTS:
        return None if incoming.is_late else _close_or_open(connection, incoming)
    sms, desk = incoming.sms, incoming.live.desk
    command, members = read_command(sms.body), staff_with_number(connection, sms.sender)
    if members and incoming.is_late:
        return ()  # its sender has been told to ask once more
    if members:
        asked = StaffSms(sms, command or HELP, members, desk, incoming.now)
        return _of_staff(connection, asked, is_command=command is not None)
    if command and command.verb is Verb.UNDO and sms.sender:
        # A contact, perhaps: whoever was told of a change may undo it.
        asked = StaffSms(sms, command, (), desk, incoming.now)
        is_too_many = _count(connection, desk, sms.sender, incoming.now) > COMMANDS_ALLOWED
        undone = () if is_too_many or incoming.is_late else undo(connection, asked)
        if undone:
            return undone
    if command and command.is_of_staff_only and not incoming.is_late:
        return _not_on_roster(connection, incoming)
    return _of_caller(connection, incoming)


def _not_on_roster(connection: Connection, incoming: Incoming) -> Replies:
    """Tell somebody whose number no roster has that nothing was done, once an hour."""
    sms, desk = incoming.sms, incoming.live.desk
    if not (parse_number(sms.sender).can_receive_sms and _may_reply(connection, sms, incoming.now)):
        return ()
    line = desk.line(sms.line) or desk.lines[0]
    text = ref("sms_staff.not_on_roster", desk=desk.name, phone=line.public_number)
    return (in_language(text, line.languages[0]),)


def _of_caller(connection: Connection, incoming: Incoming) -> Replies | None:
    """Take an SMS of somebody who is none of the staff."""
    sms, now = incoming.sms, incoming.now
    asked = CallerSms(sms, incoming.live, now, incoming.is_late)
    told = take_callers_sms(connection, asked) if sms.sender else None
    if told is None:
        return None
    if told.is_receipt and not _may_reply(connection, sms, now):
        return ()
    return told.replies


def _send_late(connection: Connection, incoming: Incoming, replies: Replies) -> None:
    """Send the answer to an SMS that waited for the database: nobody waits for it any more."""
    _may_reply(connection, incoming.sms, incoming.now)  # they were answered then
    sms, desk = incoming.sms, incoming.live.desk
    jobs = [
        NewJob(
            JobKind.SMS,
            f"sms-late:{sms.sid}:{count}",
            {
                "to": sms.sender,
                "from": sms.line,
                "message": asdict(each),
                "at": incoming.now,
                "time_zone": desk.time_zone,
            },
            desk=desk.id,
        )
        for count, each in enumerate(replies)
    ]
    if jobs:
        put_jobs(connection, jobs, incoming.now)


def _of_staff(connection: Connection, asked: StaffSms, *, is_command: bool) -> Replies:
    """Obey somebody of the staff. What is no command, or is one too many, is answered hourly."""
    sms, now = asked.sms, asked.now
    is_too_many = _count(connection, asked.desk, sms.sender, now) > COMMANDS_ALLOWED
    if is_command and not is_too_many:
        return obey(connection, asked)
    if not _may_reply(connection, sms, now):
        return ()
    return too_many(asked) if is_too_many else help_for(asked)


def _may_reply(connection: Connection, sms: ReceivedSms, now: datetime) -> bool:
    return bool(sms.sender) and may_reply(connection, sms.sender, sms.sid, now)


def _count(connection: Connection, desk: Desk, sender: str, now: datetime) -> int:
    return count_from(connection, desk.id, sender, now - REQUESTS_COUNT_FOR)


def _close_or_open(connection: Connection, incoming: Incoming) -> Replies | None:
    """Close the desk to withheld numbers for an hour, or open it; nothing for who may not."""
    live, sms, now = incoming.live, incoming.sms, incoming.now
    who = name_of(live, sms.sender)
    if not who or _count(connection, live.desk, sms.sender, now) > REQUESTS_ALLOWED:
        return None
    request = WithheldRequest(who, now, sms.sid)
    if incoming.intent is SmsIntent.CLOSE_WITHHELD:
        return (close_by_sms(connection, live.desk, request),)
    return (open_to_withheld(connection, live.desk, request),)


def is_contact(desk: Desk, sender: str) -> bool:
    """Tell whether a number is one of the desk's contacts'."""
    return any(each.phone == sender for each in desk.contacts if each.phone)


def name_of(live: LiveDesk, sender: str) -> str:
    """Name whose number it is among the desk's contacts and people; empty where it is nobody's."""
    if not sender:
        return ""
    people = live.roster.people if live.roster else ()
    theirs = {number: each.name for each in people for number in each.numbers}
    theirs |= {contact.phone: contact.role for contact in live.desk.contacts}
    return theirs.get(sender, "")


def _take_recording(connection: Connection, call_sid: str, recording: str, now: datetime) -> None:
    call = load_call(connection, call_sid)
    if call is None:
        return
    jobs = recording_jobs(recording, call_sid, call.desk)
    put_jobs(connection, jobs, now)
    for job in jobs:  # it was put in before with a pause, because nobody knew that it is ready
        hurry_job(connection, job.dedup, now)
