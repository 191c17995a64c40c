"""What a job does: an SMS, a mail, a post, a call, a recording. Each asks the database first."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Final, assert_never

from sqlalchemy import Connection

from app.actions.access.login_links import compose_login_mail
from app.actions.notifications.compose import compose_event, compose_ticket_mail
from app.actions.notifications.compose_customer_mail import compose_customer_mail
from app.actions.notifications.compose_digest import compose_digest
from app.actions.notifications.compose_handover import compose_handover
from app.actions.outbox.job_outcome import OPTED_OUT, notify_of_recording
from app.actions.portal.account_mail import compose_account_mail
from app.actions.roster.ring_numbers import LONGEST, give_way, is_going_on, look_again, may_ring
from app.actions.tickets.customer_call_turns import needs_status, note_legs
from app.domain.callouts.call_out import CallOut, is_call_out
from app.domain.calls.call import Call
from app.domain.delivery_errors import DeliveryError
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.night_link import carries_link
from app.domain.texts.catalogue import Texts
from app.domain.tickets.outcome import InboxEvent
from app.gateways.mail import Attachment, Mail
from app.gateways.send_failures import PermanentFailure, SendFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.gateways.webhook import WebhookPost
from app.store import Database
from app.store.call_out_rows import load_call_out
from app.store.calls import load_call
from app.store.codec import message_of
from app.store.customer_calls import load_customer_call
from app.store.desks import find_desk
from app.store.duty_sms import duty_sms_of
from app.store.number_verifications import load_number_verification, verifications_at
from app.store.outbox import Job, is_being_placed, lock_job, put_jobs, sid_of_leg
from app.store.recordings import delete_job, is_to_be_deleted, save_recording
from app.store.shift_confirmations import find_asked_shift
from app.store.sms_senders import has_sent_stop
from app.store.tables import JobKind
from app.store.tickets import is_acknowledged, ticket_of_call


class JobExpired(Exception):
    """The job has expired: nobody needs it any more."""

    def __init__(self, why: DeliveryError = DeliveryError.EXPIRED) -> None:
        super().__init__(why)
        self.why = why


class RingExpired(JobExpired):
    """A leg that was to ring some time ago; its call goes on without it."""


def do_job(database: Database, sender: Sender, texts: Texts, job: Job, now: datetime) -> str:
    """Do what the job says; return the provider's sid where there is one."""
    match job.kind:
        case JobKind.SMS:
            return _send_sms(database, sender, texts, job)
        case JobKind.MAIL:
            subject, body = _rendered(texts, job, "subject"), _mail_body(sender, texts, job)
            sender.send_mail(Mail(job.text("to"), subject, body, job.dedup), now)
        case (
            JobKind.TICKET_MAIL
            | JobKind.CUSTOMER_MAIL
            | JobKind.DIGEST_MAIL
            | JobKind.HANDOVER_MAIL
        ):
            _send_about_tickets(database, sender, texts, job, now)
        case JobKind.LOGIN_MAIL | JobKind.ACCOUNT_MAIL:
            _send_link(database, sender, texts, job, now)
        case JobKind.WEBHOOK:
            _post(database, sender, texts, job, now)
        case (
            JobKind.CALL
            | JobKind.VERIFICATION
            | JobKind.CUSTOMER_CALL
            | JobKind.CUSTOMER_CALL_STATUS
            | JobKind.CANCEL
            | JobKind.RECORDING_FETCH
            | JobKind.RECORDING_DELETE
        ):
            return AT_PROVIDER[job.kind](database, sender, job, now)
        case _:
            assert_never(job.kind)
    return ""


def _send_about_tickets(
    database: Database, sender: Sender, texts: Texts, job: Job, now: datetime
) -> None:
    """Write a mail about one ticket or more and hand it in; of no use where nothing is to say."""
    with database.read() as connection:
        if job.kind is JobKind.DIGEST_MAIL:
            written = compose_digest(connection, texts, job, now)
        elif job.kind is JobKind.HANDOVER_MAIL:
            written = compose_handover(connection, texts, job, now)
        elif job.kind is JobKind.CUSTOMER_MAIL:
            written = compose_customer_mail(connection, texts, job, sender.address_of)
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


def _send_link(database: Database, sender: Sender, texts: Texts, job: Job, now: datetime) -> None:
    """Make a link for one person and mail it; of no use to whoever may not use it any more."""
    is_login = job.kind is JobKind.LOGIN_MAIL
    compose = compose_login_mail if is_login else compose_account_mail
    written = compose(database, texts, job, sender.address_of, now)
    if written is None:
        raise JobExpired
    sender.send_mail(Mail(written.to, written.subject, written.body, written.id), now)


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
            raise PermanentFailure(DeliveryError.OPTED_OUT, OPTED_OUT)
        link = _night_link(connection, sender, job) or _shift_link(connection, sender, job)
    if job.text("path"):
        link = sender.address_of(job.text("path"))
    # With a long name and the link it may be two: whoever is woken needs both, whole.
    body = f"{_rendered(texts, job)} {link}".rstrip()
    return sender.send_sms(to=to, from_=line, body=body)


def _mail_body(sender: Sender, texts: Texts, job: Job) -> str:
    """The words of a mail, and the address of the page that it is about, where there is one."""
    path = job.text("path")
    body = _rendered(texts, job)
    return f"{body}\n\n{sender.address_of(path)}\n" if path else body


def _night_link(connection: Connection, sender: Sender, job: Job) -> str:
    """Return the address of the night page, for whoever of the duty may take the ticket."""
    told = duty_sms_of(job)
    if told is None or not carries_link(message_of(job.payload["message"])):
        return ""
    live = find_desk(connection, told.desk)
    duty = live.desk.duty if live else None
    return sender.night_link(told) if duty and duty.night_page else ""


def _shift_link(connection: Connection, sender: Sender, job: Job) -> str:
    """Return where a shift is confirmed, while somebody is asked about it."""
    if not job.text("confirmation"):
        return ""
    one = find_asked_shift(connection, int(job.text("confirmation")))
    if one is None or one.confirmed_at or one.ended_at:
        raise JobExpired
    return sender.shift_link(one)


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
        held = _still_rings(connection, call_sid)
    wanted = held.leg(leg) if held and not held.has_ended else None
    if wanted is None or wanted.outcome is not LegOutcome.RINGING:
        raise JobExpired
    if isinstance(held, Call) and now - job.created_at > timedelta(seconds=seconds):
        raise RingExpired
    _hang_up_tests(database, sender, job.text("to"), now)
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


def _hang_up_tests(database: Database, sender: Sender, number: str, now: datetime) -> None:
    """Free a telephone that its owner tries, on whatever roster: a real call would find it busy."""
    with database.read() as connection:
        is_tried = bool(verifications_at(connection, number, now - LONGEST))
    if not is_tried:
        return
    for sid in database.write(partial(give_way, number=number, now=now)):
        with suppress(SendFailure):  # it may have ended; the call rings all the same
            sender.cancel(sid)


def _verify(database: Database, sender: Sender, job: Job, now: datetime) -> str:
    """Ring a number that its owner wants to try, once; later look whether a call needs it."""
    verification, look = int(job.text("verification")), int(job.text("look"))
    with database.read() as connection:
        found = load_number_verification(connection, verification)
    if found is None or found.is_over or found.key_pressed_at or (look == 0 and job.attempts > 1):
        raise JobExpired
    may_go_on = database.write(partial(may_ring, found=found, now=now))
    if look == 0:
        if not may_go_on:
            raise JobExpired
        return sender.ring_for_verification(
            to=found.number,
            from_=found.line,
            verification=verification,
            seconds=int(job.text("seconds")),
        )
    if not may_go_on:
        sender.cancel(found.call_sid)
    elif is_going_on(found, now):
        database.write(partial(look_again, verification=verification, look=look + 1, now=now))
    return ""


def _ring_for_customer(database: Database, sender: Sender, job: Job, _: datetime) -> str:
    """Ring whoever wants to be connected with a customer, once: they wait at a page."""
    call = int(job.text("customer_call"))
    with database.read() as connection:
        found = load_customer_call(connection, call)
    if found is None or found.status or job.attempts > 1:
        raise JobExpired
    return sender.ring_for_customer_call(
        to=found.new.number,
        from_=found.new.line,
        call=call,
        seconds=int(job.text("seconds")),
    )


def _still_rings(connection: Connection, sid: str) -> Call | CallOut | None:
    """Return the call, or the call-out: none may wake anybody about a ticket that is taken."""
    if not is_call_out(sid):
        return load_call(connection, sid)
    call_out = load_call_out(connection, sid)
    is_taken_in_it = call_out is None or call_out.hunt.taker is not None
    if call_out and not is_taken_in_it and is_acknowledged(connection, call_out.ticket.number):
        raise JobExpired(DeliveryError.TICKET_ACKNOWLEDGED)
    return call_out


def _cancel(database: Database, sender: Sender, job: Job, _: datetime) -> str:
    """Stop a leg from ringing, or end it."""
    call_sid, leg = job.call_sid or "", job.leg or 0
    with database.read() as connection:
        sid = job.text("sid") or sid_of_leg(connection, call_sid, leg)
        if not sid and is_being_placed(connection, call_sid, leg):
            raise TemporaryFailure(DeliveryError.LEG_BEING_PLACED)
    if not sid:
        raise JobExpired
    sender.cancel(sid)
    return ""


def _ask_for_legs(database: Database, sender: Sender, job: Job, now: datetime) -> str:
    """Ask how a call to a customer went, where what was told has not been taken."""
    call = int(job.text("customer_call"))
    sid = needs_status(database, call, now)
    if sid is None:
        return ""
    note_legs(database, call, int(job.text("look")), sender.legs_of(sid), now)
    return ""


def _fetch_recording(database: Database, sender: Sender, job: Job, now: datetime) -> str:
    """Bring a recording here, once.

    A worker may have died between storing it and noting so, and the provider has deleted it
    since: asking again would find nothing, and the ticket would say that the message is lost.
    """
    sid = job.text("recording")
    with database.read() as connection:
        if is_to_be_deleted(connection, sid):
            return ""
    media = sender.fetch_recording(sid)
    database.write(partial(_store_recording, job=job, media=media, now=now))
    return ""


def _store_recording(connection: Connection, job: Job, media: bytes, now: datetime) -> None:
    """Keep the recording here, and have it deleted there."""
    sid = job.text("recording")
    lock_job(connection, job)  # whoever erases its caller's data changes the job first
    if is_to_be_deleted(connection, sid):  # erased while it was on its way
        return
    is_new = save_recording(connection, sid, job.call_sid or "", media, now)
    ticket = ticket_of_call(connection, job.call_sid) if is_new and job.call_sid else None
    if ticket is not None:
        notify_of_recording(connection, job, ticket, InboxEvent.MESSAGE, now)
    put_jobs(connection, [delete_job(sid, job.desk, job.call_sid)], now)


def _delete_recording(_: Database, sender: Sender, job: Job, __: datetime) -> str:
    """Let the provider delete what is stored here."""
    sender.delete_recording(job.text("recording"))
    return ""


# Each returns the provider's sid, where there is a new one.
AT_PROVIDER: Final[Mapping[JobKind, Callable[[Database, Sender, Job, datetime], str]]] = {
    JobKind.CALL: _ring,
    JobKind.VERIFICATION: _verify,
    JobKind.CUSTOMER_CALL: _ring_for_customer,
    JobKind.CUSTOMER_CALL_STATUS: _ask_for_legs,
    JobKind.CANCEL: _cancel,
    JobKind.RECORDING_FETCH: _fetch_recording,
    JobKind.RECORDING_DELETE: _delete_recording,
}
