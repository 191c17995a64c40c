"""How a job went: noted in the outbox, tried again later or given up, and shown on its ticket."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from app.actions.calls.answer import UnknownCall
from app.actions.calls.take_turn import take_turn
from app.actions.notifications.compose import attachment_for
from app.actions.roster.ring_numbers import not_placed, note_placed
from app.actions.tickets.customer_call_turns import (
    note_customer_call_not_placed,
    note_customer_call_placed,
)
from app.domain.calls.turn_request import ClockReading, leg_turn
from app.domain.delivery_errors import DeliveryError
from app.domain.hunts.events import LegChanged
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.outcome import InboxEvent
from app.domain.time.backoff import pause_after
from app.gateways.send_failures import SendFailure, TemporaryFailure
from app.store import Database
from app.store.database import DatabaseUnavailable
from app.store.desks import find_desk
from app.store.inbox_notifications import InboxNotification, notify_inbox
from app.store.outage_sms import watch_again
from app.store.outbox import (
    Job,
    drop_job,
    fail_job,
    finish_job,
    postpone_job,
    put_jobs,
    release_job,
)
from app.store.recording_accesses import AccessChannel, note_recording_access
from app.store.recordings import mark_deleted_at_provider
from app.store.sms import note_sent
from app.store.sms_senders import BY_NETWORK, note_opt_in, note_opt_out
from app.store.tables import JobKind
from app.store.tickets import add_event, ticket_of_call

log = structlog.get_logger()

DATABASE_PAUSE: Final = timedelta(seconds=2)  # a job that met a busy database waits so long
# What tells somebody of a ticket: when it does not, the ticket shows it.
NOTICES: Final = frozenset(
    {
        JobKind.SMS,
        JobKind.MAIL,
        JobKind.TICKET_MAIL,
        JobKind.CUSTOMER_MAIL,
        JobKind.WEBHOOK,
    }
)
OPTED_OUT: Final = 21610  # the provider's code for a number that has written STOP


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a job is tried, and how long after the first failure it is tried again."""

    tries: int
    first_pause: timedelta


RETRY_POLICIES: Final = {
    JobKind.SMS: RetryPolicy(12, timedelta(seconds=2)),
    JobKind.MAIL: RetryPolicy(20, timedelta(seconds=10)),
    JobKind.TICKET_MAIL: RetryPolicy(40, timedelta(seconds=10)),  # three hours; the digest shows it
    JobKind.DIGEST_MAIL: RetryPolicy(20, timedelta(seconds=10)),
    JobKind.HANDOVER_MAIL: RetryPolicy(20, timedelta(seconds=10)),
    JobKind.LOGIN_MAIL: RetryPolicy(6, timedelta(seconds=5)),  # somebody waits at a page
    JobKind.ACCOUNT_MAIL: RetryPolicy(20, timedelta(seconds=10)),
    JobKind.CUSTOMER_MAIL: RetryPolicy(40, timedelta(seconds=10)),  # as the desk's
    JobKind.WEBHOOK: RetryPolicy(40, timedelta(seconds=5)),
    JobKind.CALL: RetryPolicy(3, timedelta(seconds=1)),  # the caller waits: then in order
    JobKind.CANCEL: RetryPolicy(6, timedelta(seconds=1)),
    JobKind.VERIFICATION: RetryPolicy(1, timedelta(seconds=1)),  # whoever waits presses again
    JobKind.CUSTOMER_CALL: RetryPolicy(1, timedelta(seconds=1)),  # as there
    JobKind.CUSTOMER_CALL_STATUS: RetryPolicy(300, timedelta(seconds=10)),  # a day
    JobKind.RECORDING_FETCH: RetryPolicy(40, timedelta(seconds=2)),
    JobKind.RECORDING_DELETE: RetryPolicy(40, timedelta(seconds=10)),
}


def write_outcome(database: Database, work: Callable[[Connection], object]) -> None:
    """Write how a job went, also when the database is busy: unnoted, it would be done again."""
    write_with_retry(partial(database.write, work))


def note_success(database: Database, job: Job, sid: str, now: datetime) -> None:
    """Note that it is done, and let the call know of a leg that was placed."""

    def note(connection: Connection) -> None:
        finish_job(connection, job, now, sid)
        if job.kind is JobKind.SMS:
            note_sent(connection, sid, now)
            note_opt_in(connection, job.text("to"), job.text("from"), BY_NETWORK)
        if job.kind is JobKind.TICKET_MAIL:
            _note_copy(connection, job, now)
        if _is_first_ring(job):
            note_placed(connection, int(job.text("verification")), sid, now)
        if job.kind is JobKind.CUSTOMER_CALL:
            note_customer_call_placed(connection, int(job.text("customer_call")), sid, now)
        if job.kind is JobKind.RECORDING_DELETE:
            mark_deleted_at_provider(connection, job.text("recording"), now)

    write_outcome(database, note)
    log.info("job_done", job=job.id, kind=job.kind, attempts=job.attempts)
    if job.kind is JobKind.CALL:
        _notify_call(database, job, LegChanged(job.leg or 0, "initiated", sid), now)


def note_failure(database: Database, job: Job, failure: SendFailure, now: datetime) -> None:
    """Try again later, or give up and let the ticket show it."""
    policy = RETRY_POLICIES[job.kind]
    code = "" if failure.code is None else str(failure.code)
    if isinstance(failure, TemporaryFailure) and job.attempts < policy.tries:
        again = now + _pause(policy, job.attempts, random.random)
        write_outcome(
            database, partial(postpone_job, job=job, due_at=again, code=code, error=str(failure))
        )
        log.warning("job_postponed", job=job.id, kind=job.kind, attempts=job.attempts, code=code)
        return

    def give_up(connection: Connection) -> None:
        if failure.code == OPTED_OUT:
            note_opt_out(connection, job.text("to"), job.text("from"), now, BY_NETWORK)
        if fail_job(connection, job, now, code, str(failure)):
            _show_on_ticket(connection, job, code, str(failure), now)
        if _is_first_ring(job):
            not_placed(connection, int(job.text("verification")), now)
        if job.kind is JobKind.CUSTOMER_CALL:
            note_customer_call_not_placed(connection, int(job.text("customer_call")))

    write_outcome(database, give_up)
    log.error("job_failed", job=job.id, kind=job.kind, attempts=job.attempts, code=code)
    if job.kind is JobKind.CALL:
        note_leg_not_placed(database, job, now)


def note_busy(database: Database, job: Job, error: str, now: datetime) -> None:
    """Let a job that met a busy database wait; it costs no try."""
    log.warning("database_away", job=job.id, kind=job.kind, error=error)
    write_outcome(database, partial(release_job, job=job, due_at=now + DATABASE_PAUSE, error=error))


def note_expired(database: Database, job: Job, why: str, now: datetime) -> None:
    """Note that it is never done: nobody needs it any more."""
    write_outcome(database, partial(_drop, job=job, now=now, why=why))


def note_leg_not_placed(database: Database, job: Job, now: datetime) -> None:
    """Let the call go on without a leg that will not ring."""
    _notify_call(database, job, LegChanged(job.leg or 0, "failed"), now)


def notify_of_recording(
    connection: Connection, job: Job, ticket: int, event: InboxEvent, now: datetime
) -> None:
    """Tell the desk's inbox what became of a recording."""
    live = find_desk(connection, job.desk) if job.desk else None
    recording = job.text("recording")
    told = InboxNotification(event, ticket, recording, now, job.call_sid, recording)
    jobs = notify_inbox(live.desk if live else None, told)
    if jobs:
        put_jobs(connection, jobs, now)


def _note_copy(connection: Connection, job: Job, now: datetime) -> None:
    """Whoever gets a recording with a mail has a copy of it, which is noted as a listening."""
    copy = attachment_for(connection, job)
    if copy:
        note_recording_access(connection, copy, job.text("to"), AccessChannel.MAIL, now)


def _drop(connection: Connection, job: Job, now: datetime, why: str) -> None:
    """Do it never: it has expired. A message that nobody got shows on its ticket."""
    if drop_job(connection, job, now, why) and job.kind in NOTICES and job.ticket:
        add_event(
            connection, job.ticket, TicketEventKind.NOTIFICATION_DROPPED, now, who=job.person or ""
        )
    if why == DeliveryError.OUTAGE_IS_BACK:
        watch_again(connection, job, now)
    if _is_first_ring(job):
        not_placed(connection, int(job.text("verification")), now)
    if job.kind is JobKind.CUSTOMER_CALL:
        note_customer_call_not_placed(connection, int(job.text("customer_call")))
    log.info("job_dropped", job=job.id, kind=job.kind)


def _is_first_ring(job: Job) -> bool:
    """Whether it is to ring a number that its owner wants to try; later jobs only look after it."""
    return job.kind is JobKind.VERIFICATION and job.text("look") == "0"


def _pause(policy: RetryPolicy, attempts: int, jitter: Callable[[], float]) -> timedelta:
    """Wait twice as long each time, up to a limit; never all jobs at the same instant."""
    return pause_after(attempts, policy.first_pause) * (0.5 + jitter() / 2)


def _show_on_ticket(connection: Connection, job: Job, code: str, error: str, now: datetime) -> None:
    is_fetch = job.kind is JobKind.RECORDING_FETCH
    lost = TicketEventKind.RECORDING_LOST if is_fetch else None
    happened = TicketEventKind.NOTIFICATION_FAILED if job.kind in NOTICES else lost
    ticket = job.ticket or (ticket_of_call(connection, job.call_sid) if job.call_sid else None)
    if happened and ticket is not None:
        who = job.person or ""
        add_event(connection, ticket, happened, now, who=who, error_code=code, error=error)
    if is_fetch and ticket is not None:
        notify_of_recording(connection, job, ticket, InboxEvent.MESSAGE_LOST, now)


def _notify_call(database: Database, job: Job, event: LegChanged, now: datetime) -> None:
    """Let the call know that the network has taken one of its legs, or refused it."""
    try:
        request = leg_turn(job.call_sid or "", event, ClockReading(now))
        write_with_retry(partial(database.write, partial(take_turn, request=request)))
    except UnknownCall:
        log.warning("leg_of_no_call", job=job.id)


RETRY_SECONDS: Final = 30.0  # half the lease of a job: afterwards somebody else would do it again
RETRY_PAUSE: Final = 0.5


def write_with_retry(write: Callable[[], object], seconds: float = RETRY_SECONDS) -> None:
    """Try until it is stored; DatabaseUnavailable when the database stays away for longer."""
    give_up = time.monotonic() + seconds
    while True:
        try:
            write()
        except DatabaseUnavailable:
            if time.monotonic() > give_up:
                raise
            time.sleep(RETRY_PAUSE)
        else:
            return
