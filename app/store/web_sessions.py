"""Logins in browsers as rows: found by the hash of their secret, listed and ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, select, update

from app.domain.access.users import User
from app.domain.access.web_session import (
    IDLE,
    LONGEST,
    SEEN_NOTED_EVERY,
    Client,
    LoginKind,
    WebSession,
)
from app.store.tables import UserRow, WebSessionRow
from app.store.tokens import hash_of
from app.store.users import USER_COLUMNS, grants_of, read_user

PURGED_AT_ONCE: Final = 200

SESSION_COLUMNS: Final = tuple(
    column.label(f"session_{column.name}")
    for column in WebSessionRow.__table__.columns
    if column.name != "secret_hash"
)
KNOWN: Final = (
    select(*SESSION_COLUMNS, *USER_COLUMNS)
    .join(UserRow, UserRow.id == WebSessionRow.user_id)
    .where(WebSessionRow.secret_hash == bindparam("hash"))
)
USED: Final = (
    update(WebSessionRow)
    .where(
        WebSessionRow.id == bindparam("this"),
        WebSessionRow.last_seen_at <= bindparam("a_minute_ago"),
    )
    .values(last_seen_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session with its user, as both are now."""

    session: WebSession
    user: User


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be stored."""

    user: int
    kind: LoginKind
    client: Client
    at: datetime


def add_session(connection: Connection, new: NewSession, secret: str) -> None:
    """Store a session by its secret's hash."""
    connection.execute(
        insert(WebSessionRow),
        {
            "secret_hash": hash_of(secret),
            "user_id": new.user,
            "kind": new.kind,
            "created_at": new.at,
            "last_seen_at": new.at,
            "confirmed_at": new.at,
            "address": new.client.address,
            "user_agent": new.client.user_agent,
            "ended_at": None,
        },
    )


def find_session(connection: Connection, secret: str) -> LoggedIn | None:
    """Return the session with this secret, whether or not it still holds; None for another."""
    row = connection.execute(KNOWN, {"hash": hash_of(secret)}).first()
    if row is None:
        return None
    grants = grants_of(connection, [row.id]).get(row.id, ())
    return LoggedIn(_session(row), read_user(row, grants))


def note_use(connection: Connection, session: int, now: datetime) -> None:
    """Note that a page was opened, unless one was within the last minute."""
    ago = now - SEEN_NOTED_EVERY
    connection.execute(USED, {"this": session, "now": now, "a_minute_ago": ago})


def note_confirmed(connection: Connection, session: int, now: datetime) -> None:
    """Note that the user has proved again who they are."""
    this = update(WebSessionRow).where(WebSessionRow.id == session)
    connection.execute(this.values(confirmed_at=now))


def list_sessions(connection: Connection, user: int, now: datetime) -> tuple[WebSession, ...]:
    """List the sessions of a user that hold, the latest used first."""
    theirs = select(*SESSION_COLUMNS).where(WebSessionRow.user_id == user, _may_hold(now))
    rows = connection.execute(theirs.order_by(WebSessionRow.last_seen_at.desc()))
    return tuple(_session(row) for row in rows)


def end_session(connection: Connection, user: int, session: int, now: datetime) -> bool:
    """End one session of a user; False where it is over already, or is none of theirs."""
    this = and_(WebSessionRow.id == session, WebSessionRow.user_id == user)
    return _end(connection, this, now) > 0


def end_sessions(connection: Connection, user: int, now: datetime, but: int = 0) -> int:
    """End every session of a user but one; return how many there were."""
    theirs = and_(WebSessionRow.user_id == user, WebSessionRow.id != but, _may_hold(now))
    return _end(connection, theirs, now)


def end_sessions_by(connection: Connection, user: int, kind: LoginKind, now: datetime) -> int:
    """End every session that a user has begun in this way; return how many there were."""
    theirs = and_(WebSessionRow.user_id == user, WebSessionRow.kind == kind, _may_hold(now))
    return _end(connection, theirs, now)


def purge_sessions(connection: Connection, before: datetime) -> int:
    """Delete sessions that were last used before an instant, longer ago than any holds."""
    old = select(WebSessionRow.id).where(WebSessionRow.last_seen_at < before)
    old = old.order_by(WebSessionRow.last_seen_at).limit(PURGED_AT_ONCE)
    ids = connection.execute(old).scalars().all()
    connection.execute(delete(WebSessionRow).where(WebSessionRow.id.in_(ids)))
    return len(ids)


def delete_sessions(connection: Connection, user: int | None = None) -> int:
    """Delete the sessions of a user, or all there are."""
    gone = delete(WebSessionRow)
    which = gone if user is None else gone.where(WebSessionRow.user_id == user)
    return connection.execute(which).rowcount


def _may_hold(now: datetime) -> Any:
    return and_(
        WebSessionRow.ended_at.is_(None),
        WebSessionRow.last_seen_at > now - IDLE,
        WebSessionRow.created_at > now - LONGEST,
    )


def _end(connection: Connection, which: Any, now: datetime) -> int:
    ended = update(WebSessionRow).where(which, WebSessionRow.ended_at.is_(None))
    return connection.execute(ended.values(ended_at=now)).rowcount


def _session(row: Row[*tuple[Any, ...]]) -> WebSession:
    return WebSession(
        id=row.session_id,
        user=row.session_user_id,
        kind=row.session_kind,
        created_at=row.session_created_at,
        last_seen_at=row.session_last_seen_at,
        confirmed_at=row.session_confirmed_at,
        client=Client(row.session_address, row.session_user_agent),
        ended_at=row.session_ended_at,
    )
