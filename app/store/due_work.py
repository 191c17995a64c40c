"""What is due for a worker, seen in one cheap statement that it can ask several times a second."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, exists, func, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app.domain.calls.call import LONGEST_CALL
from app.store.database import Database, DatabaseUnavailable
from app.store.outbox import LEAST_URGENT, TELEPHONE
from app.store.tables import CallOutRow, JobRow, TicketRow

JOBS_COUNTED: Final = 8  # more than a worker does at the same time

_due_jobs = (
    select(JobRow.id).where(JobRow.due_at <= bindparam("now")).limit(JOBS_COUNTED).subquery()
)
_open_call_out = exists().where(
    CallOutRow.ended_at.is_(None), CallOutRow.created_at > bindparam("stale")
)
DUE: Final = select(
    select(func.count()).select_from(_due_jobs).scalar_subquery().label("jobs"),
    exists()
    .where(JobRow.due_at <= bindparam("now"), JobRow.kind.in_(TELEPHONE))
    .label("telephone"),
    exists()
    .where(JobRow.due_at <= bindparam("now"), JobRow.urgency == LEAST_URGENT)
    .label("deletions"),
    or_(exists().where(TicketRow.next_call_out_at <= bindparam("now")), _open_call_out).label(
        "call_outs"
    ),
)


@dataclass(frozen=True, slots=True)
class DueWork:
    """What waits for a worker at one moment."""

    jobs: int = 0  # in the outbox; no more than JOBS_COUNTED are counted
    telephone: bool = False  # one of them somebody waits for at a telephone
    deletions: bool = False  # recordings that are to be deleted at the network
    call_outs: bool = False  # a ticket is to be looked at, or a call-out goes on


@dataclass(slots=True)
class DueLook:
    """Looks over a connection of its own that it keeps: opened once, and again after trouble.

    For one thread. A connection from the pool for each look would cost more than the look.
    """

    database: Database
    _kept: Connection | None = None

    def look(self, now: datetime) -> DueWork:
        """Return what is due now; DatabaseUnavailable when the database is away."""
        try:
            if self._kept is None:
                autocommit = {"isolation_level": "AUTOCOMMIT"}
                self._kept = self.database.engine.connect().execution_options(**autocommit)
            row = self._kept.execute(DUE, {"now": now, "stale": now - LONGEST_CALL}).one()
            self._kept.rollback()  # nothing may be held between two looks
        except (DBAPIError, NoFreeConnection) as trouble:
            self.close()
            raise DatabaseUnavailable(str(getattr(trouble, "orig", trouble))) from trouble
        return DueWork(row.jobs, bool(row.telephone), bool(row.deletions), bool(row.call_outs))

    def close(self) -> None:
        """Give the connection up, whatever state it is in."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.invalidate()
            kept.close()
