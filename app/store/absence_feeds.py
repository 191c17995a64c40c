"""Calendars of absences as rows: whose they are, and how reading them went."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from app.domain.health.facts import FailingCalendar
from app.domain.roster.absence_feed import AbsenceFeed, FeedTrouble
from app.store.tables import AbsenceFeedRow, DeskRow, PersonRow

READ_EVERY: Final = timedelta(minutes=15)


def add_absence_feed(
    connection: Connection, roster: str, person: str, url: str, now: datetime
) -> AbsenceFeed:
    """Store a calendar; it is read at the worker's next look."""
    row = {"roster": roster, "person": person, "url": url, "created_at": now}
    added = insert(AbsenceFeedRow).values(row).returning(AbsenceFeedRow.id)
    return AbsenceFeed(connection.execute(added).scalar_one(), roster, person, url)


def list_absence_feeds(connection: Connection, roster: str) -> tuple[AbsenceFeed, ...]:
    """List a roster's calendars of absences, the oldest first."""
    wanted = select(AbsenceFeedRow).where(AbsenceFeedRow.roster == roster)
    return tuple(_feed(row) for row in connection.execute(wanted.order_by(AbsenceFeedRow.id)))


def find_absence_feed(connection: Connection, feed: int) -> AbsenceFeed | None:
    """Return a calendar, or None."""
    row = connection.execute(select(AbsenceFeedRow).where(AbsenceFeedRow.id == feed)).first()
    return _feed(row) if row else None


def remove_absence_feed(connection: Connection, feed: int) -> None:
    """Forget a calendar and its address."""
    connection.execute(delete(AbsenceFeedRow).where(AbsenceFeedRow.id == feed))


def claim_due_absence_feed(connection: Connection, now: datetime) -> AbsenceFeed | None:
    """Take the calendar that has waited longest for its next reading; None where none is due."""
    asked = AbsenceFeedRow.asked_at
    is_due = or_(asked.is_(None), asked <= now - READ_EVERY)
    order = (asked.is_not(None), asked, AbsenceFeedRow.id)
    row = connection.execute(select(AbsenceFeedRow).where(is_due).order_by(*order).limit(1)).first()
    if row is None:
        return None
    claimed = update(AbsenceFeedRow).where(AbsenceFeedRow.id == row.id, is_due)
    is_ours = connection.execute(claimed.values(asked_at=now)).rowcount == 1
    return _feed(row) if is_ours else None


def note_feed_read(connection: Connection, feed: int, now: datetime) -> None:
    """Note that a calendar was read well."""
    values = {"read_at": now, "failing_since": None, "trouble": None}
    connection.execute(update(AbsenceFeedRow).where(AbsenceFeedRow.id == feed).values(values))


def note_feed_trouble(
    connection: Connection, feed: AbsenceFeed, trouble: FeedTrouble, now: datetime
) -> None:
    """Note that a calendar could not be read, and since when."""
    values = {"failing_since": feed.failing_since or now, "trouble": trouble}
    connection.execute(update(AbsenceFeedRow).where(AbsenceFeedRow.id == feed.id).values(values))


def failing_calendars(connection: Connection) -> tuple[FailingCalendar, ...]:
    """Tell whose calendars cannot be read, at each desk that uses the roster."""
    of_person = and_(
        PersonRow.roster == AbsenceFeedRow.roster, PersonRow.id == AbsenceFeedRow.person
    )
    failing = (
        select(DeskRow.id, AbsenceFeedRow.person, PersonRow.name, AbsenceFeedRow.failing_since)
        .join(DeskRow, DeskRow.roster == AbsenceFeedRow.roster)
        .outerjoin(PersonRow, of_person)
        .where(AbsenceFeedRow.failing_since.is_not(None))
        .order_by(DeskRow.id, AbsenceFeedRow.id)
    )
    return tuple(
        FailingCalendar(row.id, row.person, row.name or row.person, row.failing_since)
        for row in connection.execute(failing)
    )


def _feed(row: Row[*tuple[Any, ...]]) -> AbsenceFeed:
    return AbsenceFeed(
        row.id, row.roster, row.person, row.url, row.read_at, row.failing_since, row.trouble
    )
