"""What a restored database still wanted to do: jobs that wait, calls in progress, workers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from app.domain.alarms import AlarmKind
from app.store.tables import (
    AlarmRow,
    CallRow,
    CounterRow,
    HeartbeatRow,
    JobKind,
    JobRow,
    JobState,
    LifelinePushRow,
    TicketRow,
)
from app.store.tickets import TICKETS


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that was not over when the backup was made."""

    id: int
    kind: JobKind
    call_sid: str | None
    ticket: int | None
    person: str | None
    created_at: datetime


def held_jobs(connection: Connection) -> tuple[HeldJob, ...]:
    """Return every job that is not over, the oldest first."""
    columns = (
        JobRow.id,
        JobRow.kind,
        JobRow.call_sid,
        JobRow.ticket,
        JobRow.person,
        JobRow.created_at,
    )
    waiting = select(*columns).where(JobRow.due_at.is_not(None)).order_by(JobRow.id)
    return tuple(HeldJob(*row) for row in connection.execute(waiting))


def release(connection: Connection, job: HeldJob, now: datetime) -> None:
    """Let a job be done now, with all its tries."""
    anew = {"state": JobState.WAITING, "due_at": now, "attempts": 0}
    connection.execute(update(JobRow).where(JobRow.id == job.id).values(anew))


def drop_held(connection: Connection, job: HeldJob, why: str, now: datetime) -> None:
    """Note that a job is not done any more."""
    over = {"state": JobState.DROPPED, "due_at": None, "finished_at": now, "error": why}
    connection.execute(update(JobRow).where(JobRow.id == job.id).values(over))


def open_calls(connection: Connection) -> tuple[str, ...]:
    """Return the sids of calls that have not ended, the oldest first."""
    in_progress = select(CallRow.sid).where(CallRow.ended_at.is_(None))
    return tuple(connection.execute(in_progress.order_by(CallRow.created_at)).scalars())


def forget_rounds(connection: Connection, opened_before: datetime) -> None:
    """Ring nobody about the tickets of another time: whoever took one since is not known."""
    old = update(TicketRow).where(TicketRow.created_at < opened_before)
    connection.execute(old.values(next_round_at=None))


def forget_alarms(connection: Connection, told_before: datetime, now: datetime) -> None:
    """Tell nobody that what was wrong in another house is over in this one.

    That nobody has taken a ticket holds here too, and whoever takes it is told of.
    """
    old = update(AlarmRow).where(
        AlarmRow.over_at.is_(None),
        AlarmRow.told_at < told_before,
        AlarmRow.kind != AlarmKind.TICKET_UNANSWERED,
    )
    connection.execute(old.values(over_at=now))


def forget_pushes(connection: Connection) -> None:
    """Nobody knows what lies at the network now: it is put there anew."""
    connection.execute(delete(LifelinePushRow))


def forget_workers(connection: Connection) -> None:
    """Forget the signs of life of another time."""
    connection.execute(delete(HeartbeatRow))


def next_ticket(connection: Connection) -> int:
    """Return the number that the next ticket gets; it is not drawn."""
    counted = select(CounterRow.value).where(CounterRow.name == TICKETS)
    return connection.execute(counted).scalar_one() + 1
