"""What a user looks for in the queue under a name: saved, renamed and deleted by them alone."""

from enum import StrEnum
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.domain.tickets.queue_query import QueueQuery
from app.store import Database
from app.store.saved_filters import delete_filter, list_saved_filters, rename_filter, save_filter
from app.store.users import lock_user

MOST_FILTERS: Final = 20
LONGEST_NAME: Final = 60


class FilterAnswer(StrEnum):
    """What became of it."""

    SAVED = "saved"
    RENAMED = "renamed"
    DELETED = "deleted"
    TOO_MANY = "too_many"
    NAME_TAKEN = "name_taken"
    GONE = "gone"  # there is no such filter, or not any more


def save(database: Database, user_id: int, name: str, query: QueueQuery) -> FilterAnswer:
    """Save what is asked for; a filter of that name asks for this from now on."""
    return database.write(partial(_save, user_id=user_id, name=name, query=query.whole.write()))


def rename(database: Database, user_id: int, filter_id: int, name: str) -> FilterAnswer:
    """Give a filter another name, which no other has."""
    return database.write(partial(_rename, user_id=user_id, filter_id=filter_id, name=name))


def delete(database: Database, user_id: int, filter_id: int) -> FilterAnswer:
    """Delete a filter; one that is gone stays so."""
    deleted = database.write(partial(delete_filter, user_id=user_id, filter_id=filter_id))
    return FilterAnswer.DELETED if deleted else FilterAnswer.GONE


def _save(connection: Connection, user_id: int, name: str, query: str) -> FilterAnswer:
    lock_user(connection, user_id)  # of two at once neither is one too many
    names = {each.name for each in list_saved_filters(connection, user_id)}
    if name not in names and len(names) >= MOST_FILTERS:
        return FilterAnswer.TOO_MANY
    save_filter(connection, user_id, name, query)
    return FilterAnswer.SAVED


def _rename(connection: Connection, user_id: int, filter_id: int, name: str) -> FilterAnswer:
    lock_user(connection, user_id)
    others = (each for each in list_saved_filters(connection, user_id) if each.id != filter_id)
    if name in (each.name for each in others):
        return FilterAnswer.NAME_TAKEN
    is_theirs = rename_filter(connection, user_id, filter_id, name)
    return FilterAnswer.RENAMED if is_theirs else FilterAnswer.GONE
