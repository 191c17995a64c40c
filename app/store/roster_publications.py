"""Up to when rosters are published, by whom: rows that are only ever undone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from app.domain.access.audit import Author
from app.domain.roster.publication import IS_NEWS, TOLD_AFTER, Publication
from app.store.tables import RosterPublicationRow, RosterRow


def published_until(connection: Connection, roster: str) -> datetime | None:
    """Return up to when a roster is published; None where nobody has published it."""
    wanted = select(RosterRow.published_until).where(RosterRow.id == roster)
    found: datetime | None = connection.execute(wanted).scalar()
    return found


def add_publication(connection: Connection, roster: str, until: datetime, by: Author) -> int:
    """Publish a roster that is locked up to an instant; return the publication's number."""
    row = {
        "roster": roster,
        "until": until,
        "before": published_until(connection, roster),
        "author": by.actor,
        "at": by.at,
    }
    added = insert(RosterPublicationRow).values(row).returning(RosterPublicationRow.id)
    number: int = connection.execute(added).scalar_one()
    _set(connection, roster, until)
    return number


def newest_publication(connection: Connection, roster: str) -> Publication | None:
    """Return the last publication that nobody has undone."""
    theirs = select(RosterPublicationRow).where(
        RosterPublicationRow.roster == roster, RosterPublicationRow.undone_at.is_(None)
    )
    row = connection.execute(theirs.order_by(RosterPublicationRow.id.desc()).limit(1)).first()
    return _read(row) if row else None


def undo_publication_row(connection: Connection, publication: Publication, by: Author) -> None:
    """Undo a publication: up to when it was before counts again."""
    this = update(RosterPublicationRow).where(RosterPublicationRow.id == publication.id)
    connection.execute(this.values(undone_at=by.at, undone_by=by.actor))
    _set(connection, publication.roster, publication.before)


def publications_to_tell(
    connection: Connection, now: datetime
) -> Mapping[str, tuple[Publication, ...]]:
    """Return by roster the publications that are news at an instant, in their order."""
    recent = select(RosterPublicationRow).where(
        RosterPublicationRow.undone_at.is_(None),
        RosterPublicationRow.at > now - TOLD_AFTER - IS_NEWS,
    )
    news: dict[str, tuple[Publication, ...]] = {}
    for row in connection.execute(recent.order_by(RosterPublicationRow.id)):
        if (found := _read(row)).is_news(now):
            news[found.roster] = (*news.get(found.roster, ()), found)
    return news


def _set(connection: Connection, roster: str, until: datetime | None) -> None:
    this = update(RosterRow).where(RosterRow.id == roster)
    connection.execute(this.values(published_until=until))


def _read(row: Row[*tuple[Any, ...]]) -> Publication:
    return Publication(row.id, row.roster, row.until, row.before, row.author, row.at, row.undone_at)
