"""What the network tells about SMS and recordings, outside the turns of a call."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.desks.withheld_numbers import WithheldRequest, close_by_sms, open_to_withheld
from app.actions.messages.staff import Replies, StaffSms, staff_with_number
from app.actions.messages.staff_commands import COMMANDS_ALLOWED, help_for, obey, too_many
from app.actions.messages.undo_change import undo
from app.domain.desks.desk import Desk
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
from app.store.outbox import hurry_job, put_jobs
from app.store.sms import DeliveryReport, ReceivedSms, note_delivery, save_incoming, save_replies
from app.store.sms_senders import count_from, may_reply, note_opt_in, note_opt_out

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
    if stored.replies:
        return SmsResult(live, is_answered=True, replies=stored.replies)
    intent = intent_of(sms.body)
    if intent is SmsIntent.STOP:
        note_opt_out(connection, sms.sender, line, now)
        return SmsResult(live, is_answered=False)  # the network confirms it itself
    if intent is SmsIntent.START:
        note_opt_in(connection, sms.sender, line)
        return SmsResult(live, is_answered=False)
    if intent is SmsIntent.ANSWER:
        clear_missed_call_outs_of(connection, sms.sender)
    if live is None or is_late:  # its sender has been told to ask once more
        return SmsResult(live, _may_reply(connection, sms, now))
    replies = _reply(connection, Incoming(sms, live, intent, now))
    if replies:
        save_replies(connection, sms.sid, replies)
    return SmsResult(live, bool(replies) or _may_reply(connection, sms, now), replies)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An SMS to a desk's line, and what it asks for by its words."""

    sms: ReceivedSms
    live: LiveDesk
    intent: SmsIntent
    now: datetime


def _reply(connection: Connection, incoming: Incoming) -> Replies:
    """Do what an SMS asks for; empty where it is answered as every other is."""
    if incoming.intent in REQUESTS:
        return _close_or_open(connection, incoming)
    sms, desk = incoming.sms, incoming.live.desk
    command, members = read_command(sms.body), staff_with_number(connection, sms.sender)
    if members:
        asked = StaffSms(sms, command or HELP, members, desk, incoming.now)
        return _of_staff(connection, asked, is_command=command is not None)
    if command and command.verb is Verb.UNDO and sms.sender:
        # A contact, perhaps: whoever was told of a change may undo it.
        asked = StaffSms(sms, command, (), desk, incoming.now)
        is_too_many = _count(connection, desk, sms.sender, incoming.now) > COMMANDS_ALLOWED
        return () if is_too_many else undo(connection, asked)
    return ()


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


def _close_or_open(connection: Connection, incoming: Incoming) -> Replies:
    """Close the desk to withheld numbers for an hour, or open it; nothing for who may not."""
    live, sms, now = incoming.live, incoming.sms, incoming.now
    who = name_of(live, sms.sender)
    if not who or _count(connection, live.desk, sms.sender, now) > REQUESTS_ALLOWED:
        return ()
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
