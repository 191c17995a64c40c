"""Tells a desk's contacts that something is wrong, by SMS and mail, and when it is over.

Jobs in the outbox, in the caller's transaction; the worker sends them.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Final, assert_never

import structlog
from sqlalchemy import Connection

from app.domain.delivery_errors import delivery_error
from app.domain.desks.desk import Desk
from app.domain.health.alarms import (
    Alarm,
    AlarmKind,
    AlarmMessage,
    Channel,
    alarm_messages,
    resolved_messages,
)
from app.domain.health.thresholds import ALARM_AFTER_ATTEMPTS
from app.domain.tickets.events import TicketEventKind
from app.store.alarms import open_alarm, resolve_alarm
from app.store.desks import find_desk
from app.store.outbox import Job, NewJob, put_jobs
from app.store.tables import JobKind
from app.store.tickets import add_event

PROVIDER_JOBS: Final = frozenset({JobKind.SMS, JobKind.CALL})

log = structlog.get_logger()


def raise_alarm(connection: Connection, desk: Desk, alarm: Alarm, now: datetime) -> bool:
    """Tell each contact once; False where they know already, and its repeat interval is not over.

    A desk that nobody can be told for: the log says so, and the ticket where there is one.
    """
    if not open_alarm(connection, desk.id, alarm, now):
        return False
    notified = _put(
        connection, desk, alarm, alarm_messages(desk, alarm), f"{now:%Y%m%dT%H%M%S}", now
    )
    if notified:
        log.error(
            "alarm", desk=desk.id, kind=alarm.kind, about=alarm.subject, notified=len(notified)
        )
    else:
        log.error("alarm_notified_nobody", desk=desk.id, kind=alarm.kind, about=alarm.subject)
    if alarm.ticket is not None:
        happened = TicketEventKind.ALARMED if notified else TicketEventKind.NOBODY_TO_ALARM
        add_event(connection, alarm.ticket, happened, now, who=", ".join(notified), why=alarm.kind)
    return True


def clear_alarm(
    connection: Connection, desk: Desk, alarm: Alarm, now: datetime, *, notified: bool = True
) -> bool:
    """Tell each contact that it is over; False where it was not open.

    With `notified` False it is only cleared: nobody knows whether it is over.
    """
    if not resolve_alarm(connection, desk.id, alarm, now):
        return False
    if not notified:
        return True
    _put(connection, desk, alarm, resolved_messages(desk, alarm), f"{now:%Y%m%dT%H%M%S}:over", now)
    log.info("alarm_over", desk=desk.id, kind=alarm.kind, about=alarm.subject)
    return True


def _put(
    connection: Connection,
    desk: Desk,
    alarm: Alarm,
    messages: Iterable[AlarmMessage],
    at: str,
    now: datetime,
) -> tuple[str, ...]:
    """Put the messages in the outbox; return the roles that they go to."""
    messages = tuple(messages)
    jobs = [
        _job(
            desk,
            alarm,
            notified,
            f"alarm:{desk.id}:{alarm.kind}:{alarm.subject}:{at}:{number}",
            now,
        )
        for number, notified in enumerate(messages)
    ]
    if jobs:
        put_jobs(connection, jobs, now)
    return tuple(dict.fromkeys(notified.contact.role for notified in messages))


def _job(desk: Desk, alarm: Alarm, notified: AlarmMessage, dedup: str, now: datetime) -> NewJob:
    payload: dict[str, object] = {
        "alarm": str(alarm.kind),
        "about": alarm.subject,
        "to": notified.to,
        "message": asdict(notified.body),
        "at": now,
        "time_zone": desk.time_zone,
    }
    match notified.channel:
        case Channel.SMS:
            kind = JobKind.SMS
            payload["from"] = desk.lines[0].number
        case Channel.MAIL:
            kind = JobKind.MAIL
            payload["subject"] = asdict(notified.subject or notified.body)
        case _:
            assert_never(notified.channel)
    role = notified.contact.role
    return NewJob(kind, dedup, payload, desk=desk.id, ticket=alarm.ticket, person=role)


def should_notify_desk(job: Job) -> bool:
    """Tell whether a job's failure is one that the desk should know of."""
    return job.kind in PROVIDER_JOBS and job.attempts == ALARM_AFTER_ATTEMPTS


def notify_desk(connection: Connection, job: Job, error: str, now: datetime) -> None:
    """Alarm the contacts of the job's desk, with the network's own words."""
    live = find_desk(connection, job.desk) if job.desk else None
    if live is not None:
        alarm = Alarm(AlarmKind.NETWORK_AWAY, values=(("error", delivery_error(error)),))
        raise_alarm(connection, live.desk, alarm, now)
