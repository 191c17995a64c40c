"""The versions of a roster as rows have them: what was changed at which moment, the newest first.

Nothing is stored for it: documents and entries have author and time. Entries that retention has
deleted are gone from here too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select, union

from app.domain.access.actor import ActorKind
from app.domain.roster.entries import RosterEntry
from app.domain.roster.plan import Roster
from app.domain.roster.versions import DocumentVersion, RosterChange, roster_changes
from app.store.documents import ROSTERS
from app.store.pagination import PAGE, page_of
from app.store.roster_entries import entries_of_moments, entries_standing_at
from app.store.tables import RosterEntryRow, RosterRow, RosterVersionRow

DOCUMENT: Final = (
    RosterVersionRow.number,
    RosterVersionRow.author,
    RosterVersionRow.at,
    RosterVersionRow.remark,
)
STORED: Final = select(RosterVersionRow.text, *DOCUMENT)


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A version of a roster's document, and its exact text."""

    document: DocumentVersion
    text: str


@dataclass(frozen=True, slots=True)
class VersionFilter:
    """Which versions are asked for; those `before` a moment are the next page."""

    before: datetime | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class RosterState:
    """A roster as it stood right after a moment."""

    at: datetime
    document: DocumentVersion
    text: str
    roster: Roster  # with the entries of its file
    entries: tuple[RosterEntry, ...]


def list_roster_changes(
    connection: Connection, roster: str, asked: VersionFilter
) -> tuple[RosterChange, ...]:
    """List what was changed, the newest first."""
    moments = _moments(connection, roster, asked)
    documents = select(*DOCUMENT).where(
        RosterVersionRow.roster == roster, RosterVersionRow.at.in_(moments)
    )
    found = roster_changes(
        [_document(row) for row in connection.execute(documents)],
        entries_of_moments(connection, roster, moments),
    )
    return tuple(each for each in found if each.at in moments)


def roster_state(connection: Connection, roster: str, at: datetime) -> RosterState | None:
    """Return a roster as it stood right after a moment; None before its first document."""
    then = select(RosterVersionRow.id, RosterVersionRow.sha, RosterVersionRow.text, *DOCUMENT)
    then = then.where(RosterVersionRow.roster == roster, RosterVersionRow.at <= at)
    row = connection.execute(then.order_by(RosterVersionRow.number.desc()).limit(1)).first()
    if row is None:
        return None
    document = ROSTERS.get(roster, row.sha, lambda: str(row.text))
    entries = entries_standing_at(connection, roster, at)
    return RosterState(at, _document(row), row.text, document, entries)


def first_moment(connection: Connection, roster: str) -> datetime:
    """Return when a roster got its first document."""
    first = select(RosterVersionRow.at).where(RosterVersionRow.roster == roster)
    found: datetime = connection.execute(
        first.order_by(RosterVersionRow.number).limit(1)
    ).scalar_one()
    return found


def live_document(connection: Connection, roster: str) -> StoredDocument | None:
    """Return the version of a roster's document that is live; None without the roster."""
    live = STORED.join(RosterRow, RosterRow.version == RosterVersionRow.id)
    return _stored(connection.execute(live.where(RosterRow.id == roster)).first())


def find_document(connection: Connection, roster: str, number: int) -> StoredDocument | None:
    """Return a version of a roster's document by its number."""
    return _stored(
        connection.execute(
            STORED.where(RosterVersionRow.roster == roster, RosterVersionRow.number == number)
        ).first()
    )


def last_roster_file(connection: Connection, roster: str) -> StoredDocument | None:
    """Return the newest version of a roster's document that came by a file, not from a page."""
    theirs = select(RosterVersionRow.number, RosterVersionRow.author).where(
        RosterVersionRow.roster == roster
    )
    rows = connection.execute(theirs.order_by(RosterVersionRow.number.desc()))
    found = next((row for row in rows if row.author.kind is not ActorKind.PERSON), None)
    return find_document(connection, roster, found.number) if found else None


def documents_since(connection: Connection, roster: str, number: int) -> tuple[StoredDocument, ...]:
    """Return a version of a roster's document and all later ones, in order."""
    later = STORED.where(RosterVersionRow.roster == roster, RosterVersionRow.number >= number)
    rows = connection.execute(later.order_by(RosterVersionRow.number))
    return tuple(StoredDocument(_document(row), row.text) for row in rows)


def _moments(connection: Connection, roster: str, asked: VersionFilter) -> tuple[datetime, ...]:
    changed = union(
        select(RosterVersionRow.at.label("at")).where(RosterVersionRow.roster == roster),
        select(RosterEntryRow.made_at).where(RosterEntryRow.roster == roster),
        select(RosterEntryRow.withdrawn_at).where(
            RosterEntryRow.roster == roster, RosterEntryRow.withdrawn_at.is_not(None)
        ),
    ).subquery()
    wanted = select(changed.c.at).order_by(changed.c.at.desc()).limit(page_of(asked.limit))
    if asked.before is not None:
        wanted = wanted.where(changed.c.at < asked.before)
    return tuple(connection.execute(wanted).scalars())


def _stored(row: Row[*tuple[Any, ...]] | None) -> StoredDocument | None:
    return StoredDocument(_document(row), row.text) if row else None


def _document(row: Row[*tuple[Any, ...]]) -> DocumentVersion:
    return DocumentVersion(row.number, row.author, row.at, row.remark)
