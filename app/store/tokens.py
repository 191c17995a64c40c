"""Access tokens as rows: only a secret's hash is stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from app.store.codec import read_texts, write_texts
from app.store.tables import TokenRow

USE_NOTED_EVERY: Final = timedelta(minutes=1)

KNOWN: Final = select(TokenRow).where(TokenRow.secret_hash == bindparam("hash"))
USED: Final = (
    update(TokenRow)
    .where(
        TokenRow.id == bindparam("this"),
        or_(TokenRow.last_used_at.is_(None), TokenRow.last_used_at <= bindparam("a_minute_ago")),
    )
    .values(last_used_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Token:
    """What a token may do. No desks named means every desk."""

    id: int
    name: str
    desks: tuple[str, ...]
    may_write: bool
    expires_at: datetime | None
    last_used_at: datetime | None

    def may_see(self, desk: str | None) -> bool:
        """Tell whether it may see what belongs to a desk; what belongs to none needs all."""
        return not self.desks or desk in self.desks

    def is_valid(self, now: datetime) -> bool:
        """Tell whether it has not expired."""
        return self.expires_at is None or now < self.expires_at

    def is_use_to_note(self, now: datetime) -> bool:
        """Tell whether this use is to be noted: at most once a minute."""
        return self.last_used_at is None or now - self.last_used_at >= USE_NOTED_EVERY


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be made."""

    name: str
    desks: tuple[str, ...] = ()
    may_write: bool = False
    expires_at: datetime | None = None


def add_token(connection: Connection, token: NewToken, secret: str, now: datetime) -> None:
    """Store a token by its secret's hash."""
    connection.execute(
        insert(TokenRow),
        {
            "name": token.name,
            "secret_hash": hash_of(secret),
            "desks": write_texts(token.desks),
            "may_write": token.may_write,
            "created_at": now,
            "expires_at": token.expires_at,
        },
    )


def find_token(connection: Connection, secret: str) -> Token | None:
    """Return the token with this secret, also an expired one; None where there is none.

    The secret is found by its hash: how long that takes tells nothing about the secret.
    """
    row = connection.execute(KNOWN, {"hash": hash_of(secret)}).first()
    if row is None:
        return None
    return Token(
        id=row.id,
        name=row.name,
        desks=read_texts(row.desks),
        may_write=row.may_write,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )


def note_use(connection: Connection, token: Token, now: datetime) -> None:
    """Note that a token was used, unless somebody has within the last minute."""
    ago = now - USE_NOTED_EVERY
    connection.execute(USED, {"this": token.id, "now": now, "a_minute_ago": ago})


def hash_of(secret: str) -> bytes:
    """Hash a secret. It is random and long, so a plain hash cannot be turned call-out."""
    return sha256(secret.encode()).digest()
