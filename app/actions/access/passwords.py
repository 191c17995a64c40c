"""Passwords set: by their owner, by a link that is used once, or at the terminal of the server."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.actions.access.log_in import password_tries, use_link, user_of_link
from app.actions.access.login_outcomes import (
    LINK_IS_OVER,
    UNCONFIRMED,
    WRONG,
    HalfLogin,
    LoginRefusal,
    LoginRefused,
    NewLogin,
)
from app.actions.access.password_hashes import PASSWORDS, HashingBusy
from app.actions.access.second_factor import begin_login
from app.actions.access.users import UserRefusal, UserRefused, subject_of
from app.domain.access.audit import AuditKind, Author, audit_event
from app.domain.access.login_token import TokenPurpose
from app.domain.access.passwords import check_new_password
from app.domain.access.users import User
from app.domain.access.web_session import Client, LoginKind
from app.store import Database
from app.store.audit import add_audit_event
from app.store.login_tokens import add_login_token, revoke_login_tokens
from app.store.users import lock_user, password_hash_of, save_password_hash
from app.store.web_sessions import LoggedIn, end_sessions, note_confirmed

BYTES: Final = 32
NO_SESSION: Final = 0


def set_password(database: Database, user: User, password: str, by: Author) -> None:
    """Give a user a password; every session of theirs ends, every link stops working.

    MessageError for a password that is too easily guessed.
    """
    hashed = PASSWORDS.make(check_new_password(password, user.email, user.name))
    database.write(lambda connection: _save(connection, user, hashed, by, NO_SESSION))


def make_password_link(database: Database, user: User, by: Author) -> str:
    """Make a link by which a user sets a password; links from before stop working."""
    secret = secrets.token_urlsafe(BYTES)

    def make(connection: Connection) -> None:
        if lock_user(connection, user.id) is None:
            raise UserRefused(UserRefusal.UNKNOWN_USER, email=user.email)
        revoke_login_tokens(connection, user.id, by.at)
        add_login_token(connection, TokenPurpose.PASSWORD_LINK, user.id, secret, by.at)
        event = audit_event(AuditKind.PASSWORD_LINK_MADE, by, subject_of(user), {}, {})
        add_audit_event(connection, event)

    database.write(make)
    return secret


def set_password_by_link(
    database: Database, secret: str, password: str, client: Client, now: datetime
) -> NewLogin | HalfLogin | LoginRefused:
    """Set a password by a link, once, and log in. MessageError for one too easily guessed."""
    owner = user_of_link(database, TokenPurpose.PASSWORD_LINK, secret, now)
    if owner is None:
        return LINK_IS_OVER
    try:
        hashed = PASSWORDS.make(check_new_password(password, owner.email, owner.name))
    except HashingBusy:
        return LoginRefused(LoginRefusal.BUSY)

    def begin(connection: Connection) -> NewLogin | HalfLogin | LoginRefused:
        user = use_link(connection, TokenPurpose.PASSWORD_LINK, secret, now)
        if user is None:
            return LINK_IS_OVER
        _save(connection, user, hashed, Author(user.actor, now, client.address), NO_SESSION)
        return begin_login(connection, user, LoginKind.LINK, client, now)

    return database.write(begin)


def change_password(
    database: Database, logged_in: LoggedIn, password: str, by: Author
) -> LoginRefused | None:
    """Give the user who is logged in another password; their other sessions end.

    None when it is done. Who they are must have been confirmed of late. MessageError for a
    password that is too easily guessed.
    """
    user = logged_in.user
    if not logged_in.session.is_confirmed(by.at):
        return UNCONFIRMED
    try:
        hashed = PASSWORDS.make(check_new_password(password, user.email, user.name))
    except HashingBusy:
        return LoginRefused(LoginRefusal.BUSY)
    database.write(lambda connection: _save(connection, user, hashed, by, logged_in.session.id))
    return None


def confirm_by_password(
    database: Database, logged_in: LoggedIn, password: str, client: Client, now: datetime
) -> LoginRefused | None:
    """Let the user who is logged in prove again who they are; None when they have."""
    user = logged_in.user
    taken = password_tries(user.email, client)
    if again_at := taken.take(database, now):
        return LoginRefused(LoginRefusal.TOO_MANY, again_at)
    with database.read() as connection:
        hashed = password_hash_of(connection, user.id)
    try:
        if not PASSWORDS.fits(hashed, password):
            return WRONG
    except HashingBusy:
        return LoginRefused(LoginRefusal.BUSY)

    def note(connection: Connection) -> None:
        taken.give_back(connection, now)
        note_confirmed(connection, logged_in.session.id, now)

    database.write(note)
    return None


def _save(connection: Connection, user: User, hashed: str, by: Author, but: int) -> None:
    save_password_hash(connection, user.id, hashed)
    revoke_login_tokens(connection, user.id, by.at)
    end_sessions(connection, user.id, by.at, but)
    event = audit_event(AuditKind.PASSWORD_SET, by, subject_of(user), {}, {})
    add_audit_event(connection, event)
