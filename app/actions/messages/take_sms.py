"""What the network tells about SMS and recordings, outside the turns of a call."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, assert_never

from sqlalchemy import Connection

from app.actions.desks.withheld_numbers import WithheldRequest, close_by_sms, open_to_withheld
from app.domain.calls.sms_intent import REQUESTS_ALLOWED, REQUESTS_COUNT_FOR, SmsIntent, intent_of
from app.domain.numbers import parse_number
from app.domain.texts.message import Message
from app.store import Database
from app.store.apply import recording_jobs
from app.store.calls import load_call
from app.store.desks import LiveDesk, find_desk
from app.store.missed_call_outs import clear_missed_call_outs_of
from app.store.outbox import hurry_job, put_jobs
from app.store.sms import DeliveryReport, ReceivedSms, note_delivery, save_incoming
from app.store.sms_senders import count_from, may_reply, note_opt_in, note_opt_out

REQUESTS: Final = (SmsIntent.CLOSE_WITHHELD, SmsIntent.OPEN_WITHHELD)


@dataclass(frozen=True, slots=True)
class SmsResult:
    """An SMS that came in: its desk, whether it is answered, and with what if that is known."""

    live: LiveDesk | None
    is_answered: bool
    reply: Message | None = None


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
    desk = save_incoming(connection, ReceivedSms(sms.sid, line, sms.sender, sms.body), now)
    live = find_desk(connection, desk) if desk else None
    intent = intent_of(sms.body)
    match intent:
        case SmsIntent.STOP:
            note_opt_out(connection, sms.sender, line, now)
            return SmsResult(live, is_answered=False)  # the network confirms it itself
        case SmsIntent.START:
            note_opt_in(connection, sms.sender, line)
            return SmsResult(live, is_answered=False)
        case SmsIntent.ANSWER:
            clear_missed_call_outs_of(connection, sms.sender)
        case SmsIntent.CLOSE_WITHHELD | SmsIntent.OPEN_WITHHELD:
            done = None if is_late else _close_or_open(connection, live, sms, intent, now)
            if done:
                return SmsResult(live, is_answered=True, reply=done)
        case SmsIntent.OTHER:
            pass
        case _:
            assert_never(intent)
    return SmsResult(live, bool(sms.sender) and may_reply(connection, sms.sender, sms.sid, now))


def _close_or_open(
    connection: Connection,
    live: LiveDesk | None,
    sms: ReceivedSms,
    intent: SmsIntent,
    now: datetime,
) -> Message | None:
    """Close the desk to withheld numbers for an hour, or open it; None for who may not."""
    who = name_of(live, sms.sender) if live else ""
    if live is None or not who:
        return None
    if (
        count_from(connection, live.desk.id, sms.sender, now - REQUESTS_COUNT_FOR)
        > REQUESTS_ALLOWED
    ):
        return None
    request = WithheldRequest(who, now, sms.sid)
    if intent is SmsIntent.CLOSE_WITHHELD:
        return close_by_sms(connection, live.desk, request)
    return open_to_withheld(connection, live.desk, request)


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
