"""Makes a restored database live: what has lost its use is not sent, and old calls are over."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from app.actions.take_turn import hang_up
from app.store import Database
from app.store.backup import Cover
from app.store.calls import change_call, load_call
from app.store.documents import UnreadableVersion
from app.store.held import (
    HeldJob,
    drop_held,
    forget_alarms,
    forget_pushes,
    forget_rounds,
    forget_workers,
    held_jobs,
    next_ticket,
    open_calls,
    release,
)
from app.store.restoring import load_backup
from app.store.tables import JobKind
from app.store.tickets import Happened, add_event

# Somebody who is told later than this is told something that is not so any more.
OF_USE_FOR: Final = timedelta(minutes=10)
ALWAYS_OF_USE: Final = frozenset({JobKind.RECORDING_FETCH, JobKind.RECORDING_DELETE})
NEVER_OF_USE: Final = frozenset({JobKind.CALL, JobKind.CANCEL})  # their callers are gone
NOTICES: Final = frozenset({JobKind.SMS, JobKind.TICKET_MAIL, JobKind.WEBHOOK})
WHY: Final = "it had lost its use when the database was restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    cover: Cover
    closed: int  # calls that were in progress when the backup was made
    dropped: int  # messages and calls that had lost their use
    waiting: int  # jobs that are sent as soon as a worker starts
    next_ticket: int


def restore(database: Database, file: Path, now: datetime, after: int = 0) -> Restored:
    """Fill an empty database from a backup, fit to be taken into use.

    Calls of then are closed, what has lost its use is dropped and shown on its ticket.
    Ticket numbers go on beyond all that may have been given since, and beyond `after`.
    Unusable (app/store/backup.py) before anything is changed.
    """
    cover = load_backup(database, file, now, after)
    with database.read() as connection:
        calls = open_calls(connection)
    for sid in calls:
        _close(database, sid, now)
    dropped, waiting = database.write(partial(_look_through, closed=calls, now=now))
    database.write(partial(forget_rounds, opened_before=now - OF_USE_FOR))
    database.write(partial(forget_alarms, told_before=now - OF_USE_FOR, now=now))
    database.write(forget_pushes)
    database.write(forget_workers)
    with database.read() as connection:
        number = next_ticket(connection)
    return Restored(cover, len(calls), dropped, waiting, number)


def is_of_use(job: HeldJob, closed: Sequence[str], now: datetime) -> bool:
    """Tell whether a job that waited in a backup is still worth doing."""
    if job.kind in ALWAYS_OF_USE:
        return True
    if job.kind in NEVER_OF_USE or job.call_sid in closed:
        return False
    return now - job.created_at < OF_USE_FOR


def _close(database: Database, sid: str, now: datetime) -> None:
    """End a call by its corridor; where that is not possible, by the row alone."""
    with suppress(UnreadableVersion):
        hang_up(database, sid, now)
    database.write(partial(_end, sid=sid, now=now))


def _end(connection: Connection, sid: str, now: datetime) -> None:
    call = load_call(connection, sid)
    if call and not call.has_ended:
        change_call(connection, replace(call, hung_up=True, ended_at=now), timedelta(0))


def _look_through(connection: Connection, closed: Sequence[str], now: datetime) -> tuple[int, int]:
    dropped = waiting = 0
    for job in held_jobs(connection):
        if is_of_use(job, closed, now):
            release(connection, job, now)
            waiting += 1
            continue
        drop_held(connection, job, WHY, now)
        if job.kind in NOTICES and job.ticket is not None:
            who, gone = job.person or "", Happened.NOTICE_DROPPED
            add_event(connection, job.ticket, gone, now, who=who, error=WHY)
        dropped += 1
    return dropped, waiting
