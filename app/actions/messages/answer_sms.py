"""What an SMS asks for by its words and its sender, and what it is answered: staff or caller."""

from dataclasses import dataclass
from datetime import datetime
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
)
from app.domain.numbers import parse_number
from app.store.desks import LiveDesk
from app.store.sms import ReceivedSms
from app.store.sms_senders import count_from, may_reply

HELP: Final = Command(Verb.HELP)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An SMS to a desk's line, and what it asks for by its words."""

    sms: ReceivedSms
    live: LiveDesk
    intent: SmsIntent
    now: datetime
    is_late: bool = False


def answer_sms(connection: Connection, incoming: Incoming) -> Replies | None:
    """Do what an SMS asks for; None where it can be nobody's, and is told how to reach the desk.

    Empty where it gets no answer.
    """
    if incoming.intent in REQUESTS:
        return None if incoming.is_late else _close_or_open(connection, incoming)
    sms, desk = incoming.sms, incoming.live.desk
    command, members = (
        read_command(sms.body),
        staff_with_number(connection, sms.sender, incoming.now),
    )
    if incoming.is_late and (members or (command and is_asked_for_again(command, desk, sms))):
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
    if command and command.is_of_staff_only:
        return _not_on_roster(connection, incoming)
    return _of_caller(connection, incoming)


def _of_staff(connection: Connection, asked: StaffSms, *, is_command: bool) -> Replies:
    """Obey somebody of the staff. What is no command, or is one too many, is answered hourly."""
    sms, now = asked.sms, asked.now
    is_too_many = _count(connection, asked.desk, sms.sender, now) > COMMANDS_ALLOWED
    if is_command and not is_too_many:
        return obey(connection, asked)
    if not may_reply_to(connection, sms, now):
        return ()
    return too_many(asked) if is_too_many else help_for(asked)


def _not_on_roster(connection: Connection, incoming: Incoming) -> Replies:
    """Tell somebody whose number no roster has that nothing was done, once an hour."""
    sms, desk = incoming.sms, incoming.live.desk
    if not (
        parse_number(sms.sender).can_receive_sms and may_reply_to(connection, sms, incoming.now)
    ):
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
    if told.is_receipt and not may_reply_to(connection, sms, now):
        return ()
    return told.replies


def may_reply_to(connection: Connection, sms: ReceivedSms, now: datetime) -> bool:
    """Tell whether an SMS may get the answer that its sender gets once an hour, and note it."""
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


def is_asked_for_again(command: Command, desk: Desk, sms: ReceivedSms) -> bool:
    """Tell whether somebody who is on no roster is told to ask for this when the database is back.

    Whoever writes a command of the staff must not believe that it was carried out.
    """
    is_no = command.verb is Verb.UNDO and is_contact(desk, sms.sender)
    return command.is_of_staff_only or is_no


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
