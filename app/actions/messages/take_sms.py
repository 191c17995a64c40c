"""What the network tells about SMS and recordings, outside the turns of a call."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.messages.answer_sms import Incoming, answer_sms, may_reply_to
from app.actions.messages.staff import Replies
from app.domain.messages.intent import SmsIntent, intent_of
from app.domain.numbers import parse_number
from app.store import Database
from app.store.apply import recording_jobs
from app.store.calls import load_call
from app.store.desks import LiveDesk, find_desk
from app.store.missed_call_outs import clear_missed_call_outs_of
from app.store.outbox import NewJob, hurry_job, put_jobs
from app.store.sms import DeliveryReport, ReceivedSms, note_delivery, save_incoming, save_replies
from app.store.sms_senders import note_opt_in, note_opt_out
from app.store.tables import JobKind


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

    What is told late opens tickets only, and is answered by an SMS of ours: who asked for anything
    else was told so.
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
        told = stored.replies
        is_answered = may_reply_to(connection, sms, now) if told is None else bool(told)
        return SmsResult(live, is_answered, told or ())
    intent = intent_of(sms.body)
    if intent is SmsIntent.STOP:
        note_opt_out(connection, sms.sender, line, now)
        save_replies(connection, sms.sid, ())
        return SmsResult(live, is_answered=False)  # the network confirms it itself
    if intent is SmsIntent.START:
        note_opt_in(connection, sms.sender, line)
        save_replies(connection, sms.sid, ())
        return SmsResult(live, is_answered=False)
    if intent is SmsIntent.ANSWER:
        clear_missed_call_outs_of(connection, sms.sender)
    if live is None:
        return SmsResult(live, may_reply_to(connection, sms, now))
    incoming = Incoming(sms, live, intent, now, is_late)
    replies = answer_sms(connection, incoming)
    if replies is not None:
        save_replies(connection, sms.sid, replies)
    if is_late:
        _send_late(connection, incoming, replies or ())
        return SmsResult(live, is_answered=False)
    is_answered = may_reply_to(connection, sms, now) if replies is None else bool(replies)
    return SmsResult(live, is_answered, replies or ())


def _send_late(connection: Connection, incoming: Incoming, replies: Replies) -> None:
    """Send the answer to an SMS that waited for the database: nobody waits for it any more."""
    may_reply_to(connection, incoming.sms, incoming.now)  # they were answered then
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


def _take_recording(connection: Connection, call_sid: str, recording: str, now: datetime) -> None:
    call = load_call(connection, call_sid)
    if call is None:
        return
    jobs = recording_jobs(recording, call_sid, call.desk)
    put_jobs(connection, jobs, now)
    for job in jobs:  # it was put in before with a pause, because nobody knew that it is ready
        hurry_job(connection, job.dedup, now)
