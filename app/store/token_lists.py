"""Tokens in a list, and taken away again. Their secrets are not known here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from app.store.codec import read_texts
from app.store.tables import TokenRow


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token in a list. No desks named means every desk."""

    id: int
    name: str
    desks: tuple[str, ...]
    may_write: bool
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def list_tokens(connection: Connection) -> tuple[TokenLine, ...]:
    """List every token, the oldest first."""
    rows = connection.execute(select(TokenRow).order_by(TokenRow.id))
    return tuple(
        TokenLine(
            row.id,
            row.name,
            read_texts(row.desks),
            row.may_write,
            row.created_at,
            row.expires_at,
            row.last_used_at,
        )
        for row in rows
    )


def revoke_tokens(connection: Connection, name: str) -> int:
    """Take away every token with this name; return how many there were."""
    return connection.execute(delete(TokenRow).where(TokenRow.name == name)).rowcount
