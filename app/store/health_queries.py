"""Queries of the health checks: few rows, by indexes made for them.

Every instant is real time; what a call wrote in its own time is brought back to it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from app.domain.calls.call import CallOutcome
from app.domain.health.alarms import AlarmKind
from app.domain.health.facts import (
    ClockReference,
    ClockSkew,
    FailedItem,
    OpenCall,
    UnacknowledgedTicket,
    WorkerHeartbeat,
)
from app.domain.hunts.hunt import RateLimit
from app.store.tables import (
    AlarmRow,
    CallRow,
    CustomerRow,
    HeartbeatRow,
    JobKind,
    JobRow,
    JobState,
    TicketRow,
    TurnRow,
)
from app.store.tickets import read_ticket

OWN_ALARMS = "alarm:%"  # what tells that nothing is sent is no reason to tell it once more
SENT_THERE = (JobKind.SMS, JobKind.CALL)
TO_THE_DESK = (
    JobKind.MAIL,
    JobKind.TICKET_MAIL,
    JobKind.DIGEST_MAIL,
    JobKind.HANDOVER_MAIL,
    JobKind.ACCOUNT_MAIL,
    JobKind.CUSTOMER_MAIL,
    JobKind.WEBHOOK,
)
REPORTED_WHEN_FAILED = (*SENT_THERE, *TO_THE_DESK, JobKind.RECORDING_FETCH)


def unacknowledged_tickets(
    connection: Connection, since: datetime
) -> tuple[UnacknowledgedTicket, ...]:
    """Return the urgent tickets of calls since an instant that nobody has acknowledged."""
    began = func.coalesce(CallRow.created_at, TicketRow.created_at)
    unacknowledged = (
        select(TicketRow, began.label("began"), CustomerRow.name.label("customer_name"))
        .outerjoin(CallRow, CallRow.sid == TicketRow.call_sid)
        .outerjoin(
            CustomerRow,
            (CustomerRow.desk == TicketRow.desk) & (CustomerRow.number == TicketRow.customer),
        )
        .where(TicketRow.is_urgent, TicketRow.acknowledged_at.is_(None))
        .where(began >= since)
        .order_by(TicketRow.number)
    )
    rows = connection.execute(unacknowledged)
    return tuple(
        UnacknowledgedTicket(read_ticket(row), row.began, row.customer_name) for row in rows
    )


def acknowledgements_of(connection: Connection, tickets: list[int]) -> tuple[tuple[int, str], ...]:
    """Return which of these tickets somebody has taken, and who."""
    taken = select(TicketRow.number, TicketRow.acknowledged_by).where(
        TicketRow.number.in_(tickets), TicketRow.acknowledged_at.is_not(None)
    )
    return tuple((row.number, row.acknowledged_by or "") for row in connection.execute(taken))


def failed_calls(connection: Connection, since: datetime) -> tuple[FailedItem, ...]:
    """Return the calls since an instant that ended as failed, with the moment of their end."""
    columns = (CallRow.desk, CallRow.ended_at, CallRow.offset_seconds, CallRow.caller)
    failed = select(*columns).where(
        CallRow.outcome == CallOutcome.FAILED,
        CallRow.created_at >= since,
        CallRow.desk.is_not(None),
        CallRow.ended_at.is_not(None),
    )
    return tuple(
        FailedItem(row.desk, row.ended_at - timedelta(seconds=row.offset_seconds), row.caller)
        for row in connection.execute(failed)
    )


def rate_limited_calls(
    connection: Connection, since: datetime
) -> tuple[tuple[RateLimit, FailedItem], ...]:
    """Return the calls since an instant for which a limit let nobody ring, and whose it was."""
    columns = (CallRow.rate_limited, CallRow.desk, CallRow.created_at, CallRow.caller)
    limited = select(*columns).where(
        CallRow.rate_limited.is_not(None), CallRow.created_at >= since, CallRow.desk.is_not(None)
    )
    return tuple(
        (row.rate_limited, FailedItem(row.desk, row.created_at, row.caller))
        for row in connection.execute(limited)
    )


def open_calls(connection: Connection, since: datetime) -> tuple[OpenCall, ...]:
    """Return the calls since an instant whose end was not told, and when each last moved."""
    last = select(func.max(TurnRow.at)).where(TurnRow.call_sid == CallRow.sid).scalar_subquery()
    still = select(
        CallRow.desk,
        CallRow.sid,
        CallRow.created_at,
        CallRow.offset_seconds,
        CallRow.caller,
        CallRow.talking,
        last.label("last"),
    ).where(
        CallRow.ended_at.is_(None),
        CallRow.created_at >= since,
        CallRow.desk.is_not(None),
    )
    return tuple(
        OpenCall(
            row.desk,
            row.sid,
            row.last - timedelta(seconds=row.offset_seconds) if row.last else row.created_at,
            row.caller,
            row.talking is not None,
        )
        for row in connection.execute(still)
    )


def failed_jobs(connection: Connection, since: datetime) -> tuple[FailedItem, ...]:
    """Return the jobs that were given up since an instant, but for alarms themselves."""
    over = select(JobRow.desk, JobRow.finished_at, JobRow.error).where(
        JobRow.state == JobState.FAILED,
        JobRow.finished_at >= since,
        JobRow.kind.in_(REPORTED_WHEN_FAILED),
        JobRow.desk.is_not(None),
        JobRow.dedup.not_like(OWN_ALARMS),
    )
    return tuple(
        FailedItem(row.desk, row.finished_at, error=row.error or "")
        for row in connection.execute(over)
    )


def often_retried_jobs(connection: Connection, tries: int) -> tuple[FailedItem, ...]:
    """Return what the network has not taken in so many tries, and will be asked again."""
    waiting = select(JobRow.desk, JobRow.created_at, JobRow.error).where(
        JobRow.due_at.is_not(None),
        JobRow.attempts >= tries,
        JobRow.kind.in_(SENT_THERE),
        JobRow.desk.is_not(None),
    )
    return tuple(
        FailedItem(row.desk, row.created_at, error=row.error or "")
        for row in connection.execute(waiting)
    )


def last_sent(connection: Connection) -> datetime | None:
    """Return when the network last took something from us."""
    sent = select(func.max(JobRow.finished_at)).where(
        JobRow.state == JobState.SENT, JobRow.kind.in_(SENT_THERE)
    )
    return connection.execute(sent).scalar()


def last_notified(connection: Connection) -> dict[tuple[str, AlarmKind], datetime]:
    """Return when each desk was last told of each kind that is about the desk as a whole."""
    rows = select(AlarmRow.desk, AlarmRow.kind, AlarmRow.notified_at).where(AlarmRow.subject == "")
    return {(row.desk, row.kind): row.notified_at for row in connection.execute(rows)}


def worker_heartbeats(connection: Connection) -> tuple[WorkerHeartbeat, ...]:
    """Return every worker that has not signed off, and when it last told that it lives."""
    rows = connection.execute(select(HeartbeatRow.worker, HeartbeatRow.beat_at))
    return tuple(WorkerHeartbeat(row.worker, row.beat_at) for row in rows)


def worker_clock_skews(connection: Connection, since: datetime) -> tuple[ClockSkew, ...]:
    """Return how far the clock of each worker that lives is ahead of the database's."""
    living = select(HeartbeatRow.worker, HeartbeatRow.clock_skew_seconds).where(
        HeartbeatRow.beat_at >= since
    )
    return tuple(
        ClockSkew(timedelta(seconds=row.clock_skew_seconds), ClockReference.DATABASE, row.worker)
        for row in connection.execute(living)
    )
