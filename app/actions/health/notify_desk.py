"""Alarms a desk's contacts when the telephone network does not take what we send."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.actions.health.alarm import raise_alarm
from app.domain.health.alarms import Alarm, AlarmKind
from app.store.desks import find_desk
from app.store.outbox import Job
from app.store.tables import JobKind

ALARM_AFTER_ATTEMPTS: Final = 4  # tries of one job: about a quarter of a minute without the network
PROVIDER_JOBS: Final = frozenset({JobKind.SMS, JobKind.CALL})


def should_notify_desk(job: Job) -> bool:
    """Tell whether a job's failure is one that the desk should know of."""
    return job.kind in PROVIDER_JOBS and job.attempts == ALARM_AFTER_ATTEMPTS


def notify_desk(connection: Connection, job: Job, error: str, now: datetime) -> None:
    """Alarm the contacts of the job's desk, with the network's own words."""
    live = find_desk(connection, job.desk) if job.desk else None
    if live is not None:
        alarm = Alarm(AlarmKind.NETWORK_AWAY, values=(("error", error),))
        raise_alarm(connection, live.desk, alarm, now)
