"""A desk's known outage: marked, put in words, ended; the audit trail tells who did.

Whoever asked for it by 8 gets one SMS at the end, in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.domain.access.audit import (
    AuditKind,
    Author,
    Subject,
    SubjectKind,
    Value,
    audit_event,
    changes,
)
from app.domain.desks.desk import Desk
from app.domain.desks.known_outage import KnownOutage, why_not_said
from app.domain.message_refs import MessageError, ref
from app.domain.texts.localized_text import LocalizedText
from app.store import Database
from app.store.audit import add_audit_event
from app.store.desks import find_desk
from app.store.outage_mail import mails_at_the_end
from app.store.outage_sms import jobs_at_the_end
from app.store.outages import (
    StoredOutage,
    add_outage,
    change_outage,
    end_outage,
    list_outages,
    open_outage,
)
from app.store.outbox import put_jobs

LONGEST_SINCE: Final = timedelta(days=60)


class OutageRefused(MessageError):
    """It cannot be so; `message` says why."""


class AlreadyKnown(OutageRefused):
    """The desk knows of one already, which tells other things."""


@dataclass(frozen=True, slots=True)
class OutageRequest:
    """What is to be known: since when, else since now, and what is said of it, by language."""

    since: datetime | None
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ended:
    """An outage that is over; `told` are sent an SMS. Not `is_done` where it was over before."""

    told: int
    is_done: bool = True


def languages_of(desk: Desk) -> tuple[str, ...]:
    """Return the languages that a desk's lines speak, in their order."""
    spoken = (language for line in desk.lines for language in line.languages)
    return tuple(dict.fromkeys(spoken))


def mark_outage(database: Database, desk: str, asked: OutageRequest, by: Author) -> int:
    """Have callers told of an outage from now on; return its id.

    The same again is the one that is there. AlreadyKnown where there is another, OutageRefused for
    a beginning or words that cannot be.
    """
    return database.write(partial(mark_outage_in, desk=desk, asked=asked, by=by))


def change_known_outage(
    database: Database, desk: str, outage: int, asked: OutageRequest, by: Author
) -> None:
    """Say something else of an outage. OutageRefused where it is over, or cannot be so."""
    database.write(partial(_change, desk=desk, outage=outage, asked=asked, by=by))


def end_known_outage(database: Database, desk: str, outage: int, by: Author) -> Ended:
    """Note that an outage is over, and tell whoever asked for it. OutageRefused for no such."""
    return database.write(partial(end_outage_in, desk=desk, outage=outage, by=by))


def outage_now(database: Database, desk: str) -> StoredOutage | None:
    """Return the outage that a desk knows of."""
    with database.read() as connection:
        return next(iter(list_outages(connection, [desk], is_open=True)), None)


def mark_outage_in(connection: Connection, desk: str, asked: OutageRequest, by: Author) -> int:
    """Mark it in a transaction that is open already."""
    live = _desk(connection, desk)
    wanted = _checked(live, asked, by.at)
    there = open_outage(connection, desk)
    if there:
        since = there.known.since if asked.since is None else wanted.since
        if replace(wanted, id=there.known.id, since=since) == there.known:
            return there.known.id
        raise AlreadyKnown(ref("outage_refused.already", since=there.known.since))
    number = add_outage(connection, desk, wanted, by.actor, by.at)
    _note(connection, AuditKind.OUTAGE_MARKED, desk, {}, _audited(wanted), by)
    return number


def end_outage_in(connection: Connection, desk: str, outage: int, by: Author) -> Ended:
    """End it in a transaction that is open already."""
    live, there = _desk(connection, desk), open_outage(connection, desk)
    if there is None or there.known.id != outage:
        known = list_outages(connection, [desk])
        if any(each.known.id == outage for each in known):
            return Ended(0, is_done=False)
        raise OutageRefused(ref("outage_refused.unknown"))
    end_outage(connection, outage, by.actor, by.at)
    jobs = jobs_at_the_end(connection, there, live, by.at)
    mails = mails_at_the_end(connection, there, live, by.at)
    if jobs or mails:
        put_jobs(connection, [*jobs, *mails], by.at)
    told: dict[str, Value] = {**_audited(there.known), "told": len(jobs) + len(mails)}
    _note(connection, AuditKind.OUTAGE_ENDED, desk, told, {}, by)
    return Ended(len(jobs) + len(mails))


def _change(
    connection: Connection, desk: str, outage: int, asked: OutageRequest, by: Author
) -> None:
    live, there = _desk(connection, desk), open_outage(connection, desk)
    if there is None or there.known.id != outage:
        raise OutageRefused(ref("outage_refused.over"))
    asked = replace(asked, since=asked.since or there.known.since)
    wanted = replace(_checked(live, asked, by.at), id=outage)
    if there.known == wanted:
        return
    change_outage(connection, wanted)
    before, after = changes(_audited(there.known), _audited(wanted))
    _note(connection, AuditKind.OUTAGE_CHANGED, desk, dict(before), dict(after), by)


def _desk(connection: Connection, desk: str) -> Desk:
    live = find_desk(connection, desk)
    if live is None:
        raise OutageRefused(ref("block.no_such_desk", desk=desk))
    return live.desk


def _checked(desk: Desk, asked: OutageRequest, now: datetime) -> KnownOutage:
    since = asked.since or now
    if since > now:
        raise OutageRefused(ref("outage_refused.later"))
    if since < now - LONGEST_SINCE:
        raise OutageRefused(ref("outage_refused.too_old", most=LONGEST_SINCE.days))
    words = {code: " ".join(text.split()) for code, text in asked.words.items()}
    for code, text in words.items():
        if text and code not in languages_of(desk):
            raise OutageRefused(ref("outage_refused.language", language=code))
        if why := why_not_said(text):
            raise OutageRefused(why)
    said = tuple((code, words[code]) for code in languages_of(desk) if words.get(code))
    return KnownOutage(0, since.replace(second=0, microsecond=0), LocalizedText(said))


def _audited(outage: KnownOutage) -> dict[str, Value]:
    words = {f"words_{code}": text for code, text in outage.words.by_language}
    return {"since": outage.since.isoformat(" ", "minutes"), **words}


def _note(
    connection: Connection,
    kind: AuditKind,
    desk: str,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    by: Author,
) -> None:
    subject = Subject(SubjectKind.DESK, desk)
    add_audit_event(connection, audit_event(kind, by, subject, before, after))
