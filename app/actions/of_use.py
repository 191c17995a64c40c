"""For how long it is of use to send something: what comes later would tell what is not so any more.

The worker may have been away, or the database, or the provider.
"""

from datetime import timedelta
from typing import Final

from app.store.codec import sentence_of
from app.store.outbox import Job
from app.store.tables import JobKind

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

NOBODY_HAS_IT: Final = ("sms_round", "alarm.ticket_unanswered", "alarm_mail.ticket_unanswered")


def is_of_use(job: Job, age: timedelta) -> bool:
    """Tell whether a job that has waited so long is still worth doing."""
    if job.text("alarm"):
        return age <= ALARM
    if job.kind is JobKind.SMS:
        return age <= (TO_STAFF if job.person else TO_CALLER)
    return age <= OF_USE_FOR.get(job.kind, timedelta.max)


def says_nobody_has_it(job: Job) -> bool:
    """Tell whether it is a message that nobody has taken a ticket: of no use once somebody has."""
    said = job.payload.get("sentence")
    return bool(said) and sentence_of(said).key.startswith(NOBODY_HAS_IT)
