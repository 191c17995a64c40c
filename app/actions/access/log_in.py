"""Logs in by a password, or by a link that was sent by mail.

Who is no user, who is disabled and whose password is wrong are told the same, after the same time.
"""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.access.login_outcomes import (
    LINK_IS_OVER,
    WRONG,
    HalfLogin,
    LoginRefusal,
    LoginRefused,
    NewLogin,
)
from app.actions.access.password_hashes import PASSWORDS, HashingBusy
from app.actions.access.second_factor import begin_login
from app.actions.access.tries import Tries, tries
from app.domain.access.limits import Limited
from app.domain.access.login_token import TokenPurpose
from app.domain.access.users import User
from app.domain.access.web_session import Client, LoginKind
from app.store import Database
from app.store.login_tokens import find_login_token, use_login_token
from app.store.users import (
    find_user,
    find_user_by_email,
    lock_user,
    password_hash_of,
    save_password_hash,
)


def log_in_by_password(
    database: Database, email: str, password: str, client: Client, now: datetime
) -> NewLogin | HalfLogin | LoginRefused:
    """Log in whoever has this address and this password."""
    wanted = email.strip().lower()
    taken = password_tries(wanted, client)
    if again_at := taken.take(database, now):
        return LoginRefused(LoginRefusal.TOO_MANY, again_at)
    with database.read() as connection:
        user = find_user_by_email(connection, wanted)
        hashed = password_hash_of(connection, user.id) if user else None
    try:
        is_right = PASSWORDS.fits(hashed, password)
        renewed = PASSWORDS.renewed(hashed, password) if is_right and hashed else None
    except HashingBusy:
        return LoginRefused(LoginRefusal.BUSY)
    if user is None or user.is_disabled or not is_right:
        return WRONG

    def begin(connection: Connection) -> NewLogin | HalfLogin | LoginRefused:
        now_is = lock_user(connection, user.id)
        if now_is is None or now_is.is_disabled:
            return WRONG
        taken.give_back(connection, now)
        if renewed and password_hash_of(connection, user.id) == hashed:
            save_password_hash(connection, user.id, renewed)
        return begin_login(connection, now_is, LoginKind.PASSWORD, client, now)

    return database.write(begin)


def user_of_link(
    database: Database, purpose: TokenPurpose, secret: str, now: datetime
) -> User | None:
    """Return whom a link would log in, using nothing up; None for one that works no longer.

    Programs that look at the links of every mail must not use them up.
    """
    with database.read() as connection:
        token = find_login_token(connection, purpose, secret)
        user = find_user(connection, token.user) if token and token.holds(now) else None
    return None if user is None or user.is_disabled else user


def log_in_by_link(
    database: Database, secret: str, client: Client, now: datetime
) -> NewLogin | HalfLogin | LoginRefused:
    """Log in whoever was sent this link, once."""
    log_in = partial(_by_link, secret=secret, client=client, now=now)
    return database.write(log_in)


def use_link(
    connection: Connection, purpose: TokenPurpose, secret: str, now: datetime
) -> User | None:
    """Use a link up and return whose it is, locked; None for one that works no longer."""
    token = find_login_token(connection, purpose, secret)
    if token is None or not token.holds(now) or not use_login_token(connection, token, now):
        return None
    user = lock_user(connection, token.user)
    return None if user is None or user.is_disabled else user


def password_tries(email: str, client: Client) -> Tries:
    """Return what limits how often passwords are tried."""
    return tries(
        (Limited.PASSWORD_OF_ACCOUNT, email), (Limited.PASSWORD_FROM_ADDRESS, client.address)
    )


def _by_link(
    connection: Connection, secret: str, client: Client, now: datetime
) -> NewLogin | HalfLogin | LoginRefused:
    user = use_link(connection, TokenPurpose.LOGIN_LINK, secret, now)
    if user is None:
        return LINK_IS_OVER
    return begin_login(connection, user, LoginKind.LINK, client, now)
