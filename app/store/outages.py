"""The disturbances that desks know of, and who is told when one is over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, exists, func, insert, select, update

from app.domain.access.actor import Actor
from app.domain.desks.known_outage import KnownOutage
from app.store.codec import read_words, write_words
from app.store.pagination import of_desks
from app.store.tables import OptOutRow, OutageRow, OutageSubscriberRow, OutageWatcherRow
from app.store.upsert import insert_once

MOST_LISTED: Final = 50  # of each desk or of all, the newest first


@dataclass(frozen=True, slots=True)
class StoredOutage:
    """An outage with its author, its end if it has one, and how many are told of that."""

    desk: str
    known: KnownOutage
    author: Actor
    at: datetime
    ended_at: datetime | None = None
    ended_by: Actor | None = None
    watchers: int = 0


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who is told when an outage is over, from the line that they called."""

    digits: str
    line: str
    language: str


# Who has written STOP to the line since is told nothing, and is not counted.
GETS_SMS: Final = ~exists().where(
    OptOutRow.number == OutageWatcherRow.digits, OptOutRow.line == OutageWatcherRow.line
)
_watchers = (
    select(func.count())
    .where(OutageWatcherRow.outage == OutageRow.id, GETS_SMS)
    .correlate(OutageRow)
    .scalar_subquery()
)
OUTAGES: Final[Select[Any]] = select(OutageRow.__table__, _watchers.label("watchers"))


def list_outages(
    connection: Connection, desks: Collection[str] | None, *, is_open: bool = False
) -> tuple[StoredOutage, ...]:
    """List the outages of these desks, the newest first; only those that are not over."""
    wanted = of_desks(OUTAGES, OutageRow.desk, desks)
    newest = wanted.order_by(OutageRow.id.desc()).limit(MOST_LISTED)
    # Each desk has one open at the most.
    rows = connection.execute(wanted.where(OutageRow.ended_at.is_(None)) if is_open else newest)
    return tuple(_stored(row) for row in rows)


def open_outage(connection: Connection, desk: str) -> StoredOutage | None:
    """Return the outage that a desk knows of now, and keep others from changing it meanwhile."""
    this = OUTAGES.where(OutageRow.desk == desk, OutageRow.ended_at.is_(None))
    row = connection.execute(this.with_for_update(of=OutageRow)).first()
    return _stored(row) if row else None


def add_outage(
    connection: Connection, desk: str, outage: KnownOutage, by: Actor, now: datetime
) -> int:
    """Store a new outage of a desk that has none open; return its id."""
    row = {
        "desk": desk,
        "since": outage.since,
        "words": write_words(outage.words),
        "revision": 1,
        "author": by,
        "at": now,
    }
    added = insert(OutageRow).values(row).returning(OutageRow.id)
    return connection.execute(added).scalar_one()


def change_outage(connection: Connection, outage: KnownOutage) -> None:
    """Give an outage another beginning, or other words."""
    new = {
        "since": outage.since,
        "words": write_words(outage.words),
        "revision": OutageRow.revision + 1,
    }
    connection.execute(update(OutageRow).where(OutageRow.id == outage.id).values(new))


def end_outage(connection: Connection, outage: int, by: Actor, now: datetime) -> None:
    """Note that it is over."""
    new = {"ended_at": now, "ended_by": by}
    connection.execute(update(OutageRow).where(OutageRow.id == outage).values(new))


def watchers_of(connection: Connection, outage: int) -> tuple[Watcher, ...]:
    """Return who is to be told when it is over."""
    theirs = select(OutageWatcherRow).where(OutageWatcherRow.outage == outage, GETS_SMS)
    rows = connection.execute(theirs.order_by(OutageWatcherRow.at, OutageWatcherRow.digits))
    return tuple(Watcher(row.digits, row.line, row.language) for row in rows)


def add_watcher(
    connection: Connection, outage: int, watcher: Watcher, now: datetime
) -> StoredOutage | None:
    """Note who is to be told, once; the outage as it stands: it may have ended meanwhile.

    None where it is stored no more.
    """
    this = select(OutageRow.id).where(OutageRow.id == outage)
    locked = this.with_for_update(read=True, key_share=True)
    # Whoever ends it waits for this transaction, or has ended it before it.
    if connection.execute(locked).first() is None:
        return None
    row = {
        "outage": outage,
        "digits": watcher.digits,
        "line": watcher.line,
        "language": watcher.language,
        "at": now,
    }
    insert_once(connection, OutageWatcherRow, row)
    found = connection.execute(OUTAGES.where(OutageRow.id == outage)).one()
    return _stored(found)


def purge_outages(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete outages that were over before an instant, with who was told."""
    if desk is None:
        return 0
    old = select(OutageRow.id).where(OutageRow.desk == desk, OutageRow.ended_at < before)
    ids = connection.execute(old.limit(MOST_LISTED)).scalars().all()
    connection.execute(delete(OutageWatcherRow).where(OutageWatcherRow.outage.in_(ids)))
    connection.execute(delete(OutageSubscriberRow).where(OutageSubscriberRow.outage.in_(ids)))
    connection.execute(delete(OutageRow).where(OutageRow.id.in_(ids)))
    return len(ids)


def _stored(row: Any) -> StoredOutage:
    return StoredOutage(
        row.desk,
        KnownOutage(row.id, row.since, read_words(row.words)),
        row.author,
        row.at,
        row.ended_at,
        row.ended_by,
        row.watchers,
    )
