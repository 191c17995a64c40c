"""Desks and rosters: their versions, which one is live, and the lines that lead to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Desk
from app.domain.roster.on_duty import Roster
from app.store.documents import DESKS, sha_of
from app.store.roster_entries import NO_ENTRIES, EntriesOfRosters
from app.store.roster_plans import plan_of, plan_version
from app.store.tables import DeskRow, DeskVersionRow, LineRow, RosterRow, RosterVersionRow
from app.store.upsert import upsert, upsert_all

LIVE_DESKS: Final = (
    select(
        DeskRow.id,
        DeskRow.version,
        DeskVersionRow.sha,
        DeskVersionRow.number,
        DeskVersionRow.at,
        DeskVersionRow.author,
        DeskRow.roster,
        RosterRow.version.label("roster_version"),
        RosterVersionRow.sha.label("roster_sha"),
        RosterRow.revision.label("roster_revision"),
        RosterRow.entries_sha,
        RosterRow.published_until,
    )
    .join(DeskVersionRow, DeskVersionRow.id == DeskRow.version)
    .outerjoin(RosterRow, RosterRow.id == DeskRow.roster)
    .outerjoin(RosterVersionRow, RosterVersionRow.id == RosterRow.version)
    .order_by(DeskRow.id)
)


class LineTaken(Exception):
    """Another desk answers a number that this desk names as its line."""

    def __init__(self, number: str, desk: str) -> None:
        super().__init__(number, desk)
        self.number, self.desk = number, desk


@dataclass(frozen=True, slots=True)
class Edit:
    """Who saves a document, when, and why."""

    author: Actor
    at: datetime
    remark: str = ""


@dataclass(frozen=True, slots=True)
class LiveDesk:
    """A desk with its roster, as their live versions describe them."""

    desk: Desk
    roster: Roster | None
    version: int  # the desk's own count of its versions
    changed_at: datetime
    changed_by: Actor
    published_until: datetime | None = None  # of the roster; None: all of it


@dataclass(frozen=True, slots=True)
class DocumentTables:
    """Where documents of one kind and their versions stand; `owner` is whose version a row is."""

    live: type[DeskRow] | type[RosterRow]
    versions: type[DeskVersionRow] | type[RosterVersionRow]
    owner: InstrumentedAttribute[str]


DESK_TABLES: Final = DocumentTables(DeskRow, DeskVersionRow, DeskVersionRow.desk)
ROSTER_TABLES: Final = DocumentTables(RosterRow, RosterVersionRow, RosterVersionRow.roster)


def list_desks(connection: Connection, only: Collection[str] | None = None) -> tuple[LiveDesk, ...]:
    """List the desks by id: only these, or all of them for None."""
    wanted = LIVE_DESKS if only is None else LIVE_DESKS.where(DeskRow.id.in_(list(only)))
    rows = connection.execute(wanted).all()
    desks = _VersionTexts(connection, DeskVersionRow, [row.version for row in rows])
    rosters = _VersionTexts(connection, RosterVersionRow, [row.roster_version for row in rows])
    entries = EntriesOfRosters(connection, [row.roster for row in rows])
    return tuple(_live(row, desks, rosters, entries) for row in rows)


def find_desk(connection: Connection, desk: str) -> LiveDesk | None:
    """Return the desk with this id, or None."""
    return next(iter(list_desks(connection, (desk,))), None)


def desks_of_roster(connection: Connection, roster: str) -> Sequence[str]:
    """Return the ids of the desks whose duty a roster has."""
    theirs = select(DeskRow.id).where(DeskRow.roster == roster)
    return connection.execute(theirs).scalars().all()


def lock_desk(connection: Connection, desk: str) -> None:
    """Let one change of a desk's document go on at a time."""
    locked = select(DeskRow.id).where(DeskRow.id == desk)
    connection.execute(locked.with_for_update(key_share=True)).first()


@dataclass(frozen=True, slots=True)
class DeskVersion:
    """One version of a desk's document, with who made it and when."""

    number: int
    desk: Desk
    author: Actor
    at: datetime


def desk_version(connection: Connection, desk: str, number: int) -> DeskVersion | None:
    """Return a version of a desk by its number; None where there is none."""
    theirs = select(DeskVersionRow).where(DeskVersionRow.desk == desk)
    row = connection.execute(theirs.where(DeskVersionRow.number == number)).first()
    return _version(desk, row) if row else None


def last_file_version(connection: Connection, desk: str) -> DeskVersion | None:
    """Return the newest version of a desk that came by a file and not from a page."""
    theirs = select(
        DeskVersionRow.id, DeskVersionRow.author, DeskVersionRow.number, DeskVersionRow.at
    ).where(DeskVersionRow.desk == desk)
    rows = connection.execute(theirs.order_by(DeskVersionRow.number.desc()))
    found = next((row for row in rows if row.author.kind is not ActorKind.PERSON), None)
    return desk_version(connection, desk, found.number) if found else None


def _version(desk: str, row: Row[*tuple[Any, ...]]) -> DeskVersion:
    document = DESKS.get(desk, row.sha, lambda: str(row.text))
    return DeskVersion(row.number, document, row.author, row.at)


def desk_version_id(connection: Connection, desk: str) -> int | None:
    """Return which row of versions describes the desk now."""
    return connection.execute(select(DeskRow.version).where(DeskRow.id == desk)).scalar()


def has_line(connection: Connection, line: str, desks: Collection[str]) -> bool:
    """Tell whether one of these desks answers this number."""
    theirs = select(LineRow.desk).where(LineRow.number == line, LineRow.desk.in_(list(desks)))
    return connection.execute(theirs).first() is not None


def desk_of_line(connection: Connection, line: str) -> LiveDesk | None:
    """Return the desk that answers this number, or None."""
    desk = connection.execute(select(LineRow.desk).where(LineRow.number == line)).scalar()
    return find_desk(connection, desk) if desk else None


def desk_texts(connection: Connection, desk: str) -> tuple[str, str] | None:
    """Return the live texts of desk.toml and roster.toml, for an export; None without the desk."""
    texts = (
        select(DeskVersionRow.text, func.coalesce(RosterVersionRow.text, ""))
        .select_from(DeskRow)
        .join(DeskVersionRow, DeskVersionRow.id == DeskRow.version)
        .outerjoin(RosterRow, RosterRow.id == DeskRow.roster)
        .outerjoin(RosterVersionRow, RosterVersionRow.id == RosterRow.version)
        .where(DeskRow.id == desk)
    )
    found = connection.execute(texts).first()
    return (found[0], found[1]) if found else None


def save_desk(connection: Connection, desk: Desk, text: str, edit: Edit) -> bool:
    """Store the text as the desk's live version; False when it is live already.

    LineTaken when one of its numbers leads to another desk.
    """
    _keep_lines_apart(connection, desk)
    added = _add_version(connection, DESK_TABLES, desk.id, text, edit)
    if added is None:
        return False
    now_live = {"name": desk.name, "version": added, "roster": desk.roster}
    upsert(connection, DeskRow, {"id": desk.id}, now_live)
    _save_lines(connection, desk)
    return True


def save_roster(connection: Connection, roster: Roster, text: str, edit: Edit) -> bool:
    """Store the text as the roster's live version; False when it is live already."""
    added = _add_version(connection, ROSTER_TABLES, roster.id, text, edit)
    if added is None:
        return False
    row = {"id": roster.id, "version": added, "revision": 0, "entries_sha": NO_ENTRIES}
    upsert_all(connection, RosterRow, ("id",), ("version",), [row])
    return True


@dataclass(slots=True)
class _VersionTexts:
    """The texts of several versions: read in one statement, by the first that is asked for."""

    connection: Connection
    versions: type[DeskVersionRow] | type[RosterVersionRow]
    wanted: Sequence[int | None]
    _read: dict[int, str] = field(default_factory=dict)

    def of(self, version: int) -> str:
        """Return the text of one of them."""
        if not self._read:
            ids = [each for each in self.wanted if each is not None]
            texts = select(self.versions.id, self.versions.text).where(self.versions.id.in_(ids))
            self._read = {row.id: row.text for row in self.connection.execute(texts)}
        return self._read[version]


def _live(
    row: Row[*tuple[Any, ...]],
    desks: _VersionTexts,
    rosters: _VersionTexts,
    entries: EntriesOfRosters,
) -> LiveDesk:
    roster = None
    if row.roster_version is not None:
        text, theirs = partial(rosters.of, row.roster_version), partial(entries.of, row.roster)
        roster = plan_of(plan_version(row), text, theirs)
    desk = DESKS.get(row.id, row.sha, partial(desks.of, row.version))
    return LiveDesk(desk, roster, row.number, row.at, row.author, row.published_until)


def _add_version(
    connection: Connection, tables: DocumentTables, owner: str, text: str, edit: Edit
) -> int | None:
    """Add a version of a document; None where the live one has this text already."""
    live, versions = tables.live, tables.versions
    live_sha = select(versions.sha).join(live, live.version == versions.id).where(live.id == owner)
    if connection.execute(live_sha).scalar() == sha_of(text):
        return None
    next_number = select(func.coalesce(func.max(versions.number), 0) + 1)
    number = connection.execute(next_number.where(tables.owner == owner)).scalar_one()
    version = _columns(text, edit) | {"number": number, tables.owner.key: owner}
    added = insert(versions).values(version).returning(versions.id)
    return connection.execute(added).scalar_one()


def _columns(text: str, edit: Edit) -> dict[str, Any]:
    return {
        "text": text,
        "sha": sha_of(text),
        "author": edit.author,
        "at": edit.at,
        "remark": edit.remark,
    }


def _keep_lines_apart(connection: Connection, desk: Desk) -> None:
    numbers = [line.number for line in desk.lines]
    others = select(LineRow.number, LineRow.desk).where(
        LineRow.number.in_(numbers), LineRow.desk != desk.id
    )
    taken = connection.execute(others).first()
    if taken:
        raise LineTaken(taken.number, taken.desk)


def _save_lines(connection: Connection, desk: Desk) -> None:
    connection.execute(delete(LineRow).where(LineRow.desk == desk.id))
    rows = [
        {
            "number": line.number,
            "desk": desk.id,
            "kind": line.kind,
            "public_number": line.public_number,
        }
        for line in desk.lines
    ]
    if rows:
        connection.execute(insert(LineRow), rows)
