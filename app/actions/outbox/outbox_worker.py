"""The outbox worker: one due job at a time, sent and noted.

A job may be sent twice when a worker dies between sending and noting; it is never lost.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, assert_never

import structlog
from sqlalchemy import Connection

from app.actions.calls.take_turn import UnknownCall, take_turn
from app.actions.health.notify_desk import notify_desk, should_notify_desk
from app.actions.notifications.compose import attachment_for, compose_event, compose_ticket_mail
from app.actions.notifications.compose_digest import compose_digest
from app.actions.outbox.job_expiry import Expired, recheck_job
from app.domain.calls.call import Call
from app.domain.calls.turn_request import ClockReading, leg_turn
from app.domain.hunts.events import LegChanged
from app.domain.hunts.hunt import LegOutcome
from app.domain.texts.catalogue import Texts
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.outcome import InboxEvent
from app.domain.time.backoff import pause_after
from app.gateways.mail.out import Attachment, Mail
from app.gateways.twilio.sender import PermanentFailure, Sender, SendFailure, TemporaryFailure
from app.gateways.webhook import WebhookPost
from app.store import Database, DatabaseUnavailable
from app.store.calls import load_call
from app.store.codec import message_of
from app.store.desks import find_desk
from app.store.inbox_notifications import InboxNotification, notify_inbox
from app.store.job_facts import load_job_facts
from app.store.outbox import (
    EVERY_KIND,
    Job,
    NewJob,
    claim_job,
    drop_job,
    fail_job,
    finish_job,
    is_being_placed,
    oldest_due,
    postpone_job,
    put_jobs,
    release_job,
    sid_of_leg,
)
from app.store.recording_accesses import AccessChannel, note_recording_access
from app.store.recordings import mark_deleted_at_provider, save_recording
from app.store.sms import note_sent
from app.store.sms_senders import BY_NETWORK, has_sent_stop, note_opt_in, note_opt_out
from app.store.tables import JobKind
from app.store.tickets import add_event, is_acknowledged, ticket_of_call
from app.store.write_retry import write_with_retry

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=60)  # four times as long as the sender's longest wait
DATABASE_PAUSE: Final = timedelta(seconds=2)  # a job that met a busy database waits so long
# What tells somebody of a ticket: when it does not, the ticket shows it.
NOTICES: Final = frozenset({JobKind.SMS, JobKind.MAIL, JobKind.TICKET_MAIL, JobKind.WEBHOOK})
OPTED_OUT: Final = 21610  # the provider's code for a number that has written STOP
EXPIRED: Final = "it has expired"


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
    JobKind.WEBHOOK: RetryPolicy(40, timedelta(seconds=5)),
    JobKind.CALL: RetryPolicy(3, timedelta(seconds=1)),  # the caller waits: then in order
    JobKind.CANCEL: RetryPolicy(6, timedelta(seconds=1)),
    JobKind.RECORDING_FETCH: RetryPolicy(40, timedelta(seconds=2)),
    JobKind.RECORDING_DELETE: RetryPolicy(40, timedelta(seconds=10)),
}


class JobExpired(Exception):
    """The job has expired: nobody needs it any more."""


class RingExpired(JobExpired):
    """A leg that was to ring some time ago; its call goes on without it."""


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
        sid = _do(database, sender, texts, _recheck(database, job, now), now)
    except JobExpired as expired:
        _note(database, partial(_drop, job=job, now=now, why=str(expired) or EXPIRED))
        if isinstance(expired, RingExpired):
            _notify_call(database, job, LegChanged(job.leg or 0, "failed"), now)
    except DatabaseUnavailable as busy:  # nothing was sent: _do asks the database first
        log.warning("database_away", job=job.id, kind=job.kind, error=str(busy))
        again = now + DATABASE_PAUSE
        _note(database, partial(release_job, job=job, due_at=again, error=str(busy)))
    except SendFailure as failure:
        if should_notify_desk(job):
            _note(database, partial(notify_desk, job=job, error=str(failure), now=now))
        note_failure(database, job, failure, now)
    except Exception as fault:
        # Whatever is wrong with one job must not stop the others; the next release may do it.
        log.exception("job_broken", job=job.id, kind=job.kind)
        broken = TemporaryFailure(f"it could not be done: {type(fault).__name__}")
        note_failure(database, job, broken, now)
    else:
        _note_success(database, job, sid, now)
    return True


def _note(database: Database, work: Callable[[Connection], object]) -> None:
    """Write how a job went, also when the database is busy: unnoted, it would be done again."""
    write_with_retry(partial(database.write, work))


def _do(database: Database, sender: Sender, texts: Texts, job: Job, now: datetime) -> str:
    """Do what the job says; return the provider's sid where there is one."""
    match job.kind:
        case JobKind.SMS:
            return _send_sms(database, sender, texts, job)
        case JobKind.MAIL:
            subject, body = _rendered(texts, job, "subject"), _rendered(texts, job)
            sender.send_mail(Mail(job.text("to"), subject, body, job.dedup), now)
        case JobKind.TICKET_MAIL | JobKind.DIGEST_MAIL:
            _send_to_inbox(database, sender, texts, job, now)
        case JobKind.WEBHOOK:
            _post(database, sender, texts, job, now)
        case JobKind.CALL:
            return _ring(database, sender, job, now)
        case JobKind.CANCEL:
            sender.cancel(_sid_to_cancel(database, job))
        case JobKind.RECORDING_FETCH:
            media = sender.fetch_recording(job.text("recording"))
            database.write(partial(_store_recording, job=job, media=media, now=now))
        case JobKind.RECORDING_DELETE:
            sender.delete_recording(job.text("recording"))
        case _:
            assert_never(job.kind)
    return ""


def _send_to_inbox(
    database: Database, sender: Sender, texts: Texts, job: Job, now: datetime
) -> None:
    """Write a mail to the desk's inbox and hand it in; of no use where there is nothing to say."""
    with database.read() as connection:
        if job.kind is JobKind.DIGEST_MAIL:
            written = compose_digest(connection, texts, job, now)
        else:
            written = compose_ticket_mail(connection, texts, job, sender.recording_link)
    if written is None:
        raise JobExpired
    copy = written.attached
    attachment = Attachment(f"{copy.ticket or copy.sid}.wav", copy.media) if copy else None
    mail = Mail(
        to=written.to,
        subject=written.subject,
        body=written.body,
        id=written.id,
        thread=written.thread,
        is_urgent=written.is_urgent,
        attachment=attachment,
    )
    sender.send_mail(mail, now)


def _post(database: Database, sender: Sender, texts: Texts, job: Job, now: datetime) -> None:
    """Post an event to the desk's program; of no use where the ticket or the webhook is gone."""
    with database.read() as connection:
        event = compose_event(connection, texts, job, sender.recording_link)
    if event is None:
        raise JobExpired
    sender.post_webhook(WebhookPost(event.url, event.id, event.body, event.desk), now)


def _send_sms(database: Database, sender: Sender, texts: Texts, job: Job) -> str:
    """Send an SMS, but never to a number that has written STOP to the line."""
    to, line = job.text("to"), job.text("from")
    with database.read() as connection:
        if has_sent_stop(connection, to, line):
            raise PermanentFailure("the number has opted out", OPTED_OUT)
    return sender.send_sms(to=to, from_=line, body=_rendered(texts, job))


def _recheck(database: Database, job: Job, now: datetime) -> Job:
    """Return the job in words that are true now; JobExpired where nobody needs it any more."""
    with database.read() as connection:
        verdict = recheck_job(job, now - job.created_at, load_job_facts(connection, job))
    if isinstance(verdict, Expired):
        raise JobExpired(verdict.why)
    return verdict.job


def _rendered(texts: Texts, job: Job, which: str = "message") -> str:
    """Put an SMS or a mail into words, as of the moment when there was reason to send it."""
    at = job.payload["at"]
    if not isinstance(at, datetime):
        raise TypeError("a message without its moment")
    return texts.render(
        message_of(job.payload[which]), now=at, time_zone=job.text("time_zone"), spoken=False
    )


def _ring(database: Database, sender: Sender, job: Job, now: datetime) -> str:
    """Place a leg as a call of its own, unless nobody waits for it any more."""
    call_sid, leg, seconds = job.call_sid or "", job.leg or 0, int(job.text("seconds"))
    with database.read() as connection:
        call = load_call(connection, call_sid)
        if call and _is_acknowledged_elsewhere(connection, call):
            raise JobExpired("not so any more: nobody has acknowledged the ticket")
    wanted = call.leg(leg) if call and not call.has_ended else None
    if wanted is None or wanted.outcome is not LegOutcome.RINGING:
        raise JobExpired
    is_waited_for = call is not None and not call.call_out_number
    if is_waited_for and now - job.created_at > timedelta(seconds=seconds):
        raise RingExpired
    try:
        return sender.ring(
            to=job.text("to"),
            from_=job.text("from"),
            call_sid=call_sid,
            leg=leg,
            seconds=seconds,
        )
    except TemporaryFailure as failure:
        if failure.is_uncertain:  # it may be ringing already: not a second time
            raise PermanentFailure(str(failure), failure.code) from failure
        raise


def _is_acknowledged_elsewhere(connection: Connection, call: Call) -> bool:
    """Whether a call-out would wake somebody about a ticket that has been taken meanwhile."""
    number = call.ticket.number if call.ticket else None
    if not call.call_out_number or call.acknowledged_leg is not None or not number:
        return False
    return is_acknowledged(connection, number)


def _sid_to_cancel(database: Database, job: Job) -> str:
    call_sid, leg = job.call_sid or "", job.leg or 0
    with database.read() as connection:
        sid = job.text("sid") or sid_of_leg(connection, call_sid, leg)
        if not sid and is_being_placed(connection, call_sid, leg):
            raise TemporaryFailure("the leg is being placed")
    if not sid:
        raise JobExpired
    return sid


def _store_recording(connection: Connection, job: Job, media: bytes, now: datetime) -> None:
    """Keep the recording here, and have it deleted there."""
    sid = job.text("recording")
    is_new = save_recording(connection, sid, job.call_sid or "", media, now)
    ticket = ticket_of_call(connection, job.call_sid) if is_new and job.call_sid else None
    if ticket is not None:
        _notify(connection, job, ticket, InboxEvent.MESSAGE, now)
    delete = NewJob(
        JobKind.RECORDING_DELETE,
        f"recording:{sid}:delete",
        {"recording": sid},
        desk=job.desk,
        call_sid=job.call_sid,
    )
    put_jobs(connection, [delete], now)


def _note_success(database: Database, job: Job, sid: str, now: datetime) -> None:
    def note(connection: Connection) -> None:
        finish_job(connection, job, now, sid)
        if job.kind is JobKind.SMS:
            note_sent(connection, sid, now)
            note_opt_in(connection, job.text("to"), job.text("from"), BY_NETWORK)
        if job.kind is JobKind.TICKET_MAIL:
            _note_copy(connection, job, now)
        if job.kind is JobKind.RECORDING_DELETE:
            mark_deleted_at_provider(connection, job.text("recording"), now)

    _note(database, note)
    log.info("job_done", job=job.id, kind=job.kind, attempts=job.attempts)
    if job.kind is JobKind.CALL:
        _notify_call(database, job, LegChanged(job.leg or 0, "initiated", sid), now)


def _note_copy(connection: Connection, job: Job, now: datetime) -> None:
    """Whoever gets a recording with a mail has a copy of it, which is noted as a listening."""
    copy = attachment_for(connection, job)
    if copy:
        note_recording_access(connection, copy, job.text("to"), AccessChannel.MAIL, now)


def note_failure(database: Database, job: Job, failure: SendFailure, now: datetime) -> None:
    """Try again later, or give up and let the ticket show it."""
    policy = RETRY_POLICIES[job.kind]
    code = "" if failure.code is None else str(failure.code)
    if isinstance(failure, TemporaryFailure) and job.attempts < policy.tries:
        again = now + _pause(policy, job.attempts, random.random)
        _note(database, partial(postpone_job, job=job, due_at=again, code=code, error=str(failure)))
        log.warning("job_postponed", job=job.id, kind=job.kind, attempts=job.attempts, code=code)
        return

    def give_up(connection: Connection) -> None:
        if failure.code == OPTED_OUT:
            note_opt_out(connection, job.text("to"), job.text("from"), now, BY_NETWORK)
        if fail_job(connection, job, now, code, str(failure)):
            _show_on_ticket(connection, job, code, str(failure), now)

    _note(database, give_up)
    log.error("job_failed", job=job.id, kind=job.kind, attempts=job.attempts, code=code)
    if job.kind is JobKind.CALL:
        _notify_call(database, job, LegChanged(job.leg or 0, "failed"), now)


def _drop(connection: Connection, job: Job, now: datetime, why: str) -> None:
    """Do it never: it has expired. A message that nobody got shows on its ticket."""
    if drop_job(connection, job, now, why) and job.kind in NOTICES and job.ticket:
        add_event(
            connection, job.ticket, TicketEventKind.NOTIFICATION_DROPPED, now, who=job.person or ""
        )
    log.info("job_dropped", job=job.id, kind=job.kind)


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
        _notify(connection, job, ticket, InboxEvent.MESSAGE_LOST, now)


def _notify(
    connection: Connection, job: Job, ticket: int, event: InboxEvent, now: datetime
) -> None:
    """Tell the desk's inbox what became of a recording."""
    live = find_desk(connection, job.desk) if job.desk else None
    recording = job.text("recording")
    told = InboxNotification(event, ticket, recording, now, job.call_sid, recording)
    jobs = notify_inbox(live.desk if live else None, told)
    if jobs:
        put_jobs(connection, jobs, now)


def _notify_call(database: Database, job: Job, event: LegChanged, now: datetime) -> None:
    """Let the call know that the network has taken one of its legs, or refused it."""
    try:
        request = leg_turn(job.call_sid or "", event, ClockReading(now))
        write_with_retry(partial(database.write, partial(take_turn, request=request)))
    except UnknownCall:
        log.warning("leg_of_no_call", job=job.id)
