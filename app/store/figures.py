"""Figures for the metrics, and whether the database can be written to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Float, case, func, select, type_coerce, update

from app.domain.call import CallOutcome
from app.domain.desk import Priority
from app.store.alarms import count_open
from app.store.heartbeats import last_beat
from app.store.outbox import oldest_due
from app.store.tables import CallRow, CounterRow, DeskRow, JobKind, JobRow, JobState, TicketRow

# Seconds in which somebody may have accepted: within a ring, a round of them, the rounds after.
WITHIN: Final = (15, 30, 60, 120, 300, 600, 1800, 3600, 14400)


@dataclass(frozen=True, slots=True)
class Accepted:
    """How soon tickets of a priority were accepted: how many within each limit, and in all."""

    priority: Priority
    within: tuple[int, ...]
    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database tells of the whole house."""

    outcomes: dict[str, int]
    accepted: tuple[Accepted, ...]
    unaccepted: dict[str, int]  # critical tickets, by desk
    waiting: dict[str, int]  # jobs, by kind
    given_up: dict[str, int]
    due_since: datetime | None
    beat_at: datetime | None
    alarms: dict[str, int]


def read_figures(connection: Connection, now: datetime) -> Figures:
    """Read every figure that the database tells."""
    return Figures(
        outcomes=count_outcomes(connection),
        accepted=seconds_to_acceptance(connection),
        unaccepted=count_unaccepted(connection),
        waiting=_count_jobs(connection, JobState.WAITING, JobState.SENDING),
        given_up=_count_jobs(connection, JobState.FAILED),
        due_since=oldest_due(connection, now),
        beat_at=last_beat(connection),
        alarms=count_open(connection),
    )


def count_outcomes(connection: Connection) -> dict[str, int]:
    """Count the callers' calls that have ended, by outcome; every outcome is named."""
    ended = (CallRow.outcome.is_not(None), CallRow.round == 0)
    counted = select(CallRow.outcome, func.count()).where(*ended)
    rows = connection.execute(counted.group_by(CallRow.outcome)).all()
    found = {str(outcome): int(count) for outcome, count in rows}
    return {str(outcome): found.get(outcome, 0) for outcome in CallOutcome}


def seconds_to_acceptance(connection: Connection) -> tuple[Accepted, ...]:
    """Tell how long accepted tickets had been open, by priority; every priority is named.

    Only tickets that somebody has accepted and that are still kept.
    """
    seconds = _seconds_open(connection)
    limits = [func.sum(case((seconds <= limit, 1), else_=0)) for limit in WITHIN]
    counted = select(TicketRow.priority, func.count(), func.sum(seconds), *limits).where(
        TicketRow.acknowledged_at.is_not(None)
    )
    rows = connection.execute(counted.group_by(TicketRow.priority)).all()
    found = {
        row[0]: Accepted(row[0], tuple(map(int, row[3:])), int(row[1]), float(row[2]))
        for row in rows
    }
    none = (0,) * len(WITHIN)
    return tuple(found.get(level, Accepted(level, none, 0, 0.0)) for level in Priority)


def count_unaccepted(connection: Connection) -> dict[str, int]:
    """Count the critical tickets that nobody has accepted; every desk is named."""
    counted = select(TicketRow.desk, func.count()).where(
        TicketRow.priority == Priority.CRITICAL, TicketRow.acknowledged_at.is_(None)
    )
    found = {desk: int(count) for desk, count in connection.execute(counted.group_by("desk"))}
    desks = connection.execute(select(DeskRow.id).order_by(DeskRow.id)).scalars()
    return {desk: found.get(desk, 0) for desk in desks}


def touch(connection: Connection) -> None:
    """Write what stands there already: a database that is full or read-only refuses it."""
    connection.execute(update(CounterRow).values(value=CounterRow.value))


def _count_jobs(connection: Connection, *states: JobState) -> dict[str, int]:
    counted = select(JobRow.kind, func.count()).where(JobRow.state.in_(states))
    found = {kind: int(count) for kind, count in connection.execute(counted.group_by("kind"))}
    return {str(kind): found.get(kind, 0) for kind in JobKind}


def _seconds_open(connection: Connection) -> Any:
    """The two databases count seconds between instants each in its own way."""
    opened, taken = TicketRow.created_at, TicketRow.acknowledged_at
    if connection.dialect.name == "postgresql":
        return func.extract("epoch", taken - opened)
    days = func.julianday(taken) - func.julianday(opened)
    return type_coerce(func.round(days * 86400.0, 3), Float)
