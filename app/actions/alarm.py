"""Tells a desk's contacts that something is wrong, by SMS and mail, and when it is over.

Jobs in the outbox, in the caller's transaction; the worker sends them.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import assert_never

import structlog
from sqlalchemy import Connection

from app.domain.alarms import Alarm, Channel, Told, told_of, told_over
from app.domain.desk import Desk
from app.store.alarms import end_alarm, open_alarm
from app.store.outbox import NewJob, put_jobs
from app.store.tables import JobKind
from app.store.tickets import Happened, add_event

log = structlog.get_logger()


def raise_alarm(connection: Connection, desk: Desk, alarm: Alarm, now: datetime) -> bool:
    """Tell each contact once; False where they know already, and its quiet time is not over.

    A desk that nobody can be told for: the log says so, and the ticket where there is one.
    """
    if not open_alarm(connection, desk.id, alarm, now):
        return False
    told = _put(connection, desk, alarm, told_of(desk, alarm), f"{now:%Y%m%dT%H%M%S}", now)
    if told:
        log.error("alarm", desk=desk.id, kind=alarm.kind, about=alarm.subject, told=len(told))
    else:
        log.error("alarm_told_nobody", desk=desk.id, kind=alarm.kind, about=alarm.subject)
    if alarm.ticket is not None:
        happened = Happened.ALARMED if told else Happened.NOBODY_TO_ALARM
        add_event(connection, alarm.ticket, happened, now, who=", ".join(told), why=alarm.kind)
    return True


def clear_alarm(
    connection: Connection, desk: Desk, alarm: Alarm, now: datetime, *, told: bool = True
) -> bool:
    """Tell each contact that it is over; False where it was not open.

    With `told` False it is only forgotten: nobody knows whether it is over.
    """
    if not end_alarm(connection, desk.id, alarm, now):
        return False
    if not told:
        return True
    _put(connection, desk, alarm, told_over(desk, alarm), f"{now:%Y%m%dT%H%M%S}:over", now)
    log.info("alarm_over", desk=desk.id, kind=alarm.kind, about=alarm.subject)
    return True


def _put(
    connection: Connection,
    desk: Desk,
    alarm: Alarm,
    all_told: Iterable[Told],
    at: str,
    now: datetime,
) -> tuple[str, ...]:
    """Put the messages in the outbox; return the roles that they go to."""
    all_told = tuple(all_told)
    jobs = [
        _job(desk, alarm, told, f"alarm:{desk.id}:{alarm.kind}:{alarm.subject}:{at}:{number}", now)
        for number, told in enumerate(all_told)
    ]
    if jobs:
        put_jobs(connection, jobs, now)
    return tuple(dict.fromkeys(told.contact.role for told in all_told))


def _job(desk: Desk, alarm: Alarm, told: Told, dedup: str, now: datetime) -> NewJob:
    payload: dict[str, object] = {
        "alarm": str(alarm.kind),
        "about": alarm.subject,
        "to": told.to,
        "sentence": asdict(told.body),
        "at": now,
        "time_zone": desk.time_zone,
    }
    match told.channel:
        case Channel.SMS:
            kind = JobKind.SMS
            payload["from"] = desk.lines[0].number
        case Channel.MAIL:
            kind = JobKind.MAIL
            payload["subject"] = asdict(told.subject or told.body)
        case _:
            assert_never(told.channel)
    role = told.contact.role
    return NewJob(kind, dedup, payload, desk=desk.id, ticket=alarm.ticket, person=role)
