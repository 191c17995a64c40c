"""What the network tells about SMS and recordings, outside the turns of a call."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.domain.people import parse_number
from app.store import Database
from app.store.apply import recording_jobs
from app.store.calls import load_call
from app.store.desks import LiveDesk, find_desk
from app.store.missed import note_answered_from
from app.store.outbox import hurry_job, put_jobs
from app.store.sms import ReceivedSms, Told, note_delivery, save_incoming


def take_sms(database: Database, sms: ReceivedSms, now: datetime) -> LiveDesk | None:
    """Store an SMS that came in, once, and return the desk it came to, to answer for it."""
    return database.write(partial(_take_sms, sms=sms, now=now))


def take_delivery(database: Database, told: Told, now: datetime) -> None:
    """Note how an SMS of ours fares. Any order, any number of times."""
    database.write(partial(note_delivery, told=told, now=now))


def take_recording(
    database: Database, call_sid: str, recording: str, status: str, now: datetime
) -> None:
    """Have a finished recording fetched, once; one that is absent or unknown is nothing."""
    if status == "completed":
        work = partial(_take_recording, call_sid=call_sid, recording=recording, now=now)
        database.write(work)


def _take_sms(connection: Connection, sms: ReceivedSms, now: datetime) -> LiveDesk | None:
    line = parse_number(sms.line).digits or sms.line
    desk = save_incoming(connection, ReceivedSms(sms.sid, line, sms.sender, sms.body), now)
    note_answered_from(connection, sms.sender)
    return find_desk(connection, desk) if desk else None


def _take_recording(connection: Connection, call_sid: str, recording: str, now: datetime) -> None:
    call = load_call(connection, call_sid)
    if call is None:
        return
    jobs = recording_jobs(recording, call_sid, call.desk)
    put_jobs(connection, jobs, now)
    for job in jobs:  # it was put in before with a pause, because nobody knew that it is ready
        hurry_job(connection, job.dedup, now)
