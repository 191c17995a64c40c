"""Files on tickets as rows."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select

from app.store.tables import AttachmentRow, UserRow


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file that somebody puts on a ticket."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """A file on a ticket, without its content."""

    id: int
    name: str
    media_type: str
    size: int
    at: datetime
    by: str


def add_attachments(
    connection: Connection,
    ticket: int,
    files: tuple[NewAttachment, ...],
    user: int,
    now: datetime,
) -> int:
    """Put files on a ticket; return how many are new: one that is there already, byte for byte,
    is not put there twice.
    """
    there = select(AttachmentRow.sha).where(AttachmentRow.ticket == ticket)
    known = set(connection.execute(there).scalars())
    count = len(known)
    for file in files:
        sha = sha256(file.content).hexdigest()
        if sha in known:
            continue
        known.add(sha)
        row = {
            "ticket": ticket,
            "user_id": user,
            "at": now,
            "name": file.name,
            "media_type": file.media_type,
            "size": len(file.content),
            "sha": sha,
            "media": file.content,
        }
        connection.execute(insert(AttachmentRow), row)
    return len(known) - count


def attachments_on(connection: Connection, ticket: int) -> tuple[StoredAttachment, ...]:
    """List the files on a ticket, in order."""
    theirs = (
        select(
            AttachmentRow.id,
            AttachmentRow.name,
            AttachmentRow.media_type,
            AttachmentRow.size,
            AttachmentRow.at,
            func.coalesce(UserRow.name, ""),
        )
        .outerjoin(UserRow, UserRow.id == AttachmentRow.user_id)
        .where(AttachmentRow.ticket == ticket)
        .order_by(AttachmentRow.id)
    )
    return tuple(StoredAttachment(*row) for row in connection.execute(theirs))


def size_on(connection: Connection, ticket: int) -> int:
    """Return how many bytes the files on a ticket are together."""
    of = select(func.coalesce(func.sum(AttachmentRow.size), 0)).where(
        AttachmentRow.ticket == ticket
    )
    return int(connection.execute(of).scalar_one())


def find_attachment(connection: Connection, ticket: int, number: int) -> NewAttachment | None:
    """Return a file that is on this ticket, with its content; None for any other."""
    this = select(AttachmentRow).where(AttachmentRow.id == number, AttachmentRow.ticket == ticket)
    row = connection.execute(this).first()
    return NewAttachment(row.name, row.media_type, row.media) if row else None
