"""Tells a desk's contacts by mail that the telephone network does not take what we send."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.domain.decision import Sentence
from app.domain.words.texts import Texts
from app.phone.sender import NotSent
from app.store.desks import find_desk
from app.store.outbox import Job, NewJob, put_jobs
from app.store.tables import JobKind

TOLD_AFTER: Final = 4  # tries of one job: about a quarter of a minute without the network
SENT_THERE: Final = frozenset({JobKind.SMS, JobKind.CALL})


def is_telling(job: Job) -> bool:
    """Tell whether a job's failure is one that the desk should know of."""
    return job.kind in SENT_THERE and job.attempts == TOLD_AFTER


def tell_desk(
    connection: Connection, job: Job, failure: NotSent, texts: Texts, now: datetime
) -> None:
    """Put one mail for each contact in the outbox, once an hour; none where none has an address."""
    live = find_desk(connection, job.desk) if job.desk else None
    if live is None:
        return
    desk, language = live.desk, live.desk.lines[0].languages[0]
    values = (("desk", desk.name), ("error", str(failure)))

    def told(key: str) -> str:
        sentence = Sentence(key, language, values)
        return texts.render(sentence, now=now, time_zone=desk.time_zone, spoken=False)

    words = {"subject": told("mail_network_away_subject"), "body": told("mail_network_away")}
    mails = [
        NewJob(
            JobKind.MAIL,
            f"network-away:{desk.id}:{now:%Y-%m-%dT%H}:{contact.email}",
            {"to": contact.email, **words},
            desk=desk.id,
        )
        for contact in desk.contacts
        if contact.email
    ]
    if mails:
        put_jobs(connection, mails, now)
