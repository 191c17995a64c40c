"""Sessions of the web: begun at a login, found at each page, ended one by one or all at once."""

import secrets
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.access.users import subject_of
from app.domain.access.audit import AuditKind, Author, audit_event
from app.domain.access.second_factors import SecondFactor
from app.domain.access.users import User
from app.domain.access.web_session import Client, LoginKind
from app.store import Database
from app.store.audit import add_audit_event
from app.store.web_sessions import (
    LoggedIn,
    NewSession,
    add_session,
    end_session,
    end_sessions,
    find_session,
    note_use,
)

BYTES: Final = 32


def begin_session(
    connection: Connection,
    user: User,
    kind: LoginKind,
    client: Client,
    now: datetime,
    factor: SecondFactor | None = None,
) -> str:
    """Log a user in and return the secret that their browser keeps: a new one at each login."""
    secret = secrets.token_urlsafe(BYTES)
    add_session(connection, NewSession(user.id, kind, client, now), secret)
    by = Author(user.actor, now, client.address)
    how = {"by": str(kind), **({"second": str(factor)} if factor else {})}
    event = audit_event(AuditKind.LOGGED_IN, by, subject_of(user), {}, how)
    add_audit_event(connection, event)
    return secret


def resume_session(
    database: Database, secret: str, now: datetime, *, is_use: bool = True
) -> LoggedIn | None:
    """Return who is logged in by a secret, as they are now; None for one that holds no more.

    A page that refreshes itself does not extend it: `is_use` is False.
    """
    with database.read() as connection:
        found = find_session(connection, secret)
    if found is None or found.user.is_disabled or not found.session.holds(now):
        return None
    if is_use and found.session.is_use_to_note(now):
        database.write(partial(note_use, session=found.session.id, now=now))
    return found


def log_out(database: Database, logged_in: LoggedIn, now: datetime) -> None:
    """End the session that somebody uses."""
    user, session = logged_in.user.id, logged_in.session.id
    database.write(partial(end_session, user=user, session=session, now=now))


def end_one_session(database: Database, user: User, session: int, by: Author) -> bool:
    """End one session of a user; False where it is over already, or is none of theirs."""

    def end(connection: Connection) -> bool:
        is_ended = end_session(connection, user.id, session, by.at)
        if is_ended:
            _audit(connection, user, 1, by)
        return is_ended

    return database.write(end)


def end_other_sessions(database: Database, user: User, but: int, by: Author) -> int:
    """End every session of a user but one (0: all of them); return how many there were."""

    def end(connection: Connection) -> int:
        count = end_sessions(connection, user.id, by.at, but)
        if count:
            _audit(connection, user, count, by)
        return count

    return database.write(end)


def _audit(connection: Connection, user: User, count: int, by: Author) -> None:
    event = audit_event(AuditKind.SESSIONS_ENDED, by, subject_of(user), {}, {"sessions": count})
    add_audit_event(connection, event)
