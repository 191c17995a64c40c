"""Secrets that are used once, as rows: only their hashes are stored."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.domain.access.login_token import HOLDS, LoginToken, TokenPurpose
from app.domain.access.web_session import LoginKind
from app.store.tables import LoginTokenRow
from app.store.tokens import hash_of

PURGED_AT_ONCE: Final = 200


def add_login_token(
    connection: Connection,
    purpose: TokenPurpose,
    user: int,
    secret: str,
    now: datetime,
    login_kind: LoginKind | None = None,
) -> None:
    """Store a token by its secret's hash; it holds as long as its purpose says."""
    connection.execute(
        insert(LoginTokenRow),
        {
            "secret_hash": hash_of(secret),
            "purpose": purpose,
            "user_id": user,
            "created_at": now,
            "expires_at": now + HOLDS[purpose],
            "used_at": None,
            "login_kind": login_kind,
        },
    )


def find_login_token(
    connection: Connection, purpose: TokenPurpose, secret: str
) -> LoginToken | None:
    """Return the token with this secret, whether or not it still holds; None for another."""
    this = select(LoginTokenRow).where(
        LoginTokenRow.secret_hash == hash_of(secret), LoginTokenRow.purpose == purpose
    )
    row = connection.execute(this).first()
    return _token(row) if row else None


def use_login_token(connection: Connection, token: LoginToken, now: datetime) -> bool:
    """Use a token up; False where somebody else has just done so."""
    used = update(LoginTokenRow).where(
        LoginTokenRow.id == token.id, LoginTokenRow.used_at.is_(None)
    )
    return connection.execute(used.values(used_at=now)).rowcount == 1


def revoke_login_tokens(connection: Connection, user: int, now: datetime) -> None:
    """Let no token of a user work any more."""
    unused = update(LoginTokenRow).where(
        LoginTokenRow.user_id == user, LoginTokenRow.used_at.is_(None)
    )
    connection.execute(unused.values(used_at=now))


def purge_login_tokens(connection: Connection, before: datetime) -> int:
    """Delete tokens that expired before an instant."""
    old = select(LoginTokenRow.id).where(LoginTokenRow.expires_at < before).limit(PURGED_AT_ONCE)
    ids = connection.execute(old).scalars().all()
    connection.execute(delete(LoginTokenRow).where(LoginTokenRow.id.in_(ids)))
    return len(ids)


def delete_login_tokens(connection: Connection, user: int | None = None) -> int:
    """Delete the tokens of a user, or all there are."""
    gone = delete(LoginTokenRow)
    which = gone if user is None else gone.where(LoginTokenRow.user_id == user)
    return connection.execute(which).rowcount


def _token(row: Row[*tuple[Any, ...]]) -> LoginToken:
    return LoginToken(row.id, row.purpose, row.user_id, row.expires_at, row.used_at, row.login_kind)
