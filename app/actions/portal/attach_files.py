"""Files put on a case by a customer: as many as its ticket has room for."""

from datetime import datetime

from sqlalchemy import Connection

from app.domain.access.users import User
from app.domain.portal.attachments import LARGEST_ON_TICKET
from app.store import Database
from app.store.attachments import NewAttachment, add_attachments, size_on
from app.store.tickets import lock_ticket


def attach_files(
    database: Database, ticket: int, files: tuple[NewAttachment, ...], user: User, now: datetime
) -> bool:
    """Put files on a ticket that somebody may see; False where there is no room for them."""

    def attach(connection: Connection) -> bool:
        lock_ticket(connection, ticket)
        there = size_on(connection, ticket)
        if there + sum(len(each.content) for each in files) > LARGEST_ON_TICKET:
            return False
        add_attachments(connection, ticket, files, user.id, now)
        return True

    return database.write(attach)
