"""The mails that tell customers of the portal that an outage is over: once each."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from app.domain.desks.desk import Desk
from app.domain.texts.message import Message
from app.store.outages import StoredOutage
from app.store.outbox import NewJob
from app.store.portal_cases import Subscriber, subscribers_of
from app.store.tables import JobKind


def mails_at_the_end(
    connection: Connection, outage: StoredOutage, desk: Desk, now: datetime
) -> list[NewJob]:
    """Tell everybody who has said that it affects them too."""
    return [_mail(outage, each, desk, now) for each in subscribers_of(connection, outage.known.id)]


def _mail(outage: StoredOutage, to: Subscriber, desk: Desk, now: datetime) -> NewJob:
    values = (("desk", desk.name), ("since", outage.known.since))
    payload: dict[str, object] = {
        "to": to.email,
        "subject": asdict(Message("outage_over_mail.subject", to.language, values)),
        "message": asdict(Message("outage_over_mail.body", to.language, values)),
        "at": now,
        "time_zone": desk.time_zone,
        "path": f"/portal/{desk.id}/new",
    }
    dedup = f"outage:{outage.known.id}:user:{to.user}"
    return NewJob(JobKind.MAIL, dedup, payload, desk=desk.id, person=to.email)
