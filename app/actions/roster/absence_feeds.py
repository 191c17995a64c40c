"""Calendars of absences: added, removed, and read into roster entries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from app.actions.roster.roster_of_desk import check_person, roster_of_desk
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, audit_event
from app.domain.message_refs import MessageError, ref
from app.domain.roster.absence_events import absences_in
from app.domain.roster.absence_feed import (
    AbsenceChanges,
    AbsenceFeed,
    FeedFailed,
    FeedTrouble,
    absence_changes,
    entries_of,
    read_feed_address,
)
from app.domain.roster.plan import Roster
from app.domain.time.intervals import Intervals
from app.store import Database
from app.store.absence_feeds import (
    add_absence_feed,
    claim_due_absence_feed,
    find_absence_feed,
    list_absence_feeds,
    note_feed_read,
    note_feed_trouble,
    remove_absence_feed,
)
from app.store.audit import add_audit_event
from app.store.roster_calendars import load_roster_state
from app.store.roster_entries import (
    EntryChange,
    NewEntry,
    change_entries,
    every_entry,
    lock_roster,
)
from app.store.roster_plans import load_plan

log = structlog.get_logger(__name__)

Fetch = Callable[[str], bytes]  # FeedFailed where it does not succeed


@dataclass(frozen=True, slots=True)
class WantedFeed:
    """A calendar that somebody wants to be read, for a person of a desk's roster."""

    desk: str
    person: str
    url: str


def try_feed(database: Database, wanted: WantedFeed, fetch: Fetch, now: datetime) -> Intervals:
    """Read a calendar and change nothing; MessageError says why it cannot be read."""
    url = read_feed_address(wanted.url)
    with database.read() as connection:
        roster = roster_of_desk(connection, wanted.desk)
        check_person(roster, wanted.person)
    try:
        return absences_in(fetch(url), ZoneInfo(roster.time_zone), now)
    except FeedFailed as failed:
        raise MessageError(ref(f"feed_trouble.{failed.trouble}")) from None


def add_feed(database: Database, wanted: WantedFeed, by: Author) -> AbsenceFeed:
    """Let the worker read a calendar; MessageError for one that cannot be."""
    url = read_feed_address(wanted.url)

    def add(connection: Connection) -> AbsenceFeed:
        roster = roster_of_desk(connection, wanted.desk)
        check_person(roster, wanted.person)
        feed = add_absence_feed(connection, roster.id, wanted.person, url, by.at)
        _audit(connection, AuditKind.ABSENCE_FEED_ADDED, by, feed)
        return feed

    return database.write(add)


def remove_feed(database: Database, desk: str, number: int, by: Author) -> AbsenceFeed:
    """Forget a calendar; the absences that it told and that are not over are withdrawn."""

    def remove(connection: Connection) -> AbsenceFeed:
        roster = roster_of_desk(connection, desk)
        lock_roster(connection, roster.id)
        feed = find_absence_feed(connection, number)
        if feed is None or feed.roster != roster.id:
            raise MessageError(ref("feed_refused.unknown", number=number, desk=desk))
        gone = entries_of(feed, every_entry(connection, roster.id), by.at)
        if gone:
            change_entries(connection, roster.id, EntryChange(by.actor, by.at, withdraw=gone))
        remove_absence_feed(connection, feed.id)
        _audit(connection, AuditKind.ABSENCE_FEED_REMOVED, by, feed)
        return feed

    return database.write(remove)


def list_feeds(database: Database, desk: str) -> tuple[Roster, tuple[AbsenceFeed, ...]]:
    """List the calendars of absences of a desk's roster; MessageError for an unknown desk."""
    with database.read() as connection:
        roster = roster_of_desk(connection, desk)
        return roster, list_absence_feeds(connection, roster.id)


def read_next_feed(database: Database, fetch: Fetch, now: datetime) -> bool:
    """Read the next calendar that is due; False where none is.

    One that cannot be read changes no absence: what it told last goes on to hold.
    """
    feed = database.write(partial(claim_due_absence_feed, now=now))
    if feed is None:
        return False
    try:
        zone = _zone_of(database, feed)
        read = absences_in(fetch(feed.url), zone, now)
        changes = database.write(partial(_take_over, feed=feed, read=read, now=now))
    except FeedFailed as failed:
        database.write(partial(note_feed_trouble, feed=feed, trouble=failed.trouble, now=now))
        log.warning(
            "absence_feed_not_read",
            feed=feed.id,
            roster=feed.roster,
            host=feed.host,
            trouble=failed.trouble,
            since=(feed.failing_since or now).isoformat(),
        )
        return True
    if changes:
        log.info("absences_read", feed=feed.id, added=len(changes.add), gone=len(changes.withdraw))
    return True


def _zone_of(database: Database, feed: AbsenceFeed) -> ZoneInfo:
    """The roster's zone; FeedFailed where the person has left the roster."""
    with database.read() as connection:
        plan = load_plan(connection, load_roster_state(connection, feed.roster).version)
    if plan.person(feed.person) is None:
        raise FeedFailed(FeedTrouble.UNKNOWN_PERSON)
    return ZoneInfo(plan.time_zone)


def _take_over(
    connection: Connection, feed: AbsenceFeed, read: Intervals, now: datetime
) -> AbsenceChanges:
    lock_roster(connection, feed.roster)
    if find_absence_feed(connection, feed.id) is None:  # removed while it was fetched
        return AbsenceChanges()
    changes = absence_changes(feed, read, every_entry(connection, feed.roster), now)
    if changes:
        added = tuple(NewEntry(each, feed.actor) for each in changes.add)
        change = EntryChange(feed.actor, now, added, changes.withdraw)
        change_entries(connection, feed.roster, change)
    note_feed_read(connection, feed.id, now)
    return changes


def _audit(connection: Connection, kind: AuditKind, by: Author, feed: AbsenceFeed) -> None:
    values = {"person": feed.person, "host": feed.host}
    is_added = kind is AuditKind.ABSENCE_FEED_ADDED
    before, after = ({}, values) if is_added else (values, {})
    subject = Subject(SubjectKind.ROSTER, feed.roster)
    add_audit_event(connection, audit_event(kind, by, subject, before, after))
