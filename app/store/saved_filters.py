"""What users look for in the queue under names of their own, as rows."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from app.store.tables import SavedFilterRow
from app.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A name, and the question that it stands for (domain/tickets/queue_query.py)."""

    id: int
    name: str
    query: str


def list_saved_filters(connection: Connection, user_id: int) -> tuple[SavedFilter, ...]:
    """List a user's saved filters by name."""
    theirs = select(SavedFilterRow).where(SavedFilterRow.user_id == user_id)
    rows = connection.execute(theirs.order_by(SavedFilterRow.name, SavedFilterRow.id))
    return tuple(SavedFilter(row.id, row.name, row.query) for row in rows)


def save_filter(connection: Connection, user_id: int, name: str, query: str) -> None:
    """Store a filter under a name; one of that name is another question from now on."""
    upsert(connection, SavedFilterRow, {"user_id": user_id, "name": name}, {"query": query})


def rename_filter(connection: Connection, user_id: int, filter_id: int, name: str) -> bool:
    """Give a user's filter another name; False where they have none such."""
    this = update(SavedFilterRow).where(
        SavedFilterRow.id == filter_id, SavedFilterRow.user_id == user_id
    )
    return connection.execute(this.values(name=name)).rowcount == 1


def delete_filter(connection: Connection, user_id: int, filter_id: int) -> bool:
    """Delete a user's filter; False where they have none such."""
    this = delete(SavedFilterRow).where(
        SavedFilterRow.id == filter_id, SavedFilterRow.user_id == user_id
    )
    return connection.execute(this).rowcount == 1


def delete_saved_filters(connection: Connection, user_id: int) -> int:
    """Delete all of a user's filters."""
    theirs = delete(SavedFilterRow).where(SavedFilterRow.user_id == user_id)
    return connection.execute(theirs).rowcount
