"""Deletes recordings at the network that are stored here: many at a time, beside the slots.

What somebody waits for is never behind them, and they never wait for what somebody waits for.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.outbox.job_outcome import note_failure, write_with_retry
from app.actions.outbox.outbox_worker import LEASE
from app.domain.delivery_errors import DeliveryError
from app.gateways.send_failures import SendFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.store import Database
from app.store.outbox import Job, claim_deletions, finish_job
from app.store.recordings import mark_deleted_at_provider

AT_ONCE: Final = 40  # each takes the network some tenths of a second, and the lease is a minute
SIDE_BY_SIDE: Final = 4


def delete_recordings(database: Database, sender: Sender, now: Callable[[], datetime]) -> int:
    """Delete some that are due; return how many were claimed. Each is noted as any job is."""
    started_at = now()
    jobs = database.write(partial(claim_deletions, now=started_at, lease=LEASE, count=AT_ONCE))
    if not jobs:
        return 0
    with ThreadPoolExecutor(SIDE_BY_SIDE, "delete") as threads:
        went = list(zip(jobs, threads.map(partial(_delete, sender), jobs), strict=True))
    done = tuple(job for job, failure in went if failure is None)
    write_with_retry(partial(database.write, partial(_note_done, jobs=done, now=now())))
    for job, failure in went:
        if failure is not None:
            note_failure(database, job, failure, now())
    return len(jobs)


def _delete(sender: Sender, job: Job) -> SendFailure | None:
    try:
        sender.delete_recording(job.text("recording"))
    except SendFailure as failure:
        return failure
    except Exception as fault:  # of ours: the next release may do it
        return TemporaryFailure(DeliveryError.BROKEN.about(type(fault).__name__))
    return None


def _note_done(connection: Connection, jobs: tuple[Job, ...], now: datetime) -> None:
    for job in jobs:
        finish_job(connection, job, now)
        mark_deleted_at_provider(connection, job.text("recording"), now)
