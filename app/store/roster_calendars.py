"""Addresses of rosters' calendars as rows, and what a calendar is made from.

Only the secret's hash is stored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, true, update

from app.domain.roster.entries import with_dated
from app.domain.roster.plan import Roster
from app.store.prepared import Prepared
from app.store.roster_entries import every_entry
from app.store.roster_plans import PlanVersion, load_document_version, plan_version
from app.store.tables import (
    DeskRow,
    RosterCalendarRow,
    RosterEntryRow,
    RosterPublicationRow,
    RosterRow,
    RosterVersionRow,
)
from app.store.tokens import hash_of

USE_NOTED_EVERY: Final = timedelta(hours=1)

KNOWN: Final = Prepared(
    select(RosterCalendarRow.__table__).where(RosterCalendarRow.secret_hash == bindparam("hash"))
)


@dataclass(frozen=True, slots=True)
class NewRosterCalendar:
    """A calendar for which an address is made: of a whole roster, or of one person in it."""

    roster: str
    person: str | None
    language: str


@dataclass(frozen=True, slots=True)
class RosterCalendar:
    """A calendar that has an address."""

    id: int
    roster: str
    person: str | None
    language: str
    created_at: datetime
    last_used_at: datetime | None

    def is_use_to_note(self, now: datetime) -> bool:
        """Tell whether this use is to be noted: at most once an hour."""
        return self.last_used_at is None or now - self.last_used_at >= USE_NOTED_EVERY


@dataclass(frozen=True, slots=True)
class RosterState:
    """What a roster's calendar depends on. `changed_at` is the last change of any of it."""

    version: PlanVersion
    number: int  # the document's own count of its versions
    changed_at: datetime
    desks: tuple[str, ...]  # names of those that use it
    published_until: datetime | None = None
    published: int = 0  # how often it was published, and how often that was undone

    @property
    def sequence(self) -> int:
        """What rises with each change of document and entries, and each publication."""
        return self.number + self.version.revision + self.published


def add_roster_calendar(
    connection: Connection, calendar: NewRosterCalendar, secret: str, now: datetime
) -> int:
    """Store a calendar by the hash of its address's secret; return its id."""
    row = {
        "roster": calendar.roster,
        "person": calendar.person,
        "language": calendar.language,
        "secret_hash": hash_of(secret),
        "created_at": now,
    }
    added = insert(RosterCalendarRow).values(row).returning(RosterCalendarRow.id)
    return connection.execute(added).scalar_one()


def find_roster_calendar(connection: Connection, secret: str) -> RosterCalendar | None:
    """Return the calendar with this secret, or None."""
    row = KNOWN.first(connection, {"hash": hash_of(secret)})
    return _calendar(row) if row else None


def list_roster_calendars(connection: Connection, roster: str) -> tuple[RosterCalendar, ...]:
    """List a roster's calendars, the oldest first."""
    wanted = select(RosterCalendarRow).where(RosterCalendarRow.roster == roster)
    rows = connection.execute(wanted.order_by(RosterCalendarRow.id))
    return tuple(_calendar(row) for row in rows)


def remove_roster_calendar(
    connection: Connection, roster: str, calendar: int
) -> RosterCalendar | None:
    """Take away a calendar's address; return what it was, None where there is none."""
    this = (RosterCalendarRow.id == calendar, RosterCalendarRow.roster == roster)
    found = connection.execute(select(RosterCalendarRow).where(*this)).first()
    connection.execute(delete(RosterCalendarRow).where(*this))
    return _calendar(found) if found else None


def note_calendar_use(connection: Connection, calendar: RosterCalendar, now: datetime) -> None:
    """Note that a calendar was fetched, unless it was within the last hour."""
    last = RosterCalendarRow.last_used_at
    is_new = or_(last.is_(None), last <= now - USE_NOTED_EVERY)
    used = update(RosterCalendarRow).where(RosterCalendarRow.id == calendar.id, is_new)
    connection.execute(used.values(last_used_at=now))


def load_roster_state(connection: Connection, roster: str) -> RosterState:
    """Return what a roster's calendar depends on."""
    of_roster = RosterEntryRow.roster == roster
    made = select(func.max(RosterEntryRow.made_at)).where(of_roster).scalar_subquery()
    gone = select(func.max(RosterEntryRow.withdrawn_at)).where(of_roster).scalar_subquery()
    publication = RosterPublicationRow
    published = (
        select(
            func.max(publication.at).label("published_at"),
            func.max(publication.undone_at).label("undone_at"),
            (func.count(publication.id) + func.count(publication.undone_at)).label("published"),
        )
        .where(publication.roster == roster)
        .subquery()
    )
    live = (
        select(
            RosterRow.id.label("roster"),
            RosterRow.version.label("roster_version"),
            RosterVersionRow.sha.label("roster_sha"),
            RosterRow.revision.label("roster_revision"),
            RosterRow.entries_sha,
            RosterVersionRow.number,
            RosterVersionRow.at,
            made.label("made_at"),
            gone.label("withdrawn_at"),
            RosterRow.published_until,
            published,
        )
        .select_from(RosterRow)
        .join(published, true())
        .join(RosterVersionRow, RosterVersionRow.id == RosterRow.version)
        .where(RosterRow.id == roster)
    )
    row = connection.execute(live).one()
    desks = select(DeskRow.name).where(DeskRow.roster == roster).order_by(DeskRow.id)
    moments = (row.at, row.made_at, row.withdrawn_at, row.published_at, row.undone_at)
    names = tuple(connection.execute(desks).scalars())
    return RosterState(
        plan_version(row),
        row.number,
        max(filter(None, moments)),
        names,
        row.published_until,
        row.published,
    )


def load_plan_as_of(connection: Connection, roster: str, at: datetime) -> Roster | None:
    """Return the plan as it was at an instant; None from before the roster."""
    then = (
        select(RosterVersionRow.id, RosterVersionRow.sha)
        .where(RosterVersionRow.roster == roster, RosterVersionRow.at <= at)
        .order_by(RosterVersionRow.number.desc())
        .limit(1)
    )
    found = connection.execute(then).first()
    if found is None:
        return None
    document = load_document_version(connection, roster, found.id, found.sha)
    entries = every_entry(connection, roster)
    in_force = (
        each.dated
        for each in entries
        if each.made_at <= at and not (each.withdrawal and each.withdrawal.at <= at)
    )
    return with_dated(document, in_force)


def _calendar(row: Row[*tuple[Any, ...]]) -> RosterCalendar:
    return RosterCalendar(
        row.id, row.roster, row.person, row.language, row.created_at, row.last_used_at
    )
