"""Figures for the metrics, and whether the database can be written to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    cast,
    func,
    select,
    type_coerce,
    update,
)

from app.domain.calls.call import CallOutcome
from app.domain.desks.desk import Priority
from app.store.alarms import count_open_alarms
from app.store.heartbeats import last_heartbeat
from app.store.outbox import oldest_due_of
from app.store.tables import CallRow, CounterRow, DeskRow, JobKind, JobRow, JobState, TicketRow

# Seconds in which somebody may have accepted: within a ring, a call-out of them, the call-outs
# after.
DELETE: Final = str(JobKind.RECORDING_DELETE)  # late, it keeps nobody waiting
WITHIN: Final = (15, 30, 60, 120, 300, 600, 1800, 3600, 14400)


@dataclass(frozen=True, slots=True)
class AcknowledgementTimes:
    """How soon tickets of a priority were accepted: how many within each limit, and in all."""

    priority: Priority
    within: tuple[int, ...]
    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure read from the database."""

    outcomes: dict[str, int]
    acknowledged: tuple[AcknowledgementTimes, ...]
    unacknowledged: dict[str, int]  # critical tickets, by desk
    in_call_outs: dict[str, int]  # of them, those about which the duty is rung again
    call_outs: int  # that were begun about tickets that are kept
    waiting: dict[str, int]  # jobs, by kind
    given_up: dict[str, int]
    due_since: datetime | None
    due_since_of: dict[str, datetime]  # jobs, by kind; only kinds of which one is due
    beat_at: datetime | None
    alarms: dict[str, int]


def read_figures(connection: Connection, now: datetime) -> Figures:
    """Read every figure that the database tells."""
    due = {str(kind): since for kind, since in oldest_due_of(connection, now).items()}
    return Figures(
        outcomes=count_outcomes(connection),
        acknowledged=seconds_to_acknowledgement(connection),
        unacknowledged=_count_urgent(connection, TicketRow.acknowledged_at.is_(None)),
        in_call_outs=_count_urgent(connection, TicketRow.next_call_out_at.is_not(None)),
        call_outs=connection.execute(select(func.sum(TicketRow.call_outs_made))).scalar() or 0,
        waiting=_count_jobs(connection, JobState.WAITING, JobState.SENDING),
        given_up=_count_jobs(connection, JobState.FAILED),
        due_since=min((at for kind, at in due.items() if kind != DELETE), default=None),
        due_since_of=due,
        beat_at=last_heartbeat(connection),
        alarms=count_open_alarms(connection),
    )


def count_outcomes(connection: Connection) -> dict[str, int]:
    """Count the callers' calls that have ended, by outcome; every outcome is named."""
    counted = select(CallRow.outcome, func.count()).where(CallRow.outcome.is_not(None))
    rows = connection.execute(counted.group_by(CallRow.outcome)).all()
    found = {str(outcome): int(count) for outcome, count in rows}
    return {str(outcome): found.get(outcome, 0) for outcome in CallOutcome}


def seconds_to_acknowledgement(connection: Connection) -> tuple[AcknowledgementTimes, ...]:
    """Tell how long accepted tickets had been open, by priority; every priority is named.

    Only tickets that somebody has accepted and that are still kept.
    """
    seconds, begun = _seconds_open(connection)
    counted = select(TicketRow.priority, begun.label("begun"), func.count(), func.sum(seconds))
    taken = counted.where(TicketRow.acknowledged_at.is_not(None)).group_by("priority", "begun")
    found: dict[Priority, list[tuple[int, int, float]]] = {level: [] for level in Priority}
    for priority, begun, count, total in connection.execute(taken):
        found[priority].append((begun, count, float(total)))
    return tuple(_acknowledgement_times(level, found[level]) for level in Priority)


def _count_urgent(connection: Connection, which: ColumnElement[bool]) -> dict[str, int]:
    """Count urgent tickets of a sort; every desk is named."""
    counted = select(TicketRow.desk, func.count()).where(TicketRow.is_urgent, which)
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


def _acknowledgement_times(
    level: Priority, counted: list[tuple[int, int, float]]
) -> AcknowledgementTimes:
    within = tuple(sum(count for begun, count, _ in counted if begun <= limit) for limit in WITHIN)
    count = sum(count for _, count, _ in counted)
    return AcknowledgementTimes(level, within, count, sum(total for _, _, total in counted))


def _seconds_open(connection: Connection) -> tuple[Any, Any]:
    """Seconds from opening to acceptance, and how many had begun: each database has its own way."""
    opened, taken = TicketRow.created_at, TicketRow.acknowledged_at
    if connection.dialect.name == "postgresql":
        seconds = func.extract("epoch", taken - opened)
        return seconds, cast(func.ceil(seconds), Integer)
    days = func.julianday(taken) - func.julianday(opened)
    exact = type_coerce(func.round(days * 86400.0, 3), Float)
    return exact, cast(exact + 0.999, Integer)  # a cast cuts off here
