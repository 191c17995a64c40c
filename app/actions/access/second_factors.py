"""Second factors added and removed: by their owner, or by somebody else where one was lost."""

import secrets

import pyotp
from sqlalchemy import Connection

from app.actions.access.login_outcomes import WRONG_CODE, LoginRefused
from app.actions.access.users import UserRefusal, UserRefused, subject_of
from app.domain.access.audit import AuditKind, Author, Values, audit_event
from app.domain.access.authenticator import Authenticator, app_code
from app.domain.access.recovery_codes import ALPHABET, HOW_MANY, LETTERS
from app.domain.access.second_factors import SecondFactor
from app.domain.access.users import User
from app.store import Database
from app.store.audit import add_audit_event
from app.store.login_tokens import revoke_login_tokens
from app.store.passkeys import delete_passkeys
from app.store.second_factors import (
    add_authenticator,
    confirm_authenticator,
    delete_authenticator,
    delete_recovery_codes,
    find_authenticator,
    save_recovery_codes,
    second_factors_of,
    use_step,
)
from app.store.users import lock_user
from app.store.web_sessions import end_sessions


def begin_authenticator(database: Database, user: User, by: Author) -> None:
    """Make a secret for an app; it counts once a code of it was right. One that counts stays."""

    def begin(connection: Connection) -> None:
        lock_user(connection, user.id)
        app = find_authenticator(connection, user.id)
        if app is None or not app.is_confirmed:
            made = Authenticator(user.id, pyotp.random_base32())
            add_authenticator(connection, made, by.at)

    database.write(begin)


def finish_authenticator(
    database: Database, user: User, code: str, by: Author
) -> tuple[str, ...] | LoginRefused:
    """Let an app count whose code this is; return recovery codes, shown this once."""

    def finish(connection: Connection) -> tuple[str, ...] | LoginRefused:
        lock_user(connection, user.id)
        app = find_authenticator(connection, user.id)
        step = app.step_of(app_code(code), by.at) if app and not app.is_confirmed else None
        if step is None:
            return WRONG_CODE
        use_step(connection, user.id, step)
        confirm_authenticator(connection, user.id, by.at)
        audit_factor(connection, AuditKind.SECOND_FACTOR_ADDED, user, by, after=_named())
        return new_codes(connection, user, by)

    return database.write(finish)


def renew_recovery_codes(database: Database, user: User, by: Author) -> tuple[str, ...]:
    """Make ten codes, shown this once, instead of those from before; none without a factor."""

    def renew(connection: Connection) -> tuple[str, ...]:
        lock_user(connection, user.id)
        if not second_factors_of(connection, user.id).are_asked_for:
            return ()
        return new_codes(connection, user, by)

    return database.write(renew)


def remove_authenticator(database: Database, user: User, by: Author) -> None:
    """Let a login ask for no code of an app any more; recovery codes go with the last factor."""

    def remove(connection: Connection) -> None:
        lock_user(connection, user.id)
        if not second_factors_of(connection, user.id).has_authenticator:
            return
        delete_authenticator(connection, user.id)
        audit_factor(connection, AuditKind.SECOND_FACTOR_REMOVED, user, by, before=_named())
        if not second_factors_of(connection, user.id).are_asked_for:
            delete_recovery_codes(connection, user.id)

    database.write(remove)


def remove_second_factors(database: Database, user_id: int, by: Author) -> User:
    """Take every second factor from a user who has lost one; they are logged out everywhere."""

    def remove(connection: Connection) -> User:
        user = lock_user(connection, user_id)
        if user is None:
            raise UserRefused(UserRefusal.UNKNOWN_USER, email=str(user_id))
        if not second_factors_of(connection, user.id).are_asked_for:
            raise UserRefused(UserRefusal.NO_SECOND_FACTOR, email=user.email)
        delete_authenticator(connection, user.id)
        delete_passkeys(connection, user.id)
        delete_recovery_codes(connection, user.id)
        end_sessions(connection, user.id, by.at)
        revoke_login_tokens(connection, user.id, by.at)
        audit_factor(connection, AuditKind.SECOND_FACTOR_REMOVED, user, by)
        return user

    return database.write(remove)


def new_codes(connection: Connection, user: User, by: Author) -> tuple[str, ...]:
    """Make ten recovery codes; those from before count no more."""
    codes = tuple(
        "".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(HOW_MANY)
    )
    save_recovery_codes(connection, user.id, codes, by.at)
    audit_factor(connection, AuditKind.RECOVERY_CODES_MADE, user, by)
    return codes


def _named() -> Values:
    return {"second": str(SecondFactor.AUTHENTICATOR)}


def audit_factor(
    connection: Connection,
    kind: AuditKind,
    user: User,
    by: Author,
    *,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Note in the audit trail what became of a second factor."""
    add_audit_event(connection, audit_event(kind, by, subject_of(user), before or {}, after or {}))
