"""A roster published up to a day: what that tells whom is shown first, and it is undone at will.

People are told by the worker, ten minutes later, as they have chosen (duty_notices.py).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, audit_event
from app.domain.message_refs import MessageError, ref
from app.domain.roster.duty_notices import NoticeKind
from app.domain.roster.entry_effect import OpenedGap
from app.domain.roster.publication import (
    LONGEST,
    Publication,
    newly_published,
    span_published,
)
from app.domain.roster.timeline import timeline
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.audit import add_audit_event
from app.store.notice_choices import load_notice_choices
from app.store.roster_entries import lock_roster
from app.store.roster_publications import (
    add_publication,
    newest_publication,
    undo_publication_row,
)
from app.store.users import list_users


@dataclass(frozen=True, slots=True)
class PublishedState:
    """Up to when a roster is published, and the publication that can be undone."""

    roster: RosterInUse
    newest: Publication | None


@dataclass(frozen=True, slots=True)
class PersonNotified:
    """How many shifts somebody gets by a publication, and whether they have chosen to be told."""

    person: str
    shifts: int
    by_sms: bool
    by_mail: bool

    @property
    def is_told(self) -> bool:
        """Whether anything is sent to them."""
        return self.by_sms or self.by_mail


@dataclass(frozen=True, slots=True)
class PublicationTrial:
    """What a publication would do; nothing is saved."""

    span: Interval
    people: tuple[PersonNotified, ...]
    gaps: tuple[OpenedGap, ...]  # published with it


def show_published(database: Database, roster: str) -> PublishedState | None:
    """Tell up to when a roster is published; None where no desk uses one of this id."""
    with database.read() as connection:
        found = roster_in_use(connection, roster)
        return PublishedState(found, newest_publication(connection, roster)) if found else None


def try_publication(
    database: Database, state: PublishedState, until: datetime, now: datetime
) -> PublicationTrial:
    """Work out who would be told of what; MessageError for a day that cannot be."""
    check_border(state.roster, until, now)
    roster = state.roster
    span = span_published(roster.published_until, until, now)
    with database.read() as connection:
        choices = load_notice_choices(connection)
        users = list_users(connection)
    told = {
        user.person.person: choices[user.id]
        for user in users
        if user.person and user.person.roster == roster.id and user.id in choices
        if not user.is_disabled
    }
    shifts = [each.person for each in newly_published(roster.plan, span)]
    kind = NoticeKind.PUBLISHED
    people = tuple(
        PersonNotified(
            person.id,
            shifts.count(person.id),
            person.id in told and kind in told[person.id].sms,
            person.id in told and kind in told[person.id].mail,
        )
        for person in roster.plan.people
        if person.id in shifts
    )
    shown = timeline(roster.plan, roster.desks, Interval(roster.published_until or now, until))
    gaps = (OpenedGap(each.desk, each.gaps) for each in shown.desks)
    return PublicationTrial(span, people, tuple(each for each in gaps if each.when))


def publish(
    database: Database, roster: str, until: datetime, seen: datetime | None, by: Author
) -> int:
    """Publish a roster up to an instant; return the publication's number.

    The same one again is the one that is there. MessageError for a day that cannot be, and where
    somebody else has published it since `seen` was read.
    """
    return database.write(partial(_publish, roster=roster, until=until, seen=seen, by=by))


def undo_publication(database: Database, roster: str, number: int, by: Author) -> bool:
    """Undo the newest publication; False where this one is not the newest any more."""
    return database.write(partial(_undo, roster=roster, number=number, by=by))


def check_border(roster: RosterInUse, until: datetime, now: datetime) -> None:
    """Raise MessageError for a border that is over, before the one there is, or too far away."""
    border = roster.published_until
    if until <= now:
        raise MessageError(ref("roster_publish.is_over"))
    if border and until <= border:
        raise MessageError(ref("roster_publish.is_published", at=border))
    if until > now + LONGEST:
        raise MessageError(ref("roster_publish.too_far", days=LONGEST.days))


def _publish(
    connection: Connection, roster: str, until: datetime, seen: datetime | None, by: Author
) -> int:
    lock_roster(connection, roster)
    found = roster_in_use(connection, roster)
    if found is None:
        raise MessageError(ref("roster_publish.unknown"))
    newest = newest_publication(connection, roster)
    if newest and newest.until == until:
        return newest.id  # pressed twice
    if found.published_until != seen:
        raise MessageError(ref("roster_publish.meanwhile"))
    check_border(found, until, by.at)
    number = add_publication(connection, roster, until, by)
    _note(connection, AuditKind.ROSTER_PUBLISHED, roster, (found.published_until, until), by)
    return number


def _undo(connection: Connection, roster: str, number: int, by: Author) -> bool:
    lock_roster(connection, roster)
    newest = newest_publication(connection, roster)
    if newest is None or newest.id != number:
        return False
    undo_publication_row(connection, newest, by)
    _note(connection, AuditKind.PUBLICATION_UNDONE, roster, (newest.until, newest.before), by)
    return True


def _note(
    connection: Connection,
    kind: AuditKind,
    roster: str,
    change: tuple[datetime | None, datetime | None],
    by: Author,
) -> None:
    before, after = ({"published_until": at.isoformat() if at else None} for at in change)
    subject = Subject(SubjectKind.ROSTER, roster)
    add_audit_event(connection, audit_event(kind, by, subject, before, after))
