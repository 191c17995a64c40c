"""The worker's due work: one job of the outbox at a time, sent and noted.

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

from app.actions.notify import copy_for, write_event, write_ticket_mail
from app.actions.of_use import Drop, look_again
from app.actions.take_turn import UnknownCall, take_leg_turn
from app.actions.tell_desk import is_telling, tell_desk
from app.actions.write_digest import write_digest
from app.domain.call import Call, LegChanged, LegOutcome
from app.domain.words.texts import Texts
from app.phone.mailbox import Attachment, Mail
from app.phone.sender import NotSent, PermanentFailure, Sender, TemporaryFailure
from app.phone.webhook import Post
from app.store import Database, DatabaseUnavailable
from app.store.calls import load_call
from app.store.codec import sentence_of
from app.store.desks import find_desk
from app.store.listenings import Way, note_listening
from app.store.notifications import Notification, Notified, notify_inbox
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
from app.store.recordings import mark_deleted_there, save_recording
from app.store.sms import note_sent
from app.store.sms_senders import BY_NETWORK, has_sent_stop, note_opt_in, note_opt_out
from app.store.tables import JobKind
from app.store.tickets import Happened, add_event, is_taken, ticket_of_call
from app.store.until_stored import until_stored
from app.store.waiting_facts import facts_now

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=60)  # four times as long as the sender's longest wait
LONGEST_PAUSE: Final = timedelta(minutes=5)
DATABASE_PAUSE: Final = timedelta(seconds=2)  # a job that met a busy database waits so long
# What tells somebody of a ticket: when it does not, the ticket shows it.
NOTICES: Final = frozenset({JobKind.SMS, JobKind.MAIL, JobKind.TICKET_MAIL, JobKind.WEBHOOK})
# Somebody waits for these: a mail server or a webhook that is slow must not hold them up.
TELEPHONE: Final = (JobKind.CALL, JobKind.CANCEL, JobKind.SMS)
OPTED_OUT: Final = 21610  # the provider's code for a number that has written STOP
NEVER_MIND: Final = "it has lost its use"


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a job is tried, and how long after the first failure it is tried again."""

    tries: int
    first_pause: timedelta


PATIENCE: Final = {
    JobKind.SMS: Patience(12, timedelta(seconds=2)),
    JobKind.MAIL: Patience(20, timedelta(seconds=10)),
    JobKind.TICKET_MAIL: Patience(40, timedelta(seconds=10)),  # three hours; the digest shows it
    JobKind.DIGEST_MAIL: Patience(20, timedelta(seconds=10)),
    JobKind.WEBHOOK: Patience(40, timedelta(seconds=5)),
    JobKind.CALL: Patience(3, timedelta(seconds=1)),  # the caller waits: then in order
    JobKind.CANCEL: Patience(6, timedelta(seconds=1)),
    JobKind.RECORDING_FETCH: Patience(40, timedelta(seconds=2)),
    JobKind.RECORDING_DELETE: Patience(40, timedelta(seconds=10)),
}


class Useless(Exception):
    """Nobody needs the job any more."""


class TooLate(Useless):
    """A telephone that was to ring some time ago; its call goes on without it."""


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
        sid = _do(database, sender, texts, _as_it_is_now(database, job, now), now)
    except Useless as useless:
        _note(database, partial(_drop, job=job, now=now, why=str(useless) or NEVER_MIND))
        if isinstance(useless, TooLate):
            _tell_call(database, job, LegChanged(job.leg or 0, "failed"), now)
    except DatabaseUnavailable as busy:  # nothing was sent: _do asks the database first
        log.warning("database_away", job=job.id, kind=job.kind, error=str(busy))
        again = now + DATABASE_PAUSE
        _note(database, partial(release_job, job=job, due_at=again, error=str(busy)))
    except NotSent as failure:
        if is_telling(job):
            _note(database, partial(tell_desk, job=job, error=str(failure), now=now))
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
    until_stored(partial(database.write, work))


def _do(database: Database, sender: Sender, texts: Texts, job: Job, now: datetime) -> str:
    """Do what the job says; return the provider's sid where there is one."""
    match job.kind:
        case JobKind.SMS:
            return _send_sms(database, sender, texts, job)
        case JobKind.MAIL:
            subject, body = _words(texts, job, "subject"), _words(texts, job)
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
            written = write_digest(connection, texts, job, now)
        else:
            written = write_ticket_mail(connection, texts, job, sender.recording_link)
    if written is None:
        raise Useless
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
        event = write_event(connection, texts, job, sender.recording_link)
    if event is None:
        raise Useless
    sender.post_webhook(Post(event.url, event.id, event.body, event.desk), now)


def _send_sms(database: Database, sender: Sender, texts: Texts, job: Job) -> str:
    """Send an SMS, but never to a number that has written STOP to the line."""
    to, line = job.text("to"), job.text("from")
    with database.read() as connection:
        if has_sent_stop(connection, to, line):
            raise PermanentFailure("the number has opted out", OPTED_OUT)
    return sender.send_sms(to=to, from_=line, body=_words(texts, job))


def _as_it_is_now(database: Database, job: Job, now: datetime) -> Job:
    """Return the job in words that are true now; Useless where nobody needs it any more."""
    with database.read() as connection:
        verdict = look_again(job, now - job.created_at, facts_now(connection, job))
    if isinstance(verdict, Drop):
        raise Useless(verdict.why)
    return verdict.job


def _words(texts: Texts, job: Job, which: str = "sentence") -> str:
    """Put an SMS or a mail into words, as of the moment when there was reason to send it."""
    at = job.payload["at"]
    if not isinstance(at, datetime):
        raise TypeError("a message without its moment")
    return texts.render(
        sentence_of(job.payload[which]), now=at, time_zone=job.text("time_zone"), spoken=False
    )


def _ring(database: Database, sender: Sender, job: Job, now: datetime) -> str:
    """Place a leg as a call of its own, unless nobody waits for it any more."""
    call_sid, leg, seconds = job.call_sid or "", job.leg or 0, int(job.text("seconds"))
    with database.read() as connection:
        call = load_call(connection, call_sid)
        if call and _is_taken_elsewhere(connection, call):
            raise Useless("not so any more: nobody has taken the ticket")
    wanted = call.leg(leg) if call and not call.has_ended else None
    if wanted is None or wanted.outcome is not LegOutcome.RINGING:
        raise Useless
    is_waited_for = call is not None and not call.round
    if is_waited_for and now - job.created_at > timedelta(seconds=seconds):
        raise TooLate
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


def _is_taken_elsewhere(connection: Connection, call: Call) -> bool:
    """Whether a round would wake somebody about a ticket that has been taken meanwhile."""
    number = call.ticket.number if call.ticket else None
    if not call.round or call.took_case is not None or number is None:
        return False
    return is_taken(connection, number)


def _sid_to_cancel(database: Database, job: Job) -> str:
    call_sid, leg = job.call_sid or "", job.leg or 0
    with database.read() as connection:
        sid = job.text("sid") or sid_of_leg(connection, call_sid, leg)
        if not sid and is_being_placed(connection, call_sid, leg):
            raise TemporaryFailure("the leg is being placed")
    if not sid:
        raise Useless
    return sid


def _store_recording(connection: Connection, job: Job, media: bytes, now: datetime) -> None:
    """Keep the recording here, and have it deleted there."""
    sid = job.text("recording")
    is_new = save_recording(connection, sid, job.call_sid or "", media, now)
    ticket = ticket_of_call(connection, job.call_sid) if is_new and job.call_sid else None
    if ticket is not None:
        _notify(connection, job, ticket, Notified.MESSAGE, now)
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
            mark_deleted_there(connection, job.text("recording"), now)

    _note(database, note)
    log.info("job_done", job=job.id, kind=job.kind, attempts=job.attempts)
    if job.kind is JobKind.CALL:
        _tell_call(database, job, LegChanged(job.leg or 0, "initiated", sid), now)


def _note_copy(connection: Connection, job: Job, now: datetime) -> None:
    """Whoever gets a recording with a mail has a copy of it, which is noted as a listening."""
    copy = copy_for(connection, job)
    if copy:
        note_listening(connection, copy, job.text("to"), Way.MAIL, now)


def note_failure(database: Database, job: Job, failure: NotSent, now: datetime) -> None:
    """Try again later, or give up and let the ticket show it."""
    patience = PATIENCE[job.kind]
    code = "" if failure.code is None else str(failure.code)
    if isinstance(failure, TemporaryFailure) and job.attempts < patience.tries:
        again = now + _pause(patience, job.attempts, random.random)
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
        _tell_call(database, job, LegChanged(job.leg or 0, "failed"), now)


def _drop(connection: Connection, job: Job, now: datetime, why: str) -> None:
    """Do it never: it has lost its use. A message that nobody got shows on its ticket."""
    if drop_job(connection, job, now, why) and job.kind in NOTICES and job.ticket:
        add_event(connection, job.ticket, Happened.NOTICE_DROPPED, now, who=job.person or "")
    log.info("job_dropped", job=job.id, kind=job.kind)


def _pause(patience: Patience, attempts: int, jitter: Callable[[], float]) -> timedelta:
    """Wait twice as long each time, up to a limit; never all jobs at the same instant."""
    full = min(patience.first_pause * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)
    return full * (0.5 + jitter() / 2)


def _show_on_ticket(connection: Connection, job: Job, code: str, error: str, now: datetime) -> None:
    is_fetch = job.kind is JobKind.RECORDING_FETCH
    lost = Happened.RECORDING_LOST if is_fetch else None
    happened = Happened.NOTICE_FAILED if job.kind in NOTICES else lost
    ticket = job.ticket or (ticket_of_call(connection, job.call_sid) if job.call_sid else None)
    if happened and ticket is not None:
        who = job.person or ""
        add_event(connection, ticket, happened, now, who=who, error_code=code, error=error)
    if is_fetch and ticket is not None:
        _notify(connection, job, ticket, Notified.MESSAGE_LOST, now)


def _notify(connection: Connection, job: Job, ticket: int, event: Notified, now: datetime) -> None:
    """Tell the desk's inbox what became of a recording."""
    live = find_desk(connection, job.desk) if job.desk else None
    recording = job.text("recording")
    told = Notification(event, ticket, recording, now, job.call_sid, recording)
    jobs = notify_inbox(live.desk if live else None, told)
    if jobs:
        put_jobs(connection, jobs, now)


def _tell_call(database: Database, job: Job, event: LegChanged, now: datetime) -> None:
    """Let the call know that the network has taken one of its legs, or refused it."""
    try:
        until_stored(partial(take_leg_turn, database, job.call_sid or "", event, now))
    except UnknownCall:
        log.warning("leg_of_no_call", job=job.id)
