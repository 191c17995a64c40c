"""Logs in whoever an organisation's own login names, once an administrator has said who that is."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.access.login_outcomes import NewLogin
from app.actions.access.sessions import begin_session
from app.actions.access.users import UserRefusal, UserRefused, subject_of
from app.domain.access.audit import AuditKind, Author, Values, audit_event
from app.domain.access.identities import Identity, OpenIdProblem, is_only_of
from app.domain.access.users import User
from app.domain.access.web_session import Client, LoginKind
from app.store import Database
from app.store.audit import add_audit_event
from app.store.identities import add_identity, list_identities, remove_identity, user_of_identity
from app.store.users import lock_user
from app.store.web_sessions import end_sessions


def log_in_by_identity(
    database: Database,
    identity: Identity,
    customers: Collection[str],
    client: Client,
    now: datetime,
) -> NewLogin | OpenIdProblem:
    """Log in whoever this is here. A second factor is the organisation's business.

    `customers` are those whose login it is, none for one of the desk's: it opens nothing of others,
    also where somebody has got another role since they chose it.
    """

    def begin(connection: Connection) -> NewLogin | OpenIdProblem:
        user_id = user_of_identity(connection, identity)
        user = lock_user(connection, user_id) if user_id is not None else None
        if user is None:
            return OpenIdProblem.UNKNOWN
        if user.is_disabled:
            return OpenIdProblem.DISABLED
        if customers and not is_only_of(user, customers):
            return OpenIdProblem.BEYOND
        secret = begin_session(connection, user, LoginKind.OPENID, client, now)
        return NewLogin(user, secret)

    return database.write(begin)


def link_identity(database: Database, user: User, identity: Identity, by: Author) -> None:
    """Let a user log in as this identity; UserRefused where it is another's."""

    def link(connection: Connection) -> None:
        locked = lock_user(connection, user.id)
        if locked is None:
            raise UserRefused(UserRefusal.UNKNOWN_USER, email=user.email)
        if add_identity(connection, user.id, identity, by.at):
            _audit(connection, AuditKind.IDENTITY_LINKED, locked, by, {}, _values(identity))
        elif user_of_identity(connection, identity) != user.id:
            raise UserRefused(UserRefusal.IDENTITY_TAKEN, subject=identity.subject)

    database.write(link)


def unlink_provider(database: Database, user: User, provider: str, by: Author) -> None:
    """Let a user log in by this organisation no more; twice at once is once."""

    def unlink(connection: Connection) -> None:
        lock_user(connection, user.id)
        for each in list_identities(connection, user.id):
            if each.provider == provider:
                _unlink(connection, user, each, by)

    database.write(unlink)


def unlink_identity(database: Database, user: User, identity: Identity, by: Author) -> None:
    """Let a user log in as this identity no more; they are logged out everywhere."""
    database.write(partial(_unlink, user=user, identity=identity, by=by))


def _unlink(connection: Connection, user: User, identity: Identity, by: Author) -> None:
    if not remove_identity(connection, user.id, identity):
        raise UserRefused(UserRefusal.UNKNOWN_IDENTITY, subject=identity.subject)
    end_sessions(connection, user.id, by.at)
    _audit(connection, AuditKind.IDENTITY_UNLINKED, user, by, _values(identity), {})


def _values(identity: Identity) -> Values:
    return {"provider": identity.provider, "subject": identity.subject}


def _audit(
    connection: Connection,
    kind: AuditKind,
    user: User,
    by: Author,
    before: Values,
    after: Values,
) -> None:
    add_audit_event(connection, audit_event(kind, by, subject_of(user), before, after))
