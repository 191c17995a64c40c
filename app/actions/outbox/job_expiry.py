"""Whether a waiting job has expired, and how its message reads now: the one place that decides it.

The worker may have been away, or the database, or the provider. What a message says is looked
at once more when it is sent: the ticket as it is then, its call, the alarm,
and the outage that the desk knows of.
"""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.delivery_errors import DeliveryError
from app.domain.desks.desk import Priority
from app.domain.health.alarms import ALARM_POLICIES, AlarmKind
from app.domain.texts.message import Message, Value
from app.store.codec import message_of
from app.store.job_facts import JobFacts
from app.store.outbox import Job
from app.store.tables import JobKind

# That somebody is calling now is no news after this; the ticket shows who was not told.
TO_STAFF: Final = timedelta(minutes=30)
TO_CALLER: Final = timedelta(days=2)  # a ticket's number is good to have the day after too
ALARM: Final = timedelta(hours=12)  # the night's, in the morning
OUTAGE_OVER: Final = timedelta(hours=6)  # whoever waited for it has seen that by then
TO_CONFIRM: Final = timedelta(
    hours=12
)  # nobody asks again; when it is sent, the shift is looked at
CANCEL: Final = timedelta(hours=1)  # no leg rings that long

# A call is looked at by itself (do_job.py): it rings only while its caller waits.
EXPIRES_AFTER: Final = {
    JobKind.CANCEL: CANCEL,
    JobKind.VERIFICATION: timedelta(minutes=1),  # whoever asked has put the telephone away
    JobKind.CUSTOMER_CALL: timedelta(minutes=1),
    JobKind.MAIL: ALARM,
    JobKind.LOGIN_MAIL: timedelta(minutes=15),  # whoever asked has asked again, or given up
    JobKind.ACCOUNT_MAIL: timedelta(days=1),
    JobKind.HANDOVER_MAIL: timedelta(hours=2),
    JobKind.DIGEST_MAIL: timedelta(hours=2),  # then the desk has been open, or closed, for long
}


class Claim(StrEnum):
    """What a message says, beside that there is a ticket or an alarm at all."""

    UNACKNOWLEDGED = "unacknowledged"
    OPEN = "open"
    URGENT = "urgent"
    WRONG_NOW = "wrong_now"
    OVER_NOW = "over_now"
    NO_OUTAGE = "no_outage"
    UNANSWERED = "unanswered"


# Why a message is dropped whose claim is not so any more.
NOT_SO: Final = {
    Claim.UNACKNOWLEDGED: DeliveryError.TICKET_ACKNOWLEDGED,
    Claim.OPEN: DeliveryError.TICKET_CLOSED,
    Claim.URGENT: DeliveryError.TICKET_NOT_URGENT,
    Claim.WRONG_NOW: DeliveryError.ALARM_OVER,
    Claim.OVER_NOW: DeliveryError.ALARM_IS_BACK,
    Claim.NO_OUTAGE: DeliveryError.OUTAGE_IS_BACK,
    Claim.UNANSWERED: DeliveryError.TICKET_ANSWERED,
}


WAITS_FOR_ANSWER: Final = frozenset({Claim.OPEN, Claim.UNANSWERED})
UNACKNOWLEDGED: Final = frozenset({Claim.UNACKNOWLEDGED, Claim.OPEN, Claim.URGENT})
# The first beginning that fits a sentence's key says what it claims.
CLAIMS: Final[tuple[tuple[str, frozenset[Claim]], ...]] = (
    ("sms_duty_note", frozenset({Claim.OPEN})),  # whoever takes it needs it too
    ("sms_duty", frozenset({Claim.UNACKNOWLEDGED, Claim.OPEN})),
    ("sms_call_out", frozenset({Claim.UNACKNOWLEDGED, Claim.OPEN})),
    ("sms_ticket", frozenset({Claim.OPEN})),
    ("sms_outage_over", frozenset({Claim.NO_OUTAGE})),
    ("ring_again_told", frozenset({Claim.UNACKNOWLEDGED, Claim.OPEN})),
    ("alarm.ticket_unacknowledged", UNACKNOWLEDGED),
    ("alarm_mail.ticket_unacknowledged", UNACKNOWLEDGED),
    ("escalation.response", WAITS_FOR_ANSWER),
    ("escalation_mail.response", WAITS_FOR_ANSWER),
    ("escalation_customer.response", WAITS_FOR_ANSWER),
    ("escalation", frozenset({Claim.OPEN})),
    ("reminder_mail", frozenset({Claim.OPEN})),
    ("customer_reminder", frozenset({Claim.OPEN})),
    ("alarm.", frozenset({Claim.WRONG_NOW})),
    ("alarm_mail.", frozenset({Claim.WRONG_NOW})),
    ("alarm_over.ticket_unacknowledged", frozenset()),  # whoever took it has taken it
    ("alarm_over.", frozenset({Claim.OVER_NOW})),
)


# The same of a caller who has hung up: nobody has the case, and this is who called.
HAS_CALLED: Final = {
    "sms_duty": "sms_call_out",
    "sms_duty_unknown_customer": "sms_call_out_unknown_customer",
}


@dataclass(frozen=True, slots=True)
class StillDue:
    """It is to be done, in words that are true now."""

    job: Job


@dataclass(frozen=True, slots=True)
class Expired:
    """It is not to be done any more."""

    why: DeliveryError


def recheck_job(job: Job, age: timedelta, facts: JobFacts) -> StillDue | Expired:
    """Say whether a job that has waited so long is still to be done, and how it stands now."""
    if not has_not_expired(job, age):
        return Expired(DeliveryError.EXPIRED)
    claims = _claims(job)
    for claim, why in NOT_SO.items():
        if claim in claims and not _holds(claim, job, facts):
            return Expired(why)
    return StillDue(_reworded(job, facts))


def has_not_expired(job: Job, age: timedelta) -> bool:
    """Tell whether a job that has waited so long can be of any use."""
    if job.text("alarm") or job.text("escalation"):
        return age <= ALARM
    if job.text("outage"):
        return age <= OUTAGE_OVER
    if job.text("confirmation"):
        return age <= TO_CONFIRM
    if job.kind is JobKind.SMS:
        return age <= (TO_STAFF if job.person else TO_CALLER)
    return age <= EXPIRES_AFTER.get(job.kind, timedelta.max)


def _claims(job: Job) -> frozenset[Claim]:
    said = job.payload.get("message")
    key = message_of(said).key if said else ""
    return next((claims for begins, claims in CLAIMS if key.startswith(begins)), frozenset())


def _holds(claim: Claim, job: Job, facts: JobFacts) -> bool:
    ticket = facts.ticket
    match claim:
        case Claim.UNACKNOWLEDGED:
            return ticket is None or ticket.acknowledged is None
        case Claim.OPEN:
            return ticket is None or ticket.closed is None
        case Claim.UNANSWERED:
            return ticket is None or ticket.responded_at is None
        case Claim.URGENT:
            return ticket is None or ticket.is_urgent
        case Claim.WRONG_NOW:
            return not (
                facts.alarm_is_resolved and ALARM_POLICIES[AlarmKind(job.text("alarm"))].can_resolve
            )
        case Claim.OVER_NOW:
            return facts.alarm_is_resolved is not False
        case Claim.NO_OUTAGE:
            return not facts.has_outage


def _reworded(job: Job, facts: JobFacts) -> Job:
    """Say of a call that has ended that it was, and of a ticket what priority it has now."""
    said = job.payload.get("message")
    if not said or facts.ticket is None:
        return job
    message = message_of(said)
    key = message.key
    if facts.call_has_ended:
        key = HAS_CALLED.get(key, key)
    if key == "sms_ticket_critical" and facts.ticket.priority is not Priority.CRITICAL:
        key = "sms_ticket"
    values = tuple(
        (name, _value_now(name, value, message, facts)) for name, value in message.values
    )
    now = replace(message, key=key, values=values)
    return replace(job, payload={**job.payload, "message": asdict(now)})


def _value_now(name: str, value: Value, message: Message, facts: JobFacts) -> Value:
    names = dict(facts.priority_names)
    return names.get(message.language, value) if name == "priority" else value
