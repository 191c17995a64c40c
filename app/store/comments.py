"""What is written on tickets: added once, read, and taken back while nobody has been told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, select, update

from app.domain.access.actor import Actor
from app.domain.tickets.comments import Comment, Visibility
from app.store.tables import CommentRow
from app.store.ticket_words import add_words, rewrite_words
from app.store.upsert import insert_row


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment, with who wrote it, when, and what makes the request to write it one."""

    comment: Comment
    by: Actor
    at: datetime
    key: str | None = None


@dataclass(frozen=True, slots=True)
class StoredComment:
    """A comment as it stands on its ticket."""

    id: int
    at: datetime
    author: str
    comment: Comment


def add_comment(connection: Connection, ticket: int, new: NewComment) -> None:
    """Write on a ticket that is locked."""
    row = {
        "ticket": ticket,
        "at": new.at,
        "side": new.comment.side,
        "visibility": new.comment.visibility,
        "body": new.comment.body,
        "author": new.by.name,
        "author_id": new.by.id,
        "via": new.by.via,
        "key": new.key,
    }
    insert_row(connection, CommentRow, row)
    add_words(connection, ticket, new.comment.body)


def has_comment(connection: Connection, key: str) -> bool:
    """Tell whether a request has written its comment before."""
    return bool(connection.execute(select(exists().where(CommentRow.key == key))).scalar())


def withdraw_comment(connection: Connection, ticket: int, now: datetime) -> None:
    """Take back the last comment on a ticket."""
    last = select(func.max(CommentRow.id)).where(
        CommentRow.ticket == ticket, CommentRow.withdrawn_at.is_(None)
    )
    this = update(CommentRow).where(CommentRow.id == last.scalar_subquery())
    connection.execute(this.values(withdrawn_at=now, key=None))  # it may be sent again
    rewrite_words(connection, ticket)


def comments_on(
    connection: Connection, ticket: int, visible: Collection[Visibility] = tuple(Visibility)
) -> tuple[StoredComment, ...]:
    """Return what stands on a ticket, in order; only what such readers may see."""
    wanted = (
        select(CommentRow)
        .where(
            CommentRow.ticket == ticket,
            CommentRow.withdrawn_at.is_(None),
            CommentRow.visibility.in_(visible),
        )
        .order_by(CommentRow.id)
    )
    return tuple(
        StoredComment(row.id, row.at, row.author, Comment(row.body, row.side, row.visibility))
        for row in connection.execute(wanted)
    )
