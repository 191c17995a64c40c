"""What a restored database had not finished: jobs, calls in progress, call-outs, workers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from app.domain.health.alarms import AlarmKind
from app.store.account_requests import forget_secrets
from app.store.login_tokens import delete_login_tokens
from app.store.tables import (
    AlarmRow,
    CallOutRow,
    CallRow,
    CounterRow,
    HeartbeatRow,
    JobKind,
    JobRow,
    JobState,
    LifelinePushRow,
    RateLimitRow,
    TicketRow,
)
from app.store.tickets import TICKETS
from app.store.web_sessions import delete_sessions


@dataclass(frozen=True, slots=True)
class RestoredJob:
    """A job that was not over when the backup was made."""

    id: int
    kind: JobKind
    dedup: str
    call_sid: str | None
    ticket: int | None
    person: str | None
    created_at: datetime


def list_restored_jobs(connection: Connection) -> tuple[RestoredJob, ...]:
    """Return every job that is not over, the oldest first."""
    columns = (
        JobRow.id,
        JobRow.kind,
        JobRow.dedup,
        JobRow.call_sid,
        JobRow.ticket,
        JobRow.person,
        JobRow.created_at,
    )
    waiting = select(*columns).where(JobRow.due_at.is_not(None)).order_by(JobRow.id)
    return tuple(RestoredJob(*row) for row in connection.execute(waiting))


def release_restored_job(connection: Connection, job: RestoredJob, now: datetime) -> None:
    """Let a job be done now, with all its tries."""
    anew = {"state": JobState.WAITING, "due_at": now, "attempts": 0}
    connection.execute(update(JobRow).where(JobRow.id == job.id).values(anew))


def drop_restored_job(connection: Connection, job: RestoredJob, why: str, now: datetime) -> None:
    """Note that a job is not done any more."""
    over = {"state": JobState.DROPPED, "due_at": None, "finished_at": now, "error": why}
    connection.execute(update(JobRow).where(JobRow.id == job.id).values(over))


def unfinished_calls(connection: Connection) -> tuple[str, ...]:
    """Return the sids of calls that have not ended, the oldest first."""
    in_progress = select(CallRow.sid).where(CallRow.ended_at.is_(None))
    return tuple(connection.execute(in_progress.order_by(CallRow.created_at)).scalars())


def unfinished_call_outs(connection: Connection) -> tuple[str, ...]:
    """Return the sids of call-outs that have not ended, the oldest first."""
    in_progress = select(CallOutRow.sid).where(CallOutRow.ended_at.is_(None))
    return tuple(connection.execute(in_progress.order_by(CallOutRow.created_at)).scalars())


def tickets_with_call_outs(connection: Connection) -> tuple[int, ...]:
    """Return the numbers of the tickets that are to be looked at for a call-out."""
    planned = select(TicketRow.number).where(TicketRow.next_call_out_at.is_not(None))
    return tuple(connection.execute(planned.order_by(TicketRow.number)).scalars())


def resolve_old_alarms(connection: Connection, notified_before: datetime, now: datetime) -> None:
    """Resolve the alarms of the old installation without notifying anybody.

    That nobody has taken a ticket holds here too, and whoever takes it is told of.
    """
    old = update(AlarmRow).where(
        AlarmRow.resolved_at.is_(None),
        AlarmRow.notified_at < notified_before,
        AlarmRow.kind != AlarmKind.TICKET_UNACKNOWLEDGED,
    )
    connection.execute(old.values(resolved_at=now))


def delete_lifeline_pushes(connection: Connection) -> None:
    """Nobody knows what lies at the network now: it is put there anew."""
    connection.execute(delete(LifelinePushRow))


def delete_logins(connection: Connection) -> None:
    """Log everybody out: whoever was disabled or logged out since would be in again.

    An invitation that was withdrawn since would let somebody in too.
    """
    delete_sessions(connection)
    forget_secrets(connection)
    delete_login_tokens(connection)
    connection.execute(delete(RateLimitRow))


def delete_heartbeats(connection: Connection) -> None:
    """Forget the signs of life of another time."""
    connection.execute(delete(HeartbeatRow))


def next_ticket_number(connection: Connection) -> int:
    """Return the number that the next ticket gets; it is not drawn."""
    counted = select(CounterRow.value).where(CounterRow.name == TICKETS)
    return connection.execute(counted).scalar_one() + 1
