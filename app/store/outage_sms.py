"""The SMS that tell callers that an outage is over: once each, from the line that they called."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from app.domain.desks.desk import Desk
from app.domain.hunts.context import HuntHolder
from app.domain.hunts.effects import WatchOutage
from app.domain.texts.message import Message
from app.store.codec import message_of
from app.store.outages import StoredOutage, Watcher, add_watcher, open_outage, watchers_of
from app.store.outbox import MASS_SMS, Job, NewJob
from app.store.tables import JobKind


def watch_outage(
    connection: Connection,
    watch: WatchOutage,
    holder: HuntHolder,
    desk: Desk | None,
    now: datetime,
) -> list[NewJob]:
    """Note that a caller is to be told; at once where the outage has ended in the meantime."""
    watcher = Watcher(watch.to, holder.line, watch.language)
    stored = add_watcher(connection, watch.outage, watcher, now)
    if stored is None or stored.ended_at is None or desk is None:
        return []
    return [_sms(stored, watcher, desk, now)]


def jobs_at_the_end(
    connection: Connection, outage: StoredOutage, desk: Desk, now: datetime
) -> list[NewJob]:
    """Tell everybody who has asked for it."""
    return [_sms(outage, each, desk, now) for each in watchers_of(connection, outage.known.id)]


def watch_again(connection: Connection, job: Job, now: datetime) -> None:
    """Tell whoever was not told the end of one outage the end of the one that the desk has now."""
    outage = open_outage(connection, job.desk) if job.desk else None
    if outage:
        language = message_of(job.payload["message"]).language
        watcher = Watcher(job.text("to"), job.text("from"), language)
        add_watcher(connection, outage.known.id, watcher, now)


def _sms(outage: StoredOutage, watcher: Watcher, desk: Desk, now: datetime) -> NewJob:
    line = desk.line(watcher.line) or desk.lines[0]
    values = (("desk", desk.name), ("since", outage.known.since), ("phone", line.public_number))
    payload: dict[str, object] = {
        "to": watcher.digits,
        "from": line.number,
        "message": asdict(Message("sms_outage_over", watcher.language, values)),
        "at": now,
        "outage": str(outage.known.id),
        "time_zone": desk.time_zone,
    }
    dedup = f"outage:{outage.known.id}:{watcher.digits}"
    return NewJob(JobKind.SMS, dedup, payload, desk=outage.desk, urgency=MASS_SMS)
