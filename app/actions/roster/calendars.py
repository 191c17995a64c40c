"""Addresses of rosters' calendars: made, found by their secret, and taken away."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.actions.roster.roster_of_desk import check_person, roster_of_desk
from app.domain.access.audit import (
    AuditKind,
    Author,
    Subject,
    SubjectKind,
    Values,
    audit_event,
)
from app.domain.message_refs import MessageError, ref
from app.domain.roster.calendar_events import DAYS_CANCELLED
from app.domain.roster.calendar_words import CalendarFeed
from app.domain.roster.plan import Roster
from app.store import Database
from app.store.audit import add_audit_event
from app.store.roster_calendars import (
    NewRosterCalendar,
    RosterCalendar,
    RosterState,
    add_roster_calendar,
    find_roster_calendar,
    list_roster_calendars,
    load_plan_as_of,
    load_roster_state,
    note_calendar_use,
    remove_roster_calendar,
)
from app.store.roster_plans import load_plan

BYTES: Final = 32
LONGEST_SECRET: Final = 100
FORMAT: Final = "1"  # another one where the same roster is written differently
PATH: Final = "/ical"


@dataclass(frozen=True, slots=True)
class WantedCalendar:
    """Whose calendar is to get an address: a person of the desk's roster, or None for everybody."""

    desk: str
    person: str | None = None
    language: str | None = None  # none: the person's own


@dataclass(frozen=True, slots=True)
class OpenCalendar:
    """A calendar that somebody asks for by its address, as it is now. `etag` names just this."""

    calendar: RosterCalendar
    state: RosterState
    etag: str


def create_calendar(database: Database, wanted: WantedCalendar, by: Author) -> str:
    """Make an address and return its secret: the only time that anybody sees it.

    MessageError for an unknown desk or person.
    """
    secret = secrets.token_urlsafe(BYTES)

    def create(connection: Connection) -> str:
        roster = roster_of_desk(connection, wanted.desk)
        if wanted.person:
            check_person(roster, wanted.person)
        person = roster.person(wanted.person) if wanted.person else None
        language = wanted.language or (person.language if person else "") or "nb"
        new = NewRosterCalendar(roster.id, wanted.person, language)
        number = add_roster_calendar(connection, new, secret, by.at)
        _audit(connection, AuditKind.CALENDAR_ADDED, by, roster.id, number, wanted.person)
        return secret

    return database.write(create)


def revoke_calendar(database: Database, desk: str, number: int, by: Author) -> RosterCalendar:
    """Take an address away, at once; MessageError where it is not one of the desk's roster."""

    def revoke(connection: Connection) -> RosterCalendar:
        roster = roster_of_desk(connection, desk)
        gone = remove_roster_calendar(connection, roster.id, number)
        if gone is None:
            raise MessageError(ref("calendar_refused.unknown", number=number, desk=desk))
        _audit(connection, AuditKind.CALENDAR_REVOKED, by, roster.id, number, gone.person)
        return gone

    return database.write(revoke)


def list_calendars(database: Database, desk: str) -> tuple[Roster, tuple[RosterCalendar, ...]]:
    """List the calendars of a desk's roster; MessageError for an unknown desk."""
    with database.read() as connection:
        roster = roster_of_desk(connection, desk)
        return roster, list_roster_calendars(connection, roster.id)


def open_calendar(database: Database, secret: str, now: datetime) -> OpenCalendar | None:
    """Return the calendar whose address this is; None where there is none, or no more."""
    if not secret.isascii() or len(secret) > LONGEST_SECRET:
        return None
    with database.read() as connection:
        calendar = find_roster_calendar(connection, secret)
        if calendar is None:
            return None
        state = load_roster_state(connection, calendar.roster)
        zone = load_plan(connection, state.version).time_zone
    if calendar.is_use_to_note(now):
        database.write(partial(note_calendar_use, calendar=calendar, now=now))
    today = now.astimezone(ZoneInfo(zone)).date()
    names = (FORMAT, today, calendar.id, state)
    return OpenCalendar(calendar, state, sha256(repr(names).encode()).hexdigest()[:32])


def feed_of(database: Database, opened: OpenCalendar, now: datetime) -> CalendarFeed:
    """Load what the calendar is made from: the plan as it is, and as it was."""
    calendar, state = opened.calendar, opened.state
    with database.read() as connection:
        plans = (load_plan_as_of(connection, calendar.roster, at) for at in _earlier(state, now))
        return CalendarFeed(
            load_plan(connection, state.version),
            state.desks,
            calendar.person,
            state.sequence,
            state.changed_at,
            tuple(plan for plan in plans if plan),
            state.published_until,
        )


def _earlier(state: RosterState, now: datetime) -> Iterator[datetime]:
    """As what stood there is looked up: thirty days ago, and just before the last change.

    Whatever came and went between the two is simply not in the file any more.
    """
    first = now - timedelta(days=DAYS_CANCELLED)
    if state.changed_at > first:
        yield first
        yield state.changed_at - datetime.resolution


def _audit(
    connection: Connection,
    kind: AuditKind,
    by: Author,
    roster: str,
    number: int,
    person: str | None,
) -> None:
    values: Values = {"calendar": number, "person": person} if person else {"calendar": number}
    is_added = kind is AuditKind.CALENDAR_ADDED
    subject = Subject(SubjectKind.ROSTER, roster)
    before, after = ({}, values) if is_added else (values, {})
    add_audit_event(connection, audit_event(kind, by, subject, before, after))
