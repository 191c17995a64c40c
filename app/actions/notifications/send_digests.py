"""Puts each desk's digest in the outbox when it is due: once, however many workers look."""

from datetime import datetime
from functools import partial

from app.domain.desks.desk import Desk
from app.domain.tickets.digests import Digest, due_digests
from app.store import Database
from app.store.desks import list_desks
from app.store.inbox_notifications import address_hash
from app.store.outbox import NewJob, known_jobs, put_jobs
from app.store.tables import JobKind


def put_due_digests(database: Database, now: datetime) -> int:
    """Put what is due in the outbox; return how many mails that may be.

    What they say, and whether there is anything to say, is looked at when they are sent.
    """
    with database.read() as connection:
        desks = [live.desk for live in list_desks(connection)]
        jobs = [job for desk in desks for job in _jobs(desk, now)]
        known = known_jobs(connection, [job.dedup for job in jobs]) if jobs else frozenset()
    new = [job for job in jobs if job.dedup not in known]
    if new:
        database.write(partial(put_jobs, jobs=new, now=now))
    return len(new)


def _jobs(desk: Desk, now: datetime) -> list[NewJob]:
    if not desk.inbox.mail:
        return []
    due = due_digests(desk, now)
    return [_job(desk, each, address) for each in due for address in desk.inbox.mail]


def _job(desk: Desk, digest: Digest, address: str) -> NewJob:
    dedup = f"digest:{desk.id}:{digest.key}:{address_hash(address)}"
    payload: dict[str, object] = {
        "occasion": str(digest.occasion),
        "id": dedup,
        "to": address,
        "at": digest.due,
    }
    return NewJob(JobKind.DIGEST_MAIL, dedup, payload, desk=desk.id, person=address)
