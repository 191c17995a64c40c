"""The words by which tickets are found: those of a subject and of the comments that stand."""

from sqlalchemy import Connection, delete, select

from app.domain.tickets.search_words import words_of
from app.store.tables import CommentRow, TicketRow, TicketWordRow
from app.store.upsert import insert_new


def add_words(connection: Connection, ticket: int, text: str) -> None:
    """Let a ticket be found by what is written on it now too."""
    rows = [{"ticket": ticket, "word": word} for word in sorted(words_of((text,)))]
    insert_new(connection, TicketWordRow, rows)


def rewrite_words(connection: Connection, ticket: int) -> None:
    """Let a ticket be found by what still stands on it, and by nothing else."""
    subject = select(TicketRow.subject).where(TicketRow.number == ticket)
    standing = select(CommentRow.body).where(
        CommentRow.ticket == ticket, CommentRow.withdrawn_at.is_(None)
    )
    texts = (*connection.execute(subject).scalars(), *connection.execute(standing).scalars())
    connection.execute(delete(TicketWordRow).where(TicketWordRow.ticket == ticket))
    rows = [{"ticket": ticket, "word": word} for word in sorted(words_of(texts))]
    insert_new(connection, TicketWordRow, rows)
