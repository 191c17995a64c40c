"""The outbox's rows: put in during a turn, claimed one at a time, finished once.

Every instant here is real time, also for calls of the local exchange.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select, update

from app.store.codec import read_facts, write_facts
from app.store.prepared import Prepared
from app.store.tables import JobKind, JobRow, JobState
from app.store.upsert import insert_new

# Somebody waits while a telephone is rung or stopped; nobody waits for a recording.
URGENCY: Final = {
    JobKind.CALL: 0,
    JobKind.CANCEL: 0,
    JobKind.SMS: 1,
    JobKind.MAIL: 1,
    JobKind.LOGIN_MAIL: 1,
    JobKind.ACCOUNT_MAIL: 1,
    JobKind.CUSTOMER_MAIL: 1,
    JobKind.TICKET_MAIL: 2,
    JobKind.DIGEST_MAIL: 2,
    JobKind.HANDOVER_MAIL: 2,
    JobKind.WEBHOOK: 2,
    JobKind.CUSTOMER_CALL: 1,  # somebody has pressed a button and waits
    JobKind.CUSTOMER_CALL_STATUS: 2,
    JobKind.VERIFICATION: 2,  # nobody's case waits for it
    JobKind.RECORDING_FETCH: 2,
    JobKind.RECORDING_DELETE: 3,
}
MASS_SMS: Final = 2  # to everybody who waits for the end of an outage: not before one to the duty
EVERY_KIND: Final = tuple(JobKind)
# Somebody waits for these: a mail server or a webhook that is slow must not hold them up.
TELEPHONE: Final = (JobKind.CALL, JobKind.CANCEL, JobKind.SMS, JobKind.CUSTOMER_CALL)
LONGEST_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class NewJob:
    """Something that shall leave the system. A second one with the same `dedup` is nothing."""

    kind: JobKind
    dedup: str
    payload: dict[str, object] = field(default_factory=dict)
    desk: str | None = None
    call_sid: str | None = None
    leg: int | None = None
    ticket: int | None = None
    person: str | None = None
    after: timedelta = timedelta(0)
    urgency: int | None = None  # where it is not its kind's


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job. `attempts` counts this one and fences its finish."""

    id: int
    kind: JobKind
    dedup: str
    payload: dict[str, object]
    attempts: int
    desk: str | None
    call_sid: str | None
    leg: int | None
    ticket: int | None
    person: str | None
    created_at: datetime

    def text(self, name: str) -> str:
        """Return a text from the payload; empty where there is none."""
        return str(self.payload.get(name, ""))


_first_due = (
    select(JobRow.id)
    .where(JobRow.due_at <= bindparam("now"), JobRow.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(JobRow.urgency, JobRow.due_at, JobRow.id)
    .limit(1)
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
JOB_COLUMNS: Final = (
    JobRow.id,
    JobRow.kind,
    JobRow.dedup,
    JobRow.payload,
    JobRow.attempts,
    JobRow.desk,
    JobRow.call_sid,
    JobRow.leg,
    JobRow.ticket,
    JobRow.person,
    JobRow.created_at,
)
CLAIMED: Final = update(JobRow).values(
    state=JobState.SENDING, due_at=bindparam("lease_until"), attempts=JobRow.attempts + 1
)
CLAIM: Final = CLAIMED.where(JobRow.id == _first_due).returning(*JOB_COLUMNS)
OLDEST_DUE: Final = select(func.min(JobRow.due_at)).where(
    JobRow.due_at <= bindparam("now"), JobRow.kind.in_(bindparam("kinds", expanding=True))
)
DROP_CALL: Final = Prepared(
    update(JobRow)
    .where(
        JobRow.call_sid == bindparam("call"),
        JobRow.leg == bindparam("of_leg"),
        JobRow.kind == JobKind.CALL,
        JobRow.state == JobState.WAITING,
    )
    .values(state=JobState.DROPPED, due_at=None, finished_at=bindparam("now"))
)
LEAST_URGENT: Final = max(URGENCY.values())  # deletions: late they harm nobody who calls
_due_deletions = (
    select(JobRow.id)
    .where(JobRow.due_at <= bindparam("now"), JobRow.urgency == LEAST_URGENT)
    .order_by(JobRow.due_at, JobRow.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
CLAIM_DELETIONS: Final = CLAIMED.where(JobRow.id.in_(_due_deletions)).returning(*JOB_COLUMNS)


def put_jobs(connection: Connection, jobs: list[NewJob], now: datetime) -> None:
    """Put the jobs in the outbox, due as soon as each of them may be."""
    insert_new(connection, JobRow, [_columns(job, now) for job in jobs])


def known_jobs(connection: Connection, dedups: Sequence[str]) -> frozenset[str]:
    """Return which of these have been put in before."""
    known = select(JobRow.dedup).where(JobRow.dedup.in_(dedups))
    return frozenset(connection.execute(known).scalars())


def claim_job(
    connection: Connection,
    now: datetime,
    lease: timedelta,
    kinds: Sequence[JobKind] = EVERY_KIND,
) -> Job | None:
    """Take the most urgent job of these kinds that is due, for as long as the lease, or None.

    A job whose lease has run out is due again: its taker has died on the way.
    """
    asked = {"now": now, "lease_until": now + lease, "kinds": kinds}
    found = connection.execute(CLAIM, asked).first()
    return _job(found) if found else None


def claim_deletions(
    connection: Connection, now: datetime, lease: timedelta, count: int
) -> tuple[Job, ...]:
    """Take some of the recordings that are due to be deleted at the network, the oldest first."""
    which = {"now": now, "lease_until": now + lease, "count": count}
    return tuple(_job(row) for row in connection.execute(CLAIM_DELETIONS, which))


def lock_job(connection: Connection, job: Job) -> None:
    """Keep others from changing a job until this transaction is over."""
    connection.execute(select(JobRow.id).where(JobRow.id == job.id).with_for_update())


def finish_job(connection: Connection, job: Job, now: datetime, provider_sid: str = "") -> bool:
    """Note that the job is done; False when somebody else has taken it in the meantime."""
    return _end(connection, job, JobState.SENT, now, provider_sid=provider_sid or None)


def fail_job(connection: Connection, job: Job, now: datetime, code: str, error: str) -> bool:
    """Note that the job will never be done, and why."""
    told = {"error_code": code, "error": error[:LONGEST_ERROR]}
    return _end(connection, job, JobState.FAILED, now, **told)


def drop_job(connection: Connection, job: Job, now: datetime, why: str) -> bool:
    """Note that the job has lost its use."""
    return _end(connection, job, JobState.DROPPED, now, error=why)


def postpone_job(
    connection: Connection, job: Job, due_at: datetime, code: str = "", error: str = ""
) -> bool:
    """Let the job wait for another try."""
    told = {"error_code": code or None, "error": error[:LONGEST_ERROR] or None}
    return _change(connection, job, state=JobState.WAITING, due_at=due_at, **told)


def release_job(connection: Connection, job: Job, due_at: datetime, error: str) -> bool:
    """Let the job wait as if it had not been claimed: nothing was tried."""
    waits = {"state": JobState.WAITING, "due_at": due_at, "error": error[:LONGEST_ERROR]}
    return _change(connection, job, attempts=job.attempts - 1, **waits)


def drop_call_job(connection: Connection, call_sid: str, leg: int, now: datetime) -> bool:
    """Take back a leg that nobody has begun to place; False when it may be ringing."""
    return DROP_CALL.run(connection, {"call": call_sid, "of_leg": leg, "now": now}) > 0


def sid_of_leg(connection: Connection, call_sid: str, leg: int) -> str | None:
    """Return the network's CallSid of a leg that the worker has placed."""
    placed = select(JobRow.provider_sid).where(
        JobRow.call_sid == call_sid, JobRow.leg == leg, JobRow.kind == JobKind.CALL
    )
    return connection.execute(placed).scalar()


def is_being_placed(connection: Connection, call_sid: str, leg: int) -> bool:
    """Tell whether a worker is asking the network for this leg at the moment."""
    placing = select(JobRow.id).where(
        JobRow.call_sid == call_sid,
        JobRow.leg == leg,
        JobRow.kind == JobKind.CALL,
        JobRow.state == JobState.SENDING,
    )
    return connection.execute(placing).first() is not None


def may_be_placed(connection: Connection, call_sid: str, leg: int, now: datetime) -> bool:
    """Tell whether this leg is being placed, or has its first chance from now on.

    No worker may have been there since it was put in; once it has had its chance, it is late.
    """
    waits = select(JobRow.id, JobRow.due_at, JobRow.created_at, JobRow.attempts).where(
        JobRow.call_sid == call_sid,
        JobRow.leg == leg,
        JobRow.kind == JobKind.CALL,
        JobRow.due_at.is_not(None),
    )
    job = connection.execute(waits).first()
    if job is None or job.due_at > now:
        return job is not None
    is_first = bool(job.attempts == 0 and job.due_at == job.created_at)
    if is_first:
        connection.execute(update(JobRow).where(JobRow.id == job.id).values(due_at=now))
    return is_first


def hurry_job(connection: Connection, dedup: str, now: datetime) -> None:
    """Let a job that waits for its first try be due at once."""
    waiting = update(JobRow).where(
        JobRow.dedup == dedup, JobRow.state == JobState.WAITING, JobRow.attempts == 0
    )
    connection.execute(waiting.values(due_at=now))


def oldest_due(
    connection: Connection, now: datetime, kinds: Sequence[JobKind] = EVERY_KIND
) -> datetime | None:
    """Return since when the longest waiting job of these kinds has been due; None when none is."""
    return connection.execute(OLDEST_DUE, {"now": now, "kinds": kinds}).scalar()


def oldest_due_of(connection: Connection, now: datetime) -> dict[JobKind, datetime]:
    """Return since when the longest waiting job of each kind has been due, where one is."""
    oldest = select(JobRow.kind, func.min(JobRow.due_at).label("since")).where(JobRow.due_at <= now)
    rows = connection.execute(oldest.group_by(JobRow.kind))
    return {row.kind: row.since for row in rows}


def _end(connection: Connection, job: Job, state: JobState, now: datetime, **told: Any) -> bool:
    return _change(connection, job, state=state, due_at=None, finished_at=now, **told)


def _change(connection: Connection, job: Job, **columns: Any) -> bool:
    mine = update(JobRow).where(
        JobRow.id == job.id, JobRow.attempts == job.attempts, JobRow.state == JobState.SENDING
    )
    return connection.execute(mine.values(columns)).rowcount > 0


def _columns(job: NewJob, now: datetime) -> dict[str, Any]:
    return {
        "kind": job.kind,
        "dedup": job.dedup,
        "payload": write_facts(**job.payload),
        "state": JobState.WAITING,
        "urgency": URGENCY[job.kind] if job.urgency is None else job.urgency,
        "due_at": now + job.after,
        "attempts": 0,
        "desk": job.desk,
        "call_sid": job.call_sid,
        "leg": job.leg,
        "ticket": job.ticket,
        "person": job.person,
        "created_at": now,
    }


def _job(row: Row[*tuple[Any, ...]]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        dedup=row.dedup,
        payload=read_facts(row.payload),
        attempts=row.attempts,
        desk=row.desk,
        call_sid=row.call_sid,
        leg=row.leg,
        ticket=row.ticket,
        person=row.person,
        created_at=row.created_at,
    )
