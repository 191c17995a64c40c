"""Roster entries as rows. Every change is a new revision of its roster; nothing is forgotten."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from app.domain.access.actor import Actor
from app.domain.roles import rotation_role
from app.domain.roster.entries import (
    Consent,
    Dated,
    EntryKind,
    RosterEntry,
    Withdrawal,
    identity_of,
)
from app.domain.roster.plan import Absence, Override
from app.store.documents import sha_of
from app.store.tables import DeskRow, RosterEntryRow, RosterRow

# Of two overrides the later wins; one that has moved with its shift stands where it stood.
IN_ORDER: Final = (func.coalesce(RosterEntryRow.place, RosterEntryRow.id), RosterEntryRow.id)
IN_FORCE: Final = (
    select(RosterEntryRow)
    .where(RosterEntryRow.roster == bindparam("of_roster"), RosterEntryRow.withdrawn_in.is_(None))
    .order_by(*IN_ORDER)
)
NO_ENTRIES: Final = ""  # the hash of none
PURGED_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be stored, and who makes it; `place` is the entry in whose place it stands."""

    dated: Dated
    author: Actor
    place: int | None = None
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What is added to a roster and what is withdrawn from it at once, by whom and when."""

    by: Actor
    at: datetime
    add: tuple[NewEntry, ...] = ()
    withdraw: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return bool(self.add or self.withdraw)


def entries_in_force(connection: Connection, roster: str) -> tuple[RosterEntry, ...]:
    """Return the entries in force, in the order in which they count."""
    return _read(connection.execute(IN_FORCE, {"of_roster": roster}))


@dataclass(slots=True)
class EntriesOfRosters:
    """The entries in force of several rosters: read in one statement, by the first asked for."""

    connection: Connection
    wanted: Sequence[str | None]
    _read: dict[str, list[RosterEntry]] | None = None

    def of(self, roster: str) -> list[RosterEntry]:
        """Return the entries of one of them."""
        if self._read is None:
            theirs = RosterEntryRow.roster.in_({each for each in self.wanted if each})
            in_force = select(RosterEntryRow).where(theirs, RosterEntryRow.withdrawn_in.is_(None))
            self._read = {}
            for row in self.connection.execute(in_force.order_by(*IN_ORDER)):
                self._read.setdefault(row.roster, []).append(_entry(row))
        return self._read.get(roster, [])


def entries_at(connection: Connection, roster: str, revision: int) -> tuple[RosterEntry, ...]:
    """Return the entries that were in force at a revision."""
    then = _all(roster).where(
        RosterEntryRow.added_in <= revision,
        or_(RosterEntryRow.withdrawn_in.is_(None), RosterEntryRow.withdrawn_in > revision),
    )
    return _read(connection.execute(then))


def entries_standing_at(
    connection: Connection, roster: str, at: datetime
) -> tuple[RosterEntry, ...]:
    """Return the entries that were in force right after a moment."""
    then = _all(roster).where(
        RosterEntryRow.made_at <= at,
        or_(RosterEntryRow.withdrawn_at.is_(None), RosterEntryRow.withdrawn_at > at),
    )
    return _read(connection.execute(then))


def entries_of_moments(
    connection: Connection, roster: str, moments: Collection[datetime]
) -> tuple[RosterEntry, ...]:
    """Return the entries that were made or withdrawn at one of these moments."""
    theirs = or_(RosterEntryRow.made_at.in_(moments), RosterEntryRow.withdrawn_at.in_(moments))
    return _read(connection.execute(_all(roster).where(theirs)))


def every_entry(connection: Connection, roster: str) -> tuple[RosterEntry, ...]:
    """Return every entry, withdrawn ones too."""
    return _read(connection.execute(_all(roster)))


def find_entry(connection: Connection, roster: str, entry: int) -> RosterEntry | None:
    """Return one entry of a roster, or None."""
    return next(
        iter(_read(connection.execute(_all(roster).where(RosterEntryRow.id == entry)))), None
    )


def find_entries(
    connection: Connection, roster: str, entries: Collection[int]
) -> tuple[RosterEntry, ...]:
    """Return these entries of a roster, withdrawn ones too."""
    if not entries:
        return ()
    return _read(connection.execute(_all(roster).where(RosterEntryRow.id.in_(entries))))


def lock_roster(connection: Connection, roster: str) -> int | None:
    """Let one change of a roster go on at a time; return its revision, None without it."""
    locked = select(RosterRow.revision).where(RosterRow.id == roster)
    return connection.execute(locked.with_for_update(key_share=True)).scalar()


def roster_revision(connection: Connection, roster: str) -> int | None:
    """Return how often a roster's entries were changed; None without the roster."""
    return connection.execute(select(RosterRow.revision).where(RosterRow.id == roster)).scalar()


def change_entries(connection: Connection, roster: str, change: EntryChange) -> int:
    """Make a change that is one revision, of a roster that is locked; return that revision."""
    raised = update(RosterRow).where(RosterRow.id == roster)
    revision = connection.execute(
        raised.values(revision=RosterRow.revision + 1).returning(RosterRow.revision)
    ).scalar_one()
    if change.withdraw:
        gone = update(RosterEntryRow).where(
            RosterEntryRow.id.in_(change.withdraw), RosterEntryRow.withdrawn_in.is_(None)
        )
        connection.execute(
            gone.values(withdrawn_at=change.at, withdrawn_by=change.by, withdrawn_in=revision)
        )
    if change.add:
        rows = [_columns(roster, each, change.at, revision) for each in change.add]
        connection.execute(insert(RosterEntryRow), rows)
    _refresh_entries_sha(connection, roster)
    return revision


def purge_entries(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete entries of the desk's roster that were over, or withdrawn, before an instant."""
    roster = select(DeskRow.roster).where(DeskRow.id == desk).scalar_subquery()
    past = or_(RosterEntryRow.until < before, RosterEntryRow.withdrawn_at < before)
    old = select(RosterEntryRow.id).where(RosterEntryRow.roster == roster, past)
    ids = connection.execute(old.order_by(RosterEntryRow.id).limit(PURGED_AT_ONCE)).scalars().all()
    if ids:
        connection.execute(delete(RosterEntryRow).where(RosterEntryRow.id.in_(ids)))
        refresh_entries_shas(connection)
    return len(ids)


def refresh_entries_shas(connection: Connection) -> None:
    """Note the hashes of the entries in force anew,."""
    for roster in connection.execute(select(RosterRow.id).with_for_update()).scalars().all():
        _refresh_entries_sha(connection, roster)


def entries_sha(entries: Iterable[RosterEntry]) -> str:
    """Return the hash by which a roster's entries are known."""
    known = [_hashed(each) for each in entries]
    return sha_of(json.dumps(known)) if known else NO_ENTRIES


def _refresh_entries_sha(connection: Connection, roster: str) -> None:
    """Note the hash of the entries in force: plans are cached by it."""
    sha = entries_sha(entries_in_force(connection, roster))
    connection.execute(update(RosterRow).where(RosterRow.id == roster).values(entries_sha=sha))


def _all(roster: str) -> Any:
    return select(RosterEntryRow).where(RosterEntryRow.roster == roster).order_by(*IN_ORDER)


def _hashed(entry: RosterEntry) -> list[str]:
    dated = entry.dated
    return [str(entry.id), repr(identity_of(dated)), dated.note, dated.author]


def _columns(roster: str, new: NewEntry, at: datetime, revision: int) -> dict[str, Any]:
    identity = identity_of(new.dated)
    return {
        "roster": roster,
        "kind": identity.kind,
        "role": identity.role,
        "person": identity.person,
        "instead_of": identity.instead_of,
        "fills": identity.fills,
        "since": identity.from_,
        "until": identity.to,
        "reason": new.dated.note,
        "author": new.author,
        "made_at": at,
        "added_in": revision,
        "place": new.place,
        "consents": json.dumps({each.person: each.has_agreed for each in new.consents}),
    }


def _read(rows: Iterable[Row[*tuple[Any, ...]]]) -> tuple[RosterEntry, ...]:
    return tuple(_entry(row) for row in rows)


def _entry(row: Any) -> RosterEntry:
    withdrawal = Withdrawal(row.withdrawn_by, row.withdrawn_at) if row.withdrawn_at else None
    said = json.loads(row.consents)
    consents = tuple(Consent(person, bool(agreed)) for person, agreed in said.items())
    dated = _dated(row)
    return RosterEntry(row.id, dated, row.author, row.made_at, withdrawal, row.place, consents)


def _dated(row: Any) -> Dated:
    if row.kind is EntryKind.ABSENCE:
        return Absence(row.person, row.since, row.until, row.reason, row.author.name)
    return Override(
        row.person,
        rotation_role(row.role) if row.role else None,
        row.since,
        row.until,
        row.reason,
        row.author.name,
        row.instead_of,
        row.fills,
    )
