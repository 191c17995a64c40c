"""What is so now of what a waiting job is about: its ticket, its call, its alarm. Reads only."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from app.domain.desk import Priority
from app.domain.sentence import Value
from app.domain.words.priority_words import priority_name
from app.domain.words.text_parts import LANGUAGES
from app.store.desks import find_desk
from app.store.outbox import Job
from app.store.tables import AlarmRow, CallRow, TicketRow


@dataclass(frozen=True, slots=True)
class TicketNow:
    """A ticket as it is at the moment."""

    priority: Priority
    is_urgent: bool
    is_taken: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class FactsNow:
    """What is known now; None of what the job is not about.

    `priority_names` are the desk's words for the ticket's priority, in each language.
    """

    ticket: TicketNow | None = None
    call_has_ended: bool = False
    alarm_is_over: bool | None = None
    priority_names: tuple[tuple[str, Value], ...] = ()


TICKET: Final = select(
    TicketRow.priority,
    TicketRow.is_urgent,
    TicketRow.acknowledged_at,
    TicketRow.closed_at,
    TicketRow.desk,
).where(TicketRow.number == bindparam("ticket"))
CALL_ENDED: Final = select(CallRow.ended_at).where(CallRow.sid == bindparam("sid"))
ALARM_OVER: Final = select(AlarmRow.over_at).where(
    AlarmRow.desk == bindparam("desk"),
    AlarmRow.kind == bindparam("kind"),
    AlarmRow.subject == bindparam("subject"),
)


def facts_now(connection: Connection, job: Job) -> FactsNow:
    """Gather what a message may claim."""
    ticket, names = _ticket(connection, job)
    ended = connection.execute(CALL_ENDED, {"sid": job.call_sid}).scalar() if job.call_sid else None
    return FactsNow(ticket, ended is not None, _alarm_is_over(connection, job), names)


def _ticket(
    connection: Connection, job: Job
) -> tuple[TicketNow | None, tuple[tuple[str, Value], ...]]:
    if job.ticket is None:
        return None, ()
    row = connection.execute(TICKET, {"ticket": job.ticket}).first()
    if row is None:
        return None, ()
    taken, closed = row.acknowledged_at is not None, row.closed_at is not None
    ticket = TicketNow(row.priority, row.is_urgent, taken, closed)
    live = find_desk(connection, row.desk)
    if live is None:
        return ticket, ()
    names = ((each, priority_name(live.desk, row.priority, each)) for each in LANGUAGES)
    return ticket, tuple(names)


def _alarm_is_over(connection: Connection, job: Job) -> bool | None:
    """None where no such alarm is remembered."""
    asked = {"desk": job.desk, "kind": job.text("alarm"), "subject": job.text("about")}
    row = connection.execute(ALARM_OVER, asked).first() if job.text("alarm") else None
    return None if row is None else row.over_at is not None
