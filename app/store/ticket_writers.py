"""Who is writing on which ticket, as rows that every web process sees; gone within a minute."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from app.domain.tickets.writing import OVER_AFTER, Writer, WriterChange, Writing
from app.store.tables import TicketWriterRow, UserRow
from app.store.upsert import upsert


def writers_on(connection: Connection, number: int, now: datetime) -> tuple[Writer, ...]:
    """List who writes on a ticket now, the first who began first."""
    theirs = _writers().where(
        TicketWriterRow.ticket == number, TicketWriterRow.reported_at > now - OVER_AFTER
    )
    ordered = theirs.order_by(TicketWriterRow.since, TicketWriterRow.user_id)
    return tuple(_writer(row) for row in connection.execute(ordered))


def find_writer(connection: Connection, number: int, user: int) -> Writer | None:
    """Return what was last reported of somebody who writes on a ticket."""
    this = _writers().where(TicketWriterRow.ticket == number, TicketWriterRow.user_id == user)
    found = connection.execute(this).first()
    return _writer(found) if found else None


def save_writer(
    connection: Connection, number: int, user: int, change: WriterChange, now: datetime
) -> None:
    """Store that somebody writes; of all who have stopped nothing is left."""
    purge_writers(connection, now - OVER_AFTER)
    values = {"what": change.what, "since": change.since, "reported_at": now}
    upsert(connection, TicketWriterRow, {"ticket": number, "user_id": user}, values)


def delete_writer(connection: Connection, number: int, user: int) -> None:
    """Forget that somebody writes on a ticket."""
    connection.execute(
        delete(TicketWriterRow).where(
            TicketWriterRow.ticket == number, TicketWriterRow.user_id == user
        )
    )


def delete_writers(connection: Connection, user: int) -> int:
    """Forget what a user writes anywhere."""
    theirs = delete(TicketWriterRow).where(TicketWriterRow.user_id == user)
    return connection.execute(theirs).rowcount


def purge_writers(connection: Connection, before: datetime) -> int:
    """Forget those of whom nothing was reported since an instant."""
    old = delete(TicketWriterRow).where(TicketWriterRow.reported_at <= before)
    return connection.execute(old).rowcount


def _writers() -> Any:
    columns = (*TicketWriterRow.__table__.columns, UserRow.name)
    return select(*columns).join(UserRow, UserRow.id == TicketWriterRow.user_id)


def _writer(row: Row[*tuple[Any, ...]]) -> Writer:
    return Writer(row.user_id, row.name, Writing(row.what), row.since, row.reported_at)
