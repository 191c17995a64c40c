"""Logs in whoever has a second factor in two halves: the first alone opens nothing.

The half login is a secret of the browser that is used once and soon, and no session.
"""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.actions.access.login_outcomes import (
    HALF_LOGIN_IS_OVER,
    WRONG_CODE,
    HalfLogin,
    LoginRefusal,
    LoginRefused,
    NewLogin,
)
from app.actions.access.sessions import begin_session
from app.actions.access.tries import Tries, tries
from app.actions.access.users import subject_of
from app.domain.access.audit import AuditKind, Author, audit_event
from app.domain.access.authenticator import app_code
from app.domain.access.limits import Limited
from app.domain.access.login_token import LoginToken, TokenPurpose
from app.domain.access.recovery_codes import recovery_code
from app.domain.access.second_factors import SecondFactor
from app.domain.access.users import User
from app.domain.access.web_session import Client, LoginKind
from app.store import Database
from app.store.audit import add_audit_event
from app.store.login_tokens import add_login_token, find_login_token, use_login_token
from app.store.second_factors import (
    find_authenticator,
    second_factors_of,
    use_recovery_code,
    use_step,
)
from app.store.users import find_user, lock_user

BYTES: Final = 32
HALF: Final = TokenPurpose.SECOND_FACTOR


def begin_login(
    connection: Connection, user: User, kind: LoginKind, client: Client, now: datetime
) -> NewLogin | HalfLogin:
    """Log in whoever has proved the first half; ask for the second where they have one."""
    if not second_factors_of(connection, user.id).are_asked_for:
        return NewLogin(user, begin_session(connection, user, kind, client, now))
    secret = secrets.token_urlsafe(BYTES)
    add_login_token(connection, HALF, user.id, secret, now, kind)
    return HalfLogin(user, secret)


def user_of_half_login(database: Database, secret: str, now: datetime) -> User | None:
    """Return who has proved the first half; None for nobody, and where it was too long ago."""
    with database.read() as connection:
        token = find_login_token(connection, HALF, secret)
        user = find_user(connection, token.user) if token and token.holds(now) else None
    return None if user is None or user.is_disabled else user


def log_in_by_code(
    database: Database, secret: str, code: str, client: Client, now: datetime
) -> NewLogin | LoginRefused:
    """Log in whoever has proved the first half and has this code, of an app or from paper."""
    user = user_of_half_login(database, secret, now)
    if user is None:
        return HALF_LOGIN_IS_OVER
    taken = code_tries(user, client)
    if again_at := taken.take(database, now):
        return LoginRefused(LoginRefusal.TOO_MANY, again_at)

    def finish(connection: Connection) -> NewLogin | LoginRefused:
        found = second_half(connection, user, secret, now)
        if found is None:
            return HALF_LOGIN_IS_OVER
        locked, token = found
        factor = _used(connection, locked, code, Author(locked.actor, now, client.address))
        if factor is None:
            return WRONG_CODE
        use_login_token(connection, token, now)
        taken.give_back(connection, now)
        kind = token.login_kind or LoginKind.PASSWORD
        return NewLogin(locked, begin_session(connection, locked, kind, client, now, factor))

    return database.write(finish)


def code_tries(user: User, client: Client) -> Tries:
    """Return what limits how often codes are tried."""
    return tries(
        (Limited.CODE_OF_ACCOUNT, str(user.id)), (Limited.CODE_FROM_ADDRESS, client.address)
    )


def second_half(
    connection: Connection, user: User, secret: str, now: datetime
) -> tuple[User, LoginToken] | None:
    """Return the user, locked, and the half login; None where either is over meanwhile."""
    locked = lock_user(connection, user.id)
    token = find_login_token(connection, HALF, secret)
    if locked is None or locked.is_disabled or token is None or not token.holds(now):
        return None
    return locked, token


def _used(connection: Connection, user: User, code: str, by: Author) -> SecondFactor | None:
    """Use a code up and return what it was of; None for a wrong one."""
    if shown := app_code(code):
        app = find_authenticator(connection, user.id)
        step = app.step_of(shown, by.at) if app and app.is_confirmed else None
        is_right = step is not None and use_step(connection, user.id, step)
        return SecondFactor.AUTHENTICATOR if is_right else None
    kept = recovery_code(code)
    if not kept or not use_recovery_code(connection, user.id, kept):
        return None
    left = second_factors_of(connection, user.id).recovery_codes
    event = audit_event(
        AuditKind.RECOVERY_CODE_USED, by, subject_of(user), {}, {"codes_left": left}
    )
    add_audit_event(connection, event)
    return SecondFactor.RECOVERY_CODE
