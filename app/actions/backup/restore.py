"""Makes a restored database live: what has lost its use is not sent, and old calls are over."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from app.actions.callouts.call_outs import stop_restored_call_outs
from app.actions.calls.answer import UnknownCall
from app.actions.calls.take_turn import take_turn
from app.actions.portal.account_mail import is_confirmation
from app.domain.callouts.next_call_out import RESTORED_IS_NEWS
from app.domain.calls.turn_request import ClockReading, hang_up
from app.domain.delivery_errors import DeliveryError
from app.domain.tickets.events import TicketEventKind
from app.store import Database
from app.store.backup import BackupManifest
from app.store.call_out_rows import change_call_out, load_call_out
from app.store.calls import change_call, load_call
from app.store.documents import UnreadableVersion
from app.store.restore import load_backup
from app.store.restored_jobs import (
    RestoredJob,
    delete_heartbeats,
    delete_lifeline_pushes,
    delete_logins,
    drop_restored_job,
    list_restored_jobs,
    next_ticket_number,
    release_restored_job,
    resolve_old_alarms,
    unfinished_call_outs,
    unfinished_calls,
)
from app.store.tables import JobKind
from app.store.tickets import add_event

# Somebody who is told later than this is told something that is not so any more.
EXPIRES_AFTER: Final = RESTORED_IS_NEWS
NEVER_EXPIRES: Final = frozenset({JobKind.RECORDING_FETCH, JobKind.RECORDING_DELETE})
# Their callers are gone, and whoever waited for a link has asked for another.
ALWAYS_EXPIRED: Final = frozenset(
    {JobKind.CALL, JobKind.CANCEL, JobKind.LOGIN_MAIL, JobKind.VERIFICATION, JobKind.CUSTOMER_CALL}
)
NOTICES: Final = frozenset({JobKind.SMS, JobKind.TICKET_MAIL, JobKind.WEBHOOK})


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What a restore did."""

    cover: BackupManifest
    closed: int  # calls that were in progress when the backup was made
    dropped: int  # messages and calls that had lost their use
    waiting: int  # jobs that are sent as soon as a worker starts
    next_ticket_number: int


def restore(database: Database, file: Path, now: datetime, after: int = 0) -> RestoreResult:
    """Fill an empty database from a backup, fit to be taken into use.

    Calls of then are closed, what has lost its use is dropped and shown on its ticket.
    Ticket numbers go on beyond all that may have been given since, and beyond `after`.
    Unusable (app/store/backup.py) before anything is changed.
    """
    cover = load_backup(database, file, now, after)
    with database.read() as connection:
        calls, call_outs = unfinished_calls(connection), unfinished_call_outs(connection)
    for sid in calls:
        _close(database, sid, now)
    for sid in call_outs:
        database.write(partial(_end_call_out, sid=sid, now=now))
    closed = (*calls, *call_outs)
    dropped, waiting = database.write(partial(_look_through, closed=closed, now=now))
    stop_restored_call_outs(database, now)
    database.write(partial(resolve_old_alarms, notified_before=now - EXPIRES_AFTER, now=now))
    database.write(delete_lifeline_pushes)
    database.write(delete_heartbeats)
    database.write(delete_logins)
    with database.read() as connection:
        number = next_ticket_number(connection)
    return RestoreResult(cover, len(calls), dropped, waiting, number)


def is_still_due(job: RestoredJob, closed: Sequence[str], now: datetime) -> bool:
    """Tell whether a job that waited in a backup is still worth doing."""
    if job.kind in NEVER_EXPIRES:
        return True
    if job.kind in ALWAYS_EXPIRED or job.call_sid in closed:
        return False
    if job.kind is JobKind.ACCOUNT_MAIL and is_confirmation(job.dedup):
        return False
    return now - job.created_at < EXPIRES_AFTER


def _close(database: Database, sid: str, now: datetime) -> None:
    """End a call by a turn; where that is not possible, by its row."""
    with suppress(UnreadableVersion, UnknownCall):
        database.write(partial(take_turn, request=hang_up(sid, ClockReading(now))))
    database.write(partial(_end, sid=sid, now=now))


def _end(connection: Connection, sid: str, now: datetime) -> None:
    call = load_call(connection, sid)
    if call and not call.has_ended:
        ended = replace(call, hung_up=True, ended_at=now)
        change_call(connection, call, ended, timedelta(0))


def _end_call_out(connection: Connection, sid: str, now: datetime) -> None:
    call_out = load_call_out(connection, sid)
    if call_out and not call_out.has_ended:
        change_call_out(connection, replace(call_out, ended_at=now), timedelta(0))


def _look_through(connection: Connection, closed: Sequence[str], now: datetime) -> tuple[int, int]:
    dropped = waiting = 0
    for job in list_restored_jobs(connection):
        if is_still_due(job, closed, now):
            release_restored_job(connection, job, now)
            waiting += 1
            continue
        drop_restored_job(connection, job, DeliveryError.EXPIRED_AT_RESTORE, now)
        if job.kind in NOTICES and job.ticket is not None:
            who, gone = job.person or "", TicketEventKind.NOTIFICATION_DROPPED
            add_event(
                connection, job.ticket, gone, now, who=who, error=DeliveryError.EXPIRED_AT_RESTORE
            )
        dropped += 1
    return dropped, waiting
