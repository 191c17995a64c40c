"""The outbox worker: one due job at a time, sent and noted.

A job may be sent twice when a worker dies between sending and noting; it is never lost. What
each kind does stands in do_job.py, what becomes of it in job_outcome.py.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from app.actions.health.alarm import notify_desk, should_notify_desk
from app.actions.outbox.do_job import JobExpired, RingExpired, do_job
from app.actions.outbox.job_expiry import Expired, recheck_job
from app.actions.outbox.job_outcome import (
    note_busy,
    note_expired,
    note_failure,
    note_leg_not_placed,
    note_success,
    write_outcome,
)
from app.domain.delivery_errors import DeliveryError
from app.domain.texts.catalogue import Texts
from app.gateways.send_failures import SendFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.store import Database, DatabaseUnavailable
from app.store.job_facts import load_job_facts
from app.store.outbox import EVERY_KIND, Job, claim_job, oldest_due
from app.store.tables import JobKind

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=60)  # four times as long as the sender's longest wait


def has_due_job(database: Database, now: datetime, kinds: Sequence[JobKind] = EVERY_KIND) -> bool:
    """Tell whether there is something of these kinds to do; takes no lock."""
    with database.read() as connection:
        return oldest_due(connection, now, kinds) is not None


def do_next_job(
    database: Database,
    sender: Sender,
    texts: Texts,
    now: datetime,
    kinds: Sequence[JobKind] = EVERY_KIND,
) -> bool:
    """Claim the most urgent due job, do it, and note how it went; False when none is due.

    Only what the network refuses for good is given up at once. A busy database costs no
    try; a fault of ours costs one.
    """
    job = database.write(partial(claim_job, now=now, lease=LEASE, kinds=kinds))
    if job is None:
        return False
    try:
        sid = do_job(database, sender, texts, _recheck(database, job, now), now)
    except JobExpired as expired:
        note_expired(database, job, expired.why, now)
        if isinstance(expired, RingExpired):
            note_leg_not_placed(database, job, now)
    except DatabaseUnavailable as busy:  # nothing was sent: do_job asks the database first
        note_busy(database, job, str(busy), now)
    except SendFailure as failure:
        if should_notify_desk(job):
            write_outcome(database, partial(notify_desk, job=job, error=str(failure), now=now))
        note_failure(database, job, failure, now)
    except Exception as fault:
        # Whatever is wrong with one job must not stop the others; the next release may do it.
        log.exception("job_broken", job=job.id, kind=job.kind)
        broken = TemporaryFailure(DeliveryError.BROKEN.about(type(fault).__name__))
        note_failure(database, job, broken, now)
    else:
        note_success(database, job, sid, now)
    return True


def _recheck(database: Database, job: Job, now: datetime) -> Job:
    """Return the job in words that are true now; JobExpired where nobody needs it any more."""
    with database.read() as connection:
        verdict = recheck_job(job, now - job.created_at, load_job_facts(connection, job))
    if isinstance(verdict, Expired):
        raise JobExpired(verdict.why)
    return verdict.job
