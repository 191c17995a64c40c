"""Who else is writing on a ticket: asked and told by the pages of those who may work on it."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.tickets.case import scope_of_desk
from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.users import User
from app.domain.tickets.writing import Writer, Writing, writer_change
from app.store import Database
from app.store.desks import LiveDesk, find_desk
from app.store.ticket_lists import find_ticket
from app.store.ticket_writers import delete_writer, find_writer, save_writer, writers_on


def writers_beside(
    database: Database, number: int, user: User, now: datetime
) -> tuple[LiveDesk, tuple[Writer, ...]] | None:
    """Return the ticket's desk and who else writes; None where the user may not work on it."""
    with database.read() as connection:
        live = _desk_of(connection, number, user)
        if live is None:
            return None
        found = writers_on(connection, number, now)
    return live, tuple(each for each in found if each.user != user.id)


def tell_writing(database: Database, number: int, user: User, what: Writing, now: datetime) -> bool:
    """Note that the user writes; False where they may not work on the ticket."""
    with database.read() as connection:
        if _desk_of(connection, number, user) is None:
            return False
        change = writer_change(find_writer(connection, number, user.id), what, now)
    if change:
        save = partial(save_writer, number=number, user=user.id, change=change, now=now)
        database.write(save)
    return True


def stop_writing(database: Database, number: int, user: User) -> None:
    """Forget that the user writes: what they wrote stands on the ticket."""
    with database.read() as connection:
        is_told = find_writer(connection, number, user.id) is not None
    if is_told:
        database.write(partial(delete_writer, number=number, user=user.id))


def _desk_of(connection: Connection, number: int, user: User) -> LiveDesk | None:
    ticket = find_ticket(connection, number)
    live = find_desk(connection, ticket.desk) if ticket else None
    if live is None:
        return None
    is_theirs = may(user, Permission.WORK_ON_TICKETS, scope_of_desk(live)).is_allowed
    return live if is_theirs else None
