"""What is so now of what a waiting job is about: its ticket, call, alarm or outage. Reads only."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from app.domain.desks.priority_names import priority_name
from app.domain.texts.message import Value
from app.domain.texts.text_parts import LANGUAGES
from app.domain.tickets.ticket import Ticket
from app.store.desks import find_desk
from app.store.outbox import Job
from app.store.tables import AlarmRow, CallRow, OutageRow, TicketRow
from app.store.tickets import read_ticket


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What is known now; None of what the job is not about.

    `priority_names` are the desk's words for the ticket's priority, in each language.
    """

    ticket: Ticket | None = None
    call_has_ended: bool = False
    alarm_is_resolved: bool | None = None
    priority_names: tuple[tuple[str, Value], ...] = ()
    has_outage: bool = False  # the desk knows of one, where the job tells that another is over


TICKET: Final = select(TicketRow).where(TicketRow.number == bindparam("ticket"))
CALL_ENDED: Final = select(CallRow.ended_at).where(CallRow.sid == bindparam("sid"))
ALARM_RESOLVED: Final = select(AlarmRow.resolved_at).where(
    AlarmRow.desk == bindparam("desk"),
    AlarmRow.kind == bindparam("kind"),
    AlarmRow.subject == bindparam("subject"),
)
OPEN_OUTAGE: Final = select(OutageRow.id).where(
    OutageRow.desk == bindparam("desk"), OutageRow.ended_at.is_(None)
)


def load_job_facts(connection: Connection, job: Job) -> JobFacts:
    """Gather what a message may claim."""
    ticket, names = _ticket(connection, job)
    ended = connection.execute(CALL_ENDED, {"sid": job.call_sid}).scalar() if job.call_sid else None
    resolved = _alarm_is_resolved(connection, job)
    return JobFacts(ticket, ended is not None, resolved, names, _has_outage(connection, job))


def _ticket(
    connection: Connection, job: Job
) -> tuple[Ticket | None, tuple[tuple[str, Value], ...]]:
    if job.ticket is None:
        return None, ()
    row = connection.execute(TICKET, {"ticket": job.ticket}).first()
    if row is None:
        return None, ()
    ticket = read_ticket(row)
    live = find_desk(connection, ticket.desk)
    if live is None:
        return ticket, ()
    names = ((each, priority_name(live.desk, ticket.priority, each)) for each in LANGUAGES)
    return ticket, tuple(names)


def _has_outage(connection: Connection, job: Job) -> bool:
    if not job.text("outage"):
        return False
    return connection.execute(OPEN_OUTAGE, {"desk": job.desk}).scalar() is not None


def _alarm_is_resolved(connection: Connection, job: Job) -> bool | None:
    """None where no such alarm is remembered."""
    asked = {"desk": job.desk, "kind": job.text("alarm"), "subject": job.text("about")}
    row = connection.execute(ALARM_RESOLVED, asked).first() if job.text("alarm") else None
    return None if row is None else row.resolved_at is not None
