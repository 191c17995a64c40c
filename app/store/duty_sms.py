"""The SMS that told somebody of the duty about a ticket, read from its row in the outbox."""

from typing import Final

from sqlalchemy import Connection, bindparam, select

from app.domain.hunts.night_link import DutySms
from app.store.outbox import Job
from app.store.tables import JobKind, JobRow

BY_ID: Final = select(
    JobRow.id, JobRow.ticket, JobRow.person, JobRow.desk, JobRow.created_at
).where(
    JobRow.id == bindparam("this"),
    JobRow.kind == JobKind.SMS,
    JobRow.ticket.is_not(None),
    JobRow.person.is_not(None),
)


def find_duty_sms(connection: Connection, number: int) -> DutySms | None:
    """Return the SMS with this number; None where it is none, or told nobody about a ticket."""
    row = connection.execute(BY_ID, {"this": number}).first()
    if row is None:
        return None
    return DutySms(row.id, row.ticket, row.person, row.desk or "", row.created_at)


def duty_sms_of(job: Job) -> DutySms | None:
    """Return the same of a job that is being done."""
    if not job.ticket or not job.person:
        return None
    return DutySms(job.id, job.ticket, job.person, job.desk or "", job.created_at)
