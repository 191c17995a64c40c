"""Whether a waiting job is still to be done, and with which words: the one place that decides it.

The worker may have been away, or the database, or the provider. What a message says is looked
at once more when it is sent: the ticket as it is then, its call, and the alarm.
"""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.alarms import MANNERS, AlarmKind
from app.domain.decision import Sentence, Value
from app.domain.desk import Priority
from app.store.codec import sentence_of
from app.store.outbox import Job
from app.store.tables import JobKind
from app.store.waiting_facts import FactsNow

# That somebody is calling now is no news after this; the ticket shows who was not told.
TO_STAFF: Final = timedelta(minutes=30)
TO_CALLER: Final = timedelta(days=2)  # a ticket's number is good to have the day after too
ALARM: Final = timedelta(hours=12)  # the night's, in the morning
CANCEL: Final = timedelta(hours=1)  # no leg rings that long

# A call is looked at by itself (tick.py): it rings only while its caller waits.
OF_USE_FOR: Final = {
    JobKind.CANCEL: CANCEL,
    JobKind.MAIL: ALARM,
    JobKind.DIGEST_MAIL: timedelta(hours=2),  # then the desk has been open, or closed, for long
}


class Claim(StrEnum):
    """What a message says, beside that there is a ticket or an alarm at all."""

    UNTAKEN = "nobody has taken the ticket"
    OPEN = "the ticket is not closed"
    URGENT = "the ticket is urgent"
    WRONG_NOW = "the alarm is not over"
    OVER_NOW = "the alarm is over"


UNANSWERED: Final = frozenset({Claim.UNTAKEN, Claim.OPEN, Claim.URGENT})
# The first beginning that fits a sentence's key says what it claims.
CLAIMS: Final[tuple[tuple[str, frozenset[Claim]], ...]] = (
    ("sms_duty_note", frozenset({Claim.OPEN})),  # whoever takes it needs it too
    ("sms_duty", frozenset({Claim.UNTAKEN, Claim.OPEN})),
    ("sms_round", frozenset({Claim.UNTAKEN, Claim.OPEN})),
    ("sms_ticket", frozenset({Claim.OPEN})),
    ("alarm.ticket_unanswered", UNANSWERED),
    ("alarm_mail.ticket_unanswered", UNANSWERED),
    ("alarm.", frozenset({Claim.WRONG_NOW})),
    ("alarm_mail.", frozenset({Claim.WRONG_NOW})),
    ("alarm_over.ticket_unanswered", frozenset()),  # whoever took it has taken it
    ("alarm_over.", frozenset({Claim.OVER_NOW})),
)


# The same of a caller who has hung up: nobody has the case, and this is who called.
HAS_CALLED: Final = {
    "sms_duty": "sms_round",
    "sms_duty_unknown_customer": "sms_round_unknown_customer",
}


@dataclass(frozen=True, slots=True)
class Send:
    """It is to be done, in words that are true now."""

    job: Job


@dataclass(frozen=True, slots=True)
class Drop:
    """It is not to be done any more."""

    why: str


def look_again(job: Job, age: timedelta, facts: FactsNow) -> Send | Drop:
    """Say whether a job that has waited so long is still to be done, and how it stands now."""
    if not is_young_enough(job, age):
        return Drop("it has lost its use")
    for claim in sorted(_claims(job)):
        if not _is_so(claim, job, facts):
            return Drop(f"not so any more: {claim}")
    return Send(_reworded(job, facts))


def is_young_enough(job: Job, age: timedelta) -> bool:
    """Tell whether a job that has waited so long can be of any use."""
    if job.text("alarm"):
        return age <= ALARM
    if job.kind is JobKind.SMS:
        return age <= (TO_STAFF if job.person else TO_CALLER)
    return age <= OF_USE_FOR.get(job.kind, timedelta.max)


def _claims(job: Job) -> frozenset[Claim]:
    said = job.payload.get("sentence")
    key = sentence_of(said).key if said else ""
    return next((claims for begins, claims in CLAIMS if key.startswith(begins)), frozenset())


def _is_so(claim: Claim, job: Job, facts: FactsNow) -> bool:
    ticket = facts.ticket
    match claim:
        case Claim.UNTAKEN:
            return ticket is None or not ticket.is_taken
        case Claim.OPEN:
            return ticket is None or not ticket.is_closed
        case Claim.URGENT:
            return ticket is None or ticket.is_urgent
        case Claim.WRONG_NOW:
            return not (facts.alarm_is_over and MANNERS[AlarmKind(job.text("alarm"))].ends)
        case Claim.OVER_NOW:
            return facts.alarm_is_over is not False


def _reworded(job: Job, facts: FactsNow) -> Job:
    """Say of a call that has ended that it was, and of a ticket what priority it has now."""
    said = job.payload.get("sentence")
    if not said or facts.ticket is None:
        return job
    sentence = sentence_of(said)
    key = sentence.key
    if facts.call_has_ended:
        key = HAS_CALLED.get(key, key)
    if key == "sms_ticket_critical" and facts.ticket.priority is not Priority.CRITICAL:
        key = "sms_ticket"
    values = tuple(
        (name, _value_now(name, value, sentence, facts)) for name, value in sentence.values
    )
    now = replace(sentence, key=key, values=values)
    return replace(job, payload={**job.payload, "sentence": asdict(now)})


def _value_now(name: str, value: Value, sentence: Sentence, facts: FactsNow) -> Value:
    names = dict(facts.priority_names)
    return names.get(sentence.language, value) if name == "priority" else value
